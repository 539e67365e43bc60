/** What a trusted folder brings to the core: its agents come and go with its files, and nothing else changes. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ApiError } from '../../src-main/contract/errors.ts';
import { err } from '../../src-main/contract/result.ts';
import { ProjectFolders } from '../../src-main/projects/project-folders.ts';
import type { Engine, EngineOptions } from '../support/engine.ts';
import { openEngine, sample } from '../support/engine.ts';
import { noProjects } from '../support/no-projects.ts';
import { projectAgent, writeProject } from '../support/project-files.ts';
import { agentDefinition, stageSpec } from '../support/samples.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { notYet, until } from '../support/until.ts';

const prompt = { kind: 'prompt' as const, prompt: 'do it', config: {} };
const reason = 'because';

function openWithProjects(options: EngineOptions = {}): Promise<Engine> {
  return openEngine({ projects: (settings) => new ProjectFolders(settings), ...options });
}

let whenRead = () => {};

/** Tells the test when one of them was read. */
class HeardProjects extends ProjectFolders {
  override async read(folder: string) {
    const read = await super.read(folder);
    whenRead();
    return read;
  }
}

/** A trusted project with an agent of a type, in an engine. */
async function trusting(files: Readonly<Record<string, unknown>> = {}, options: EngineOptions = {}) {
  const folder = temporaryFolder();
  writeProject(folder, { 'agents/helper.json': projectAgent('helper'), ...files });
  const engine = await openWithProjects(options);
  const view = await engine.call('trustProject', { folder });
  return { engine, folder, view };
}

function idsOf(engine: Engine): readonly string[] {
  return engine.store.reads.agents().map(({ id }) => id);
}

function troubles(engine: Engine): readonly string[] {
  return engine.parts.troubles().map(({ message }) => message);
}

/** A task in a folder for the agents of a type. */
function taskIn(folder: string, type = 'helper') {
  return { tasks: [{ agent: { type }, work: prompt, folder }] };
}

describe('trusting a folder', () => {
  it('registers its agents, is kept in the settings, and is the same when it is done again', async () => {
    const { engine, folder, view } = await trusting();
    expect(view).toMatchObject({ folder, trusted: true, agents: [{ id: 'helper', type: 'helper' }], problems: [] });
    expect(engine.store.reads.row('agent', 'helper')).toMatchObject({ definition: { project: folder } });
    await engine.call('trustProject', { folder: join(folder, '.signalbox', '..') });
    expect(engine.settings.inForce.projects).toEqual([folder]);
    expect(engine.events('agent.registered').filter(({ agentId }) => agentId === 'helper')).toHaveLength(1);
  });

  it('is refused for a folder that is not there, or has nothing to trust', async () => {
    const engine = await openWithProjects();
    const folder = temporaryFolder();
    for (const path of [join(folder, 'missing'), 'relative']) {
      expect(await engine.attempt('trustProject', { folder: path })).toMatchObject({
        error: { type: 'invalidInput', message: `There is no folder ${path} that this user may read.` },
      });
      expect((await engine.attempt('inspectProject', { folder: path })).ok).toBe(false);
    }
    expect(await engine.attempt('trustProject', { folder })).toMatchObject({
      error: { message: `${folder} has no .signalbox folder, so there is nothing to trust.` },
    });
    expect(await engine.call('inspectProject', { folder: '/' })).toMatchObject({ name: '/', isThere: false });
  });

  it('is refused beyond a hundred, and when the settings cannot be saved', async () => {
    const many = Array.from({ length: 100 }, (_, index) => `/projects/p${index}`);
    const engine = await openWithProjects({ settings: { projects: many } });
    const folder = temporaryFolder();
    writeProject(folder, {});
    expect(await engine.attempt('trustProject', { folder })).toMatchObject({
      error: { message: '100 projects are trusted already.' },
    });
    const forgotten = await engine.attempt('forgetProject', { folder: '/projects/p7', reason });
    expect(forgotten.ok).toBe(true);
    const faulty: ApiError = { type: 'refused', message: 'The file has faults.', remedy: 'Mend it.' };
    engine.settings.save = () => Promise.resolve(err(faulty)) as never;
    expect(await engine.attempt('trustProject', { folder })).toEqual({ ok: false, error: faulty });
  });
});

it('a project on a drive that does not answer holds up neither a start nor an end for ever', async () => {
  let answer: (() => void) | undefined;
  const silent = {
    ...noProjects,
    trusted: () => ['/drive'],
    read: async (folder: string) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return noProjects.read(folder);
    },
  };
  const engine = await openEngine({ projects: () => silent, start: false });
  const starting = engine.orchestrator.start();
  await until('the drive to be asked', () => answer ?? notYet('nobody asked'));
  engine.clock.advance(3_000);
  await starting;
  expect((await engine.call('getStatus', {})).frozen).toBeNull();
  const closing = engine.orchestrator.close({ mode: 'park' });
  await until('the end to wait for it', async () => {
    engine.clock.advance(1_000);
    return (await Promise.race([closing.then(() => true), engine.settle()])) ?? notYet('the engine goes on');
  });
  answer?.();
});

describe('forgetting a project', () => {
  it('removes its agents and their processes, and is refused for one that is not trusted', async () => {
    const { engine, folder } = await trusting();
    await engine.call('forgetProject', { folder, reason });
    expect(idsOf(engine)).toEqual(['worker']);
    expect(engine.launcher.stoppedAgents).toEqual(['helper']);
    expect(engine.settings.inForce.projects).toEqual([]);
    expect(await engine.attempt('forgetProject', { folder, reason })).toMatchObject({ error: { type: 'notFound' } });
  });

  it('is refused while one of its agents has live work, also by settings that leave it out', async () => {
    const { engine, folder } = await trusting();
    await engine.call('enqueueTasks', taskIn(folder));
    const launch = await engine.launch(0);
    const refused = await engine.attempt('forgetProject', { folder, reason });
    expect(refused).toMatchObject({
      error: { message: `Project ${folder} cannot be forgotten: its agent helper holds 1 live attempts.` },
    });
    const { inForce } = engine.settings;
    const left = await engine.attempt('saveSettings', { settings: { ...inForce, projects: ['/other'] } });
    expect(left).toMatchObject({ error: { message: expect.stringContaining('cannot be forgotten') } });
    expect(engine.events('command.refused').map(({ command }) => command)).toEqual(['forgetProject', 'saveSettings']);
    launch.complete();
    await engine.settle();
    await engine.call('saveSettings', { settings: { ...inForce, projects: [] } });
    expect(idsOf(engine)).toEqual(['worker']);
  });

  it('that cannot be saved leaves it as it was', async () => {
    const { engine, folder } = await trusting();
    const faulty: ApiError = { type: 'refused', message: 'The file has faults.', remedy: 'Mend it.' };
    engine.settings.save = () => Promise.resolve(err(faulty)) as never;
    expect(await engine.attempt('forgetProject', { folder, reason })).toEqual({ ok: false, error: faulty });
    expect(idsOf(engine)).toEqual(['helper', 'worker']);
  });

  it('by hand, in the settings, removes its agents once they have no live work', async () => {
    const { engine, folder } = await trusting({ 'settings.json': '{ "watch": 1 }' });
    expect(troubles(engine)).toEqual([expect.stringContaining('watch is not known')]);
    await engine.call('enqueueTasks', taskIn(folder));
    const launch = await engine.launch(0);
    await engine.settings.changeByHand({ projects: [] });
    await engine.settle();
    await until('its faults to be no trouble', () => (troubles(engine).length > 0 ? notYet(troubles(engine)) : true));
    expect(idsOf(engine)).toEqual(['helper', 'worker']);
    launch.complete();
    await engine.settle();
    await engine.settings.changeByHand({ projects: ['/somewhere/else'] });
    await until('helper to be gone', () => (idsOf(engine).includes('helper') ? notYet(idsOf(engine)) : true));
  });
});

describe('looking at projects', () => {
  it('registers nothing of a folder that is forgotten while it is being read', async () => {
    const { engine, folder } = await trusting({}, { projects: (settings) => new HeardProjects(settings) });
    writeProject(folder, { 'agents/late.json': projectAgent('late') });
    whenRead = () => void engine.settings.changeByHand({ projects: [] });
    await engine.attempt('enqueueTasks', taskIn(folder));
    whenRead = () => {};
    expect(idsOf(engine)).not.toContain('late');
  });

  it('is shared by work that comes in at the same moment', async () => {
    const { engine, folder } = await trusting({}, { projects: (settings) => new HeardProjects(settings) });
    let reads = 0;
    whenRead = () => {
      reads += 1;
    };
    await Promise.all([1, 2, 3].map(() => engine.call('enqueueTasks', taskIn(folder))));
    whenRead = () => {};
    expect(reads).toBeLessThan(3);
    expect(engine.store.reads.countTasks().queued + engine.launcher.launches.length).toBe(3);
  });

  it('shows the workflows that one would bring', async () => {
    const { view } = await trusting({}, { workflows: [sample(stageSpec('one'))] });
    expect(view.workflows.map(({ name }) => name)).toEqual(['sample']);
  });

  it('ends with the engine: what is saved after that is looked at by the next one', async () => {
    const { engine, folder } = await trusting();
    const { inForce } = engine.settings;
    await engine.orchestrator.close({ mode: 'park' });
    await engine.call('saveSettings', { settings: { ...inForce, projects: [] } });
    expect(engine.store.reads.row('agent', 'helper')?.definition.project).toBe(folder);
  });

  it('says nothing of settings that name other folders than those with live work', async () => {
    const { engine, folder } = await trusting();
    const second = temporaryFolder();
    writeProject(second, {});
    await engine.call('trustProject', { folder: second });
    await engine.call('enqueueTasks', taskIn(folder));
    await engine.launch(0);
    const { inForce } = engine.settings;
    await engine.call('saveSettings', { settings: inForce });
    const saved = await engine.call('saveSettings', { settings: { ...inForce, projects: [folder] } });
    expect(saved.settings.projects).toEqual([folder]);
  });
});

describe('the files of agents of a project', () => {
  it('count as they are when work comes in; one that is gone stays until its work has ended', async () => {
    const { engine, folder } = await trusting();
    await engine.call('enqueueTasks', taskIn(folder));
    const launch = await engine.launch(0);
    rmSync(join(folder, '.signalbox', 'agents', 'helper.json'));
    writeProject(folder, { 'agents/second.json': projectAgent('second') });
    await engine.call('listProjects', {});
    expect(idsOf(engine)).toEqual(['helper', 'second', 'worker']);
    launch.complete();
    await engine.settle();
    await engine.call('enqueueTasks', taskIn(folder, 'second'));
    expect(idsOf(engine)).toEqual(['second', 'worker']);
  });

  it('with faults leave the agent as it was, and health names the first of them once', async () => {
    const { engine, folder, view } = await trusting();
    expect(view.problems).toEqual([]);
    writeProject(folder, { 'agents/helper.json': '{ "type": "Helper", "command": [] }' });
    for (let look = 0; look < 2; look += 1) {
      const { projects } = await engine.call('listProjects', {});
      expect(projects[0]?.problems).toMatchObject([{ problem: { line: 1, column: 11, path: 'type' } }]);
    }
    expect(idsOf(engine)).toEqual(['helper', 'worker']);
    expect(troubles(engine)).toEqual([expect.stringMatching(/helper\.json, line 1, column 11: type must be/)]);
    writeProject(folder, { 'agents/helper.json': '{ "type": "Helper", "slots": 0 }' });
    await engine.call('listProjects', {});
    expect(troubles(engine)).toEqual([expect.stringContaining('(and 1 more)')]);
    writeProject(folder, { 'agents/helper.json': projectAgent('helper', { slots: 2 }) });
    await engine.call('listProjects', {});
    expect(troubles(engine)).toEqual([]);
    expect(engine.store.reads.row('agent', 'helper')?.definition.slots).toBe(2);
  });

  it('never replace an agent that is there already', async () => {
    const { engine, folder, view } = await trusting({ 'agents/worker.json': projectAgent('helper') });
    expect(view.problems).toMatchObject([{ problem: { message: expect.stringContaining('registered here already') } }]);
    expect(engine.store.reads.row('agent', 'worker')?.definition).toEqual(agentDefinition());
    const second = temporaryFolder();
    writeProject(second, { 'agents/helper.json': projectAgent('other') });
    const other = await engine.call('trustProject', { folder: second });
    expect(other.problems).toMatchObject([
      { problem: { path: 'id', message: expect.stringContaining(`that of project ${folder}`) } },
    ]);
  });

  it('are the only place where such an agent is changed or removed', async () => {
    const { engine, folder } = await trusting();
    const definition = engine.store.reads.row('agent', 'helper')?.definition as never;
    const refusal = { error: { message: expect.stringContaining(`comes with project ${folder}`), field: 'id' } };
    expect(await engine.attempt('saveAgent', definition)).toMatchObject(refusal);
    expect(await engine.attempt('removeAgent', { agentId: 'helper' as never })).toMatchObject(refusal);
    const own = agentDefinition({ id: 'mine', builtin: false, project: '/mine' });
    expect((await engine.attempt('saveAgent', own)).ok).toBe(false);
  });

  it('that cannot be stored are looked at again, and the work is not lost', async () => {
    const { engine, folder } = await trusting();
    writeProject(folder, { 'agents/second.json': projectAgent('second') });
    engine.failWrites = new Error('the disk is full');
    expect((await engine.call('listProjects', {})).projects).toHaveLength(1);
    expect(engine.log.problems.map(({ message }) => message)).toContain(
      'The agents of a project could not be stored; they are looked at again with its next work.',
    );
    engine.failWrites = null;
    await engine.call('listProjects', {});
    expect(idsOf(engine)).toContain('second');
  });

  it('stay when the folder is away, and are taken up again at the next start', async () => {
    const { engine, folder } = await trusting();
    rmSync(join(folder, '.signalbox'), { recursive: true });
    expect((await engine.call('listProjects', {})).projects).toMatchObject([{ isThere: false, agents: [] }]);
    expect(idsOf(engine)).toContain('helper');
    rmSync(folder, { recursive: true });
    expect(await engine.call('inspectProject', { folder })).toMatchObject({ trusted: true, isThere: false });
  });
});

describe('work in a project', () => {
  it('is given to its own agents first, and to the others too', async () => {
    const { engine, folder } = await trusting({ 'agents/own.json': projectAgent('worker') });
    await engine.call('enqueueTasks', taskIn(folder, 'worker'));
    await engine.call('enqueueTasks', taskIn(folder, 'worker'));
    await engine.call('enqueueTasks', taskIn('/elsewhere', 'worker'));
    await engine.settle();
    expect(engine.launcher.launches.map(({ request }) => [request.agent.id, request.task.spec.folder])).toEqual([
      ['own', folder],
      ['worker', folder],
    ]);
  });

  it('is refused elsewhere when only an agent of a project could do it, with the way', async () => {
    const { engine, folder } = await trusting();
    expect(await engine.attempt('enqueueTasks', taskIn('/elsewhere'))).toMatchObject({
      error: { message: `Agent helper comes with project ${folder}, and gets work in that folder only.` },
    });
    expect(await engine.attempt('enqueueTasks', taskIn('/elsewhere', 'nobody'))).toMatchObject({
      error: { remedy: expect.stringContaining('Use one of: worker;') },
    });
  });

  it('of a run has its stages done in the project of their folders', async () => {
    const stages = [
      stageSpec('one', {
        action: { kind: 'agent', agent: { type: 'helper', capabilities: [] }, prompt: 'go', with: {} },
      }),
    ];
    const { engine, folder } = await trusting({}, { workflows: [sample(...stages)] });
    expect((await engine.attempt('startRun', { workflow: 'sample', inputs: {} })).ok).toBe(false);
    const plan = await engine.call('planRun', { workflow: 'sample', inputs: {}, folder });
    expect(plan).toMatchObject({ refusal: null, stages: [{ agents: ['helper'] }] });
    const inside = join(folder, 'src');
    mkdirSync(inside);
    const run = await engine.call('startRun', { workflow: 'sample', inputs: {}, folder: inside });
    const { request } = await engine.launch(0);
    expect(request).toMatchObject({ agent: { id: 'helper' }, task: { runId: run.id, spec: { project: folder } } });
  });

  it('of a name that only an untrusted folder may know is refused with the way to trust it', async () => {
    const engine = await openWithProjects({ workflows: [sample(stageSpec('one'))] });
    const folder = temporaryFolder();
    writeProject(folder, {});
    const start = { workflow: 'nope', inputs: {}, folder };
    const answers = [
      await engine.attempt('getWorkflow', { workflow: 'nope', folder }),
      await engine.attempt('planRun', start),
      await engine.attempt('startRun', start),
    ];
    for (const answer of answers) expect(JSON.stringify(answer)).toContain(`signalbox projects trust ${folder}`);
    expect(await engine.attempt('getWorkflow', { workflow: 'nope' })).toMatchObject({
      error: { remedy: 'Use one of: sample; or the path of a workflow file.' },
    });
    expect((await engine.call('listWorkflows', { folder })).workflows).toHaveLength(1);
  });
});

describe('the settings of a project', () => {
  it('say when its work is dead and when its questions expire; a file with faults keeps what was good', async () => {
    const own = { restart: { maxInterruptions: 1 }, permissions: { expireAfterMs: 7_000 } };
    const { engine, folder } = await trusting({ 'settings.json': own });
    writeProject(folder, { 'settings.json': '{ "restart": ' });
    await engine.call('enqueueTasks', taskIn(folder));
    const launch = await engine.launch(0);
    launch.observer.asked({ callId: 'c', tool: 'edit', title: 'Write', detail: '', options: [] });
    await engine.settle();
    expect(engine.events('permission.requested')).toMatchObject([{ expiresAt: engine.clock.now() + 7_000 }]);
    launch.die();
    await engine.settle();
    expect(engine.store.reads.row('task', launch.request.task.id)).toMatchObject({ state: 'dead' });
    expect(troubles(engine)).toEqual([expect.stringContaining('settings.json, line 1, column 14')]);
  });
});
