/** `signalbox projects`, and what a terminal in a project's folder means by names. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { refuse } from '../../src-main/contract/errors.ts';
import { ok } from '../../src-main/contract/result.ts';
import { writeProject } from '../support/project-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createFakeCli } from './fake-context.ts';

const fault = { severity: 'error' as const, message: 'is wrong', line: 2, column: 3, path: 'type' };
const workflow = {
  name: 'review',
  title: 'Review\u001b[2J it',
  description: '',
  origin: 'project' as const,
  path: '/app/.signalbox/workflows/review.yaml',
  project: '/app',
  stages: 1,
  problems: [{ ...fault, severity: 'warning' as const }],
};
const view = {
  folder: '/app',
  name: 'app',
  trusted: true,
  isThere: true,
  workflows: [workflow],
  agents: [{ id: 'reviewer', title: 'Reviewer', type: 'reviewer', command: ['/app/review', '--fast'] }],
  settings: { restart: { maxInterruptions: 2 } },
  problems: [],
};

/** A project on the disk, with a folder in it. */
function repository() {
  const folder = temporaryFolder();
  writeProject(folder, {});
  const inside = join(folder, 'inside');
  mkdirSync(inside);
  return { folder, inside };
}

describe('R74 projects', () => {
  test('are listed with what they bring, the faulty and the absent ones marked', async () => {
    const faulty = { ...view, folder: '/b', name: 'b', isThere: false, problems: [{ path: '/b/x', problem: fault }] };
    const cli = createFakeCli({ handlers: { listProjects: () => ok({ projects: [view, faulty] }) as never } });
    expect(await cli.run('projects')).toBe(0);
    expect(cli.lines()[1]).toMatch(/^✓ +app +1 +1 +\/app$/);
    expect(cli.lines()[2]).toMatch(/^✗ +b +1 +1 +\/b \(not there now\)$/);
    const none = createFakeCli({ handlers: { listProjects: () => ok({ projects: [] }) } });
    await none.run('projects', 'list');
    expect(none.printed.out).toContain('No project is trusted');
  });

  test('one is shown with its programs, settings and faults, without what a terminal would obey', async () => {
    const asked: unknown[] = [];
    const handlers = {
      inspectProject: (input: unknown) => {
        asked.push(input);
        return ok({ ...view, trusted: false, problems: [{ path: '/app/.signalbox/a.json', problem: fault }] }) as never;
      },
    };
    const cli = createFakeCli({ handlers, cwd: '/' });
    expect(await cli.run('projects', 'show', 'app')).toBe(2);
    expect(asked).toEqual([{ folder: '/app' }]);
    for (const words of [
      'not trusted',
      'signalbox projects trust /app',
      'reviewer (reviewer): /app/review --fast',
      '{"restart":{"maxInterruptions":2}}',
      '/app/.signalbox/a.json:2:3: ✗ error: is wrong',
      'review.yaml:2:3: ◆ warning: is wrong',
    ])
      expect(cli.printed.out).toContain(words);
    expect(cli.printed.out).not.toContain('\u001b[2J');
    const bare = createFakeCli({
      handlers: { inspectProject: () => ok({ ...view, isThere: false, settings: null }) as never },
    });
    expect(await bare.run('projects', 'show', '/app')).toBe(0);
    expect(bare.printed.out).toContain('no .signalbox folder now');
    expect(bare.printed.out).not.toContain('settings');
  });

  test('are trusted and forgotten where the command is given, unless a folder is named', async () => {
    const { folder, inside } = repository();
    const asked: unknown[] = [];
    const handlers = {
      trustProject: (input: unknown) => {
        asked.push(input);
        return ok(view) as never;
      },
      forgetProject: (input: unknown) => {
        asked.push(input);
        return ok({});
      },
    };
    const cli = createFakeCli({ handlers, cwd: inside });
    expect(await cli.run('projects', 'trust')).toBe(0);
    expect(await cli.run('projects', 'forget')).toBe(0);
    expect(await cli.run('projects', 'forget', '..', '--reason', 'moved')).toBe(0);
    expect(asked).toEqual([{ folder }, { folder, reason: 'forgotten in a terminal' }, { folder, reason: 'moved' }]);
    expect(cli.printed.out).toContain(`${folder} is not trusted any more`);
  });
});

describe('a workflow that is named in a project', () => {
  function cliIn(cwd: string, trusted: boolean) {
    const plans: unknown[] = [];
    const looked: unknown[] = [];
    const handlers = {
      inspectProject: () => ok({ ...view, trusted }) as never,
      listWorkflows: (input: unknown) => {
        looked.push(input);
        return ok({ workflows: [workflow] });
      },
      getWorkflow: (input: unknown) => {
        looked.push(input);
        return ok({ ...workflow, project: trusted ? '/app' : null, source: '', definition: null }) as never;
      },
      planRun: (input: unknown) => {
        plans.push(input);
        return ok({ stages: [], refusal: null });
      },
    };
    return { cli: createFakeCli({ handlers, cwd }), plans, looked };
  }

  test('is that of the project, and works there; names of others are asked for without a folder', async () => {
    const { inside } = repository();
    const { cli, plans, looked } = cliIn(inside, true);
    await cli.run('run', 'review', '--dry-run');
    await cli.run('run', 'review', '--dry-run', '--folder', 'deeper');
    await cli.run('workflows');
    expect(plans).toMatchObject([{ folder: '/app' }, { folder: join(inside, 'deeper') }]);
    expect(looked.slice(0, 2)).toMatchObject([{ folder: inside }, { folder: join(inside, 'deeper') }]);
    expect(looked.at(-1)).toEqual({ folder: inside });
    expect(cli.printed.err).toBe('');
    const outside = cliIn(temporaryFolder(), true);
    await outside.cli.run('workflows');
    expect(outside.looked).toEqual([{}]);
  });

  test('that nobody trusts comes with one hint on standard error', async () => {
    const { inside } = repository();
    const { cli, plans } = cliIn(inside, false);
    await cli.run('run', 'review', '--dry-run');
    expect(cli.printed.err.match(/nobody trusts/g)).toHaveLength(1);
    expect(plans).toEqual([{ workflow: 'review', inputs: {} }]);
    await cli.run('workflows');
    expect(cli.printed.err.match(/nobody trusts/g)).toHaveLength(2);
  });

  test('that is unknown is refused by the engine alone, which knows the way', async () => {
    const { inside } = repository();
    const handlers = { getWorkflow: () => refuse('notFound', 'There is no workflow x.', 'Trust it.') };
    const cli = createFakeCli({ handlers, cwd: inside });
    expect(await cli.run('run', 'x')).toBe(2);
    expect(cli.printed.err).not.toContain('nobody trusts');
  });
});
