import { describe, expect, it } from 'vitest';
import type { ProjectView } from '../../../src-main/contract/api-projects.ts';
import { projectSettingsSchema } from '../../../src-main/contract/project.ts';
import { apiKeyPath, exampleCall } from '../../../src-renderer/features/settings/local-api.ts';
import {
  broughtWords,
  commandWords,
  overridesOf,
  projectState,
} from '../../../src-renderer/features/settings/project-words.ts';

const project: ProjectView = {
  folder: '/work/shop',
  name: 'shop',
  trusted: true,
  isThere: true,
  workflows: [],
  agents: [],
  settings: null,
  problems: [],
};
const agent = { id: 'linter', title: 'Linter', type: 'linter', command: ['lint'] } as ProjectView['agents'][number];

describe('R70 what a project says otherwise', () => {
  it('is told in the words of the settings, with their units', () => {
    const settings = projectSettingsSchema.parse({
      watchdog: { agents: { silentMs: 0 }, commands: { silentMs: 120_000, stepMs: 1_000, upTo: 'restart' } },
      restart: { maxInterruptions: 2 },
      permissions: { expireAfterMs: 3_600_000 },
      notifications: { reasons: { finished: false, needsYou: true } },
    });
    expect(overridesOf(settings)).toEqual([
      ['Agents are stuck after', 'Never'],
      ['Commands are stuck after', '2 min 00 s'],
      ['Commands: time for each step', '1.0 s'],
      ['Commands: at most', 'End it and try again'],
      ['Interruptions of a task', '2'],
      ['Withdraw a question after', '1 h 00 min'],
      ['Tell: something needs you', 'Yes'],
      ['Tell: work is done', 'No'],
    ]);
    expect(overridesOf({})).toEqual([]);
  });
});

describe('R70 a project', () => {
  it('is told with what it brings', () => {
    expect(broughtWords(project)).toBe('nothing');
    const full = { ...project, agents: [agent], settings: { restart: { maxInterruptions: 1 } } };
    expect(broughtWords(full)).toBe('1 agent, 1 setting');
  });

  it('shows that its folder is gone, or how many faults its files have', () => {
    const problem = { severity: 'error' as const, message: 'no', line: 1, column: 1, path: '' };
    expect(projectState(project).words).toBe('In use');
    expect(projectState({ ...project, isThere: false }).words).toBe('Not there');
    const warned = { ...project, problems: [{ path: 'a', problem: { ...problem, severity: 'warning' as const } }] };
    expect(projectState(warned).words).toBe('In use');
    expect(projectState({ ...project, problems: [{ path: 'a', problem }] })).toMatchObject({
      words: '1 error',
      tone: 'failed',
    });
  });

  it('shows its programs so that each argument can be told from the next', () => {
    expect(commandWords(['node', 'a.mjs', '--fix all', ''])).toBe('node a.mjs "--fix all" ""');
  });
});

describe('R70 the key of the local API', () => {
  it('is named by its file, on every system', () => {
    expect(apiKeyPath('/data')).toBe('/data/api-token');
    expect(apiKeyPath('/')).toBe('/api-token');
    expect(apiKeyPath('C:\\Data')).toBe('C:\\Data\\api-token');
  });

  it('is read in the example as one word, whatever its path', () => {
    expect(exampleCall('/data/api-token', 'http://127.0.0.1:1')).toContain('$(cat /data/api-token)');
    expect(exampleCall("/it's mine/api-token", 'http://127.0.0.1:1')).toContain("$(cat '/it'\\''s mine/api-token')");
  });
});
