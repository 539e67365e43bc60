/** What is read of the `.signalbox` folders of projects, whatever stands there. */
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { projectSettingsSchema } from '../../src-main/contract/project.ts';
import { ProjectFolders } from '../../src-main/projects/project-folders.ts';
import { projectAgent, writeProject } from '../support/project-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let root = '';
let folder = '';
let settings: { projects: string[] };
let projects: ProjectFolders;

beforeEach(async () => {
  root = temporaryFolder();
  folder = join(root, 'app');
  mkdirSync(folder);
  settings = { projects: [folder] };
  projects = new ProjectFolders(settings);
  await projects.settle();
});

/** The problems of a project, as `file: message`. */
async function problems(): Promise<readonly string[]> {
  const read = await projects.read(folder);
  return read.problems.map(({ path, problem }) => `${path.slice(folder.length + 12)}: ${problem.message}`);
}

describe('which project a folder lies in', () => {
  it('is the nearest that is trusted; links are followed once, where work is created', async () => {
    const inner = join(folder, 'inner');
    mkdirSync(join(inner, 'src'), { recursive: true });
    const link = join(root, 'link');
    symlinkSync(inner, link);
    settings.projects = [folder, inner];
    await projects.settle();
    expect(projects.projectOf(join(inner, 'src'))).toBe(inner);
    expect(projects.projectOf(folder)).toBe(folder);
    expect(projects.projectOf(root)).toBeNull();
    expect(projects.projectOf(link)).toBeNull();
    expect(await projects.place(link)).toBe(inner);
    expect(await projects.place(root)).toBe(root);
    expect(await projects.place(join(folder, 'missing'))).toBe(join(folder, 'missing'));
  });

  it('follows a link that leads out of it, so that nothing outside counts as inside', async () => {
    symlinkSync(root, join(folder, 'out'));
    expect(await projects.place(join(folder, 'out'))).toBe(root);
  });

  it('needs no look at a disk where nobody trusts a folder', async () => {
    settings.projects = [];
    expect(await projects.place('/a/../b')).toBe('/a/../b');
  });

  it('knows a folder that the settings name by a link, once; before that it goes by the name', async () => {
    const link = join(root, 'link');
    symlinkSync(folder, link);
    settings.projects = [link, folder, join(root, 'missing'), 'relative'];
    expect(projects.trusted()).toEqual(settings.projects);
    await projects.settle();
    expect(projects.trusted()).toEqual([folder, join(root, 'missing')]);
    expect(await projects.realFolder('relative')).toBeNull();
    writeFileSync(join(root, 'file'), '');
    expect(await projects.realFolder(join(root, 'file'))).toBeNull();
  });
});

describe('the folder around that nobody trusts', () => {
  it('is the nearest one with a .signalbox folder; a trusted one ends the search', async () => {
    const other = join(root, 'other');
    writeProject(other, {});
    mkdirSync(join(other, 'src'));
    writeProject(root, {});
    expect(await projects.untrustedAround(join(other, 'src'))).toBe(other);
    expect(await projects.untrustedAround(join(folder))).toBeNull();
    expect(await projects.untrustedAround(join(root, 'missing'))).toBeNull();
    rmSync(join(other, '.signalbox'), { recursive: true });
    rmSync(join(root, '.signalbox'), { recursive: true });
    writeFileSync(join(other, '.signalbox'), 'not a folder');
    if (!existsSync('/.signalbox') && !existsSync('/tmp/.signalbox')) {
      expect(await projects.untrustedAround(other)).toBeNull();
    }
  });
});

describe('an agent of a project', () => {
  test('is what its file says, with what the window proposes for the rest; the file is its name', async () => {
    writeProject(folder, {
      'agents/reviewer.yaml': 'type: reviewer\ncommand: [./tools/review, --fast]\n',
      'agents/own-title.json': { id: 'own-title', title: 'Titled', type: 'x', protocol: 'shell', $schema: 's' },
      'agents/notes.txt': 'no agent',
      'agents/.hidden.json': '{',
    });
    const { agents, problems: found } = await projects.read(folder);
    expect(found).toEqual([]);
    expect(agents.map(({ definition }) => definition)).toEqual([
      expect.objectContaining({ id: 'own-title', title: 'Titled', protocol: 'shell', command: [] }),
      {
        id: 'reviewer',
        title: 'reviewer',
        type: 'reviewer',
        protocol: 'acp',
        command: [join(folder, 'tools/review'), '--fast'],
        env: {},
        capabilities: [],
        repositories: [],
        slots: 1,
        startTimeoutMs: 60_000,
        idleStopMs: 300_000,
        permissions: 'ask',
        builtin: false,
        project: folder,
      },
    ]);
  });

  test.each([
    ['a.json', '{ "type": "x" }', 'command must name a program'],
    ['a.json', '{ "type": "x", }', 'The file stops being JSON here'],
    ['a.json', '[]', 'The file must be an object'],
    ['a.yaml', 'type: [', 'Flow sequence'],
    ['a.yaml', 'type: Xx\ncommand: [x]', 'type must be lower-case'],
    ['a.json', '{ "type": "x", "command": ["x"], "builtin": true }', 'builtin'],
    ['a.json', '{ "type": "x", "command": ["x"], "project": "/other" }', 'project'],
    ['a.json', '{ "type": "x", "command": ["x"], "nope": 1 }', 'nope is not known'],
    ['a.json', '{ "id": "b", "type": "x", "command": ["x"] }', 'must be the name of the file: a'],
    ['a.json', '{ "type": "x", "command": ["../../x"] }', 'outside of the project'],
    ['a.json', '{ "type": "x", "command": ["x"], "env": { "API_KEY": "0123456789abcdef" } }', 'looks like a secret'],
    ['Bad Name.json', '{ "type": "x", "command": ["x"] }', 'id must be lower-case'],
  ])('%s with %s is a fault that is named', async (name, text, message) => {
    writeProject(folder, { [`agents/${name}`]: text });
    expect(await problems()).toEqual([expect.stringContaining(message)]);
    const { agents, faultyAgents } = await projects.read(folder);
    expect(agents).toEqual([]);
    expect(faultyAgents).toEqual(name.startsWith('a.') ? ['a'] : []);
  });

  test('of which there are two files is the first of them', async () => {
    writeProject(folder, { 'agents/a.json': projectAgent('x'), 'agents/a.yaml': 'type: y\ncommand: [y]' });
    expect((await projects.read(folder)).agents.map(({ definition }) => definition.type)).toEqual(['x']);
    expect(await problems()).toEqual(['agents/a.yaml: Another file is named a as well; this one is not used']);
  });

  test('is not read when it is too large, no file, or a link that leads out; more than fifty are left out', async () => {
    writeProject(folder, { 'agents/big.json': ' '.repeat(1_000_001) });
    mkdirSync(join(folder, '.signalbox/agents/folder.json'));
    writeFileSync(join(root, 'secret.json'), JSON.stringify(projectAgent('x')));
    symlinkSync(join(root, 'secret.json'), join(folder, '.signalbox/agents/leads-out.json'));
    symlinkSync(join(root, 'nowhere.json'), join(folder, '.signalbox/agents/nowhere.json'));
    expect(await problems()).toEqual([
      expect.stringContaining('larger than'),
      'agents/folder.json: This is not a file',
      expect.stringContaining('leads out of the project'),
      'agents/nowhere.json: The file is not there any more',
    ]);
    for (let index = 0; index < 60; index += 1) writeProject(folder, { [`agents/a${index}.json`]: projectAgent('x') });
    expect(await problems()).toContain('agents: 14 of 64 files are not used: the first 50 by name are');
    expect((await projects.read(folder)).agents).toHaveLength(50);
  });

  test('is not looked for where the folder of agents leads out of the project', async () => {
    mkdirSync(join(root, 'outside'));
    writeFileSync(join(root, 'outside', 'a.json'), JSON.stringify(projectAgent('x')));
    writeProject(folder, {});
    symlinkSync(join(root, 'outside'), join(folder, '.signalbox', 'agents'));
    expect((await projects.read(folder)).agents).toEqual([]);
    expect(await problems()).toEqual([expect.stringContaining('leads out of the project')]);
  });
});

describe('the settings of a project', () => {
  it('hold as they were last read without faults, until the file is gone or nobody trusts the folder', async () => {
    writeProject(folder, { 'settings.json': '\uFEFF{ "permissions": { "expireAfterMs": 5 } }' });
    await projects.read(folder);
    expect(projects.settingsOf(folder)).toEqual({ permissions: { expireAfterMs: 5 } });
    writeProject(folder, { 'settings.json': '{ "permissions": {\n  "expireAfterMs": -1 } }' });
    expect(await projects.read(folder)).toMatchObject({
      settings: null,
      problems: [{ problem: { line: 2, column: 20, path: 'permissions.expireAfterMs' } }],
    });
    expect(projects.settingsOf(folder)).toEqual({ permissions: { expireAfterMs: 5 } });
    rmSync(join(folder, '.signalbox', 'settings.json'));
    await projects.read(folder);
    expect(projects.settingsOf(folder)).toEqual({});
    writeProject(folder, { 'settings.json': '{ "restart": { "maxInterruptions": 2 } }' });
    await projects.read(folder);
    settings.projects = [];
    expect(projects.settingsOf(folder)).toEqual({});
    await projects.settle();
    settings.projects = [folder];
    await projects.settle();
    expect(projects.settingsOf(folder)).toEqual({});
    expect(projects.settingsOf(undefined)).toEqual({});
  });

  it('are not kept of a folder that nobody trusts, and not read through a link that leads out', async () => {
    const other = join(root, 'other');
    writeProject(other, { 'settings.json': '{ "restart": { "maxInterruptions": 2 } }' });
    expect((await projects.read(other)).settings).toEqual({ restart: { maxInterruptions: 2 } });
    expect(projects.settingsOf(other)).toEqual({});
    writeProject(folder, {});
    symlinkSync(join(other, '.signalbox', 'settings.json'), join(folder, '.signalbox', 'settings.json'));
    expect(await problems()).toEqual([expect.stringContaining('leads out of the project')]);
  });

  it('R41 are what the schema allows, or are refused with a line and a column, whatever the file holds', async () => {
    const anything = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record({
          watchdog: fc.record({ agents: fc.dictionary(fc.constantFrom('silentMs', 'upTo', 'x'), fc.jsonValue()) }),
        })
        .map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (text) => {
        writeProject(folder, { 'settings.json': text });
        const { settings: found, problems: wrong } = await projects.read(folder);
        expect(wrong.length === 0).toBe(found !== null);
        if (found !== null) expect(projectSettingsSchema.parse(found)).toEqual(found);
        for (const { problem } of wrong) expect(Math.min(problem.line, problem.column)).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 150 },
    );
  });
});
