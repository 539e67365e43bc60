/** Workflows that trusted folders bring: what names mean where, and what is refused. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { nearestProject } from '../../src-main/contract/project.ts';
import type { WorkflowLibrary } from '../../src-main/core/ports.ts';
import { createWorkflowLibrary } from '../../src-main/workflows/workflow-library.ts';
import { writeProject } from '../support/project-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const workflow = (name: string, agent = 'shared') =>
  `name: ${name}\nstages:\n  build: { agent: ${agent}, prompt: Build }\n`;

let folder = '';
let project = '';
let other = '';
let library: WorkflowLibrary;

beforeEach(() => {
  folder = temporaryFolder();
  project = join(folder, 'project');
  other = join(folder, 'other');
  for (const name of ['bundled', 'data/workflows', 'project/src', 'other']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  const trusted = [project, other];
  library = createWorkflowLibrary({
    bundledFolder: join(folder, 'bundled'),
    dataFolder: join(folder, 'data'),
    projects: { trusted: () => trusted, projectOf: (path) => nearestProject(path, trusted) },
    agentTypes: (of) => (of === project ? ['shared', 'own'] : ['shared']),
  });
  writeFileSync(join(folder, 'bundled', 'app.yaml'), workflow('app'));
  writeFileSync(join(folder, 'data/workflows', 'mine.yaml'), workflow('mine'));
});

async function listed(within?: string): Promise<unknown[]> {
  return (await library.list(within)).map(({ summary }) => [summary.name, summary.origin, summary.project]);
}

test('names mean those of the project first, in its folder only; all are listed where none is asked for', async () => {
  writeProject(project, { 'workflows/app.yaml': workflow('app', 'own'), 'workflows/extra.yml': workflow('extra') });
  writeProject(other, { 'workflows/app.yaml': workflow('app') });
  expect(await listed(join(project, 'src'))).toEqual([
    ['app', 'project', project],
    ['extra', 'project', project],
    ['mine', 'user', null],
  ]);
  expect(await listed('/elsewhere')).toEqual([
    ['app', 'bundled', null],
    ['mine', 'user', null],
  ]);
  expect(await listed()).toEqual([
    ['app', 'bundled', null],
    ['mine', 'user', null],
    ['app', 'project', project],
    ['extra', 'project', project],
    ['app', 'project', other],
  ]);
  expect((await library.find('app', project))?.summary).toMatchObject({ origin: 'project', problems: [] });
  expect((await library.find('app'))?.summary.origin).toBe('bundled');
  expect(await library.find('extra')).toBeNull();
});

test('a path of a trusted project is its workflow, and any other is a file', async () => {
  writeProject(project, { 'workflows/app.yaml': workflow('app', 'own') });
  const path = join(project, '.signalbox/workflows/app.yaml');
  expect(await library.find(path)).toMatchObject({
    summary: { origin: 'project', project, problems: [] },
    version: { origin: 'project' },
  });
  expect(await library.find(join(project, '.signalbox/workflows/none.yaml'))).toBeNull();
  const elsewhere = join(folder, 'data', 'workflows', 'mine.yaml');
  expect((await library.find(elsewhere))?.summary).toMatchObject({ origin: 'file', project: null });
});

test('stages may ask for the agents of the project that the work is in, and for no others', async () => {
  const source = workflow('sample', 'own');
  const unknown = [expect.objectContaining({ message: expect.stringContaining('own') })];
  expect((await library.check(source, join(project, 'src'))).problems).toEqual([]);
  expect((await library.check(source, other)).problems).toEqual(unknown);
  expect((await library.check(source)).problems).toEqual(unknown);
  const path = join(folder, 'sample.yaml');
  writeFileSync(path, source);
  expect((await library.find(path, project))?.summary.problems).toEqual([]);
  expect((await library.find(path))?.summary.problems).toEqual(unknown);
  writeProject(other, { 'workflows/sample.yaml': source });
  expect((await library.inProject(other, []))[0]?.summary.problems).toEqual(unknown);
  expect((await library.inProject(other, ['own']))[0]?.summary.problems).toEqual([]);
});

test('a broken file, and a link that leads out, stand in the way of others of the same name and say why', async () => {
  writeFileSync(join(folder, 'app.yaml'), workflow('app'));
  writeProject(project, { 'workflows/mine.yaml': 'name: mine\nstages: {}\n' });
  symlinkSync(join(folder, 'app.yaml'), join(project, '.signalbox/workflows/app.yaml'));
  const found = await library.list(project);
  expect(found.map(({ summary, version }) => [summary.name, summary.origin, version])).toEqual([
    ['app', 'project', null],
    ['mine', 'project', null],
  ]);
  const message = expect.stringContaining('leads out of the project');
  expect(found[0]).toMatchObject({ source: '', summary: { problems: [{ message }] } });
  const byPath = await library.find(join(project, '.signalbox/workflows/app.yaml'));
  expect(byPath).toMatchObject({ version: null, summary: { problems: [{ message }] } });
});

test("the user's own are saved and deleted as before, whatever projects bring", async () => {
  writeProject(project, { 'workflows/saved.yaml': workflow('saved', 'own') });
  const saved = await library.save({ name: 'saved', source: workflow('saved'), replaces: null });
  expect(saved).toMatchObject({ ok: true, value: { summary: { origin: 'user', project: null } } });
  expect((await library.save({ name: 'next', source: workflow('next', 'own'), replaces: null })).ok).toBe(false);
  expect((await library.find('saved', project))?.summary.origin).toBe('project');
  const unknown = createWorkflowLibrary({ bundledFolder: join(folder, 'bundled'), dataFolder: folder });
  expect((await unknown.inProject(project, []))[0]?.summary.problems).toEqual([]);
});
