import { describe, expect, test } from 'vitest';
import { routeOfArguments, routeOfLink } from '../../src-main/shell/deep-link.ts';

const runId = 'run_01m1a2b3c4d5e6f7g8h9jkmnpq';

describe('a link from elsewhere', () => {
  test.each([
    [`signalbox://run/${runId}`, `/runs/${runId}`],
    [`signalbox://run/${runId}/`, `/runs/${runId}`],
    ['signalbox://task/task_01m1a2b3c4d5e6f7g8h9jkmnpq', '/tasks/task_01m1a2b3c4d5e6f7g8h9jkmnpq'],
    ['signalbox://agent/my-agent', '/agents/my-agent'],
    ['signalbox://workflow/fix_it-now', '/workflows/fix_it-now'],
    ['signalbox://inbox', '/inbox'],
    ['signalbox://inbox/', '/inbox'],
    ['signalbox://schedules', '/schedules'],
    ['signalbox://overview', '/'],
  ])('%s leads to %s', (link, route) => {
    expect(routeOfLink(link)).toBe(route);
  });

  test.each([
    'signalbox://',
    'signalbox://run',
    'signalbox://run/1',
    'signalbox://run/../../x',
    `signalbox://run/${runId}?x=1`,
    `signalbox://task/${runId}`,
    'signalbox://agent/-x',
    'signalbox://agent',
    'signalbox://workflow/../x',
    `signalbox://workflow/${'a'.repeat(65)}`,
    'signalbox://constructor/constructor',
    `signalbox://run/${runId}#/settings`,
    `signalbox://inbox/${runId}`,
    'signalbox://constructor',
    'signalbox://inbox<script>',
    'SIGNALBOX://inbox',
    'https://inbox',
    'javascript:alert(1)',
    `signalbox://${'a'.repeat(10_000)}`,
  ])('%s leads nowhere', (link) => {
    expect(routeOfLink(link)).toBeNull();
  });

  test('is found among the words of a command line, wherever it stands', () => {
    expect(routeOfArguments(['/usr/bin/signalbox', '--flag', 'signalbox://queue'])).toBe('/queue');
    expect(routeOfArguments(['/usr/bin/signalbox', 'signalbox://nowhere'])).toBeNull();
    expect(routeOfArguments(['/usr/bin/signalbox'])).toBeNull();
  });
});
