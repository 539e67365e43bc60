/** Folders that bring workflows, agents and settings of their own, in an engine with nothing replaced. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { KillableEngine } from '../support/killable-engine.ts';
import { projectAgent, writeProject } from '../support/project-files.ts';
import { makeDataFolder, RealEngine, testTask } from '../support/real-engine.ts';
import { removeFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { notYet, until } from '../support/until.ts';

const review = 'name: review\ntitle: Review\nstages:\n  look: { agent: reviewer, prompt: Look at it }\n';

const open: RealEngine[] = [];
afterEach(async () => {
  for (const engine of open.splice(0)) await engine.close();
});

async function openEngine(dataFolder?: string): Promise<RealEngine> {
  const engine = await RealEngine.open(dataFolder === undefined ? {} : { dataFolder });
  open.push(engine);
  return engine;
}

/** A repository with a workflow, an agent that the workflow asks for, and settings. */
function repository(): string {
  const folder = temporaryFolder();
  writeProject(folder, {
    'workflows/review.yaml': review,
    'agents/reviewer.json': projectAgent('reviewer'),
    'settings.json': { watchdog: { commands: { silentMs: 120_000 } } },
  });
  return folder;
}

/** A task for the test agent of a type. */
function taskFor(type: string, folder?: string, behaviour: Parameters<typeof testTask>[0] = { mode: 'success' }) {
  const task = testTask(behaviour);
  return { ...task, agent: { type }, ...(folder === undefined ? {} : { folder }) };
}

describe('a repository with a .signalbox folder', () => {
  test('is used in nothing before a person trusts it, and everything says how', async () => {
    const engine = await openEngine();
    const folder = repository();
    const refused = await engine.attempt('startRun', { workflow: 'review', inputs: {}, folder });
    expect(refused).toMatchObject({
      ok: false,
      error: { type: 'notFound', remedy: expect.stringContaining(`signalbox projects trust ${folder}`) },
    });
    expect(await engine.call('planRun', { workflow: 'review', inputs: {}, folder })).toMatchObject({
      stages: [],
      refusal: { message: expect.stringContaining('is not trusted') },
    });
    const seen = await engine.call('inspectProject', { folder });
    expect(seen).toMatchObject({
      folder,
      trusted: false,
      isThere: true,
      workflows: [{ name: 'review', origin: 'project', project: folder, problems: [] }],
      agents: [{ id: 'reviewer', type: 'reviewer' }],
      settings: { watchdog: { commands: { silentMs: 120_000 } } },
      problems: [],
    });
    const { agents } = await engine.call('listAgents', {});
    expect(agents.map(({ id }) => id)).not.toContain('reviewer');
    expect(await engine.call('listProjects', {})).toEqual({ projects: [] });
  });

  test('brings its workflow and its agent to work in its folder once it is trusted, until it is forgotten', async () => {
    const engine = await openEngine();
    const folder = repository();
    expect(await engine.call('trustProject', { folder })).toMatchObject({ trusted: true, problems: [] });
    const { id } = await engine.call('startRun', { workflow: 'review', inputs: {}, folder: join(folder, '.') });
    const run = await engine.runEnd(id);
    expect(run).toMatchObject({ state: 'completed', folder });
    const { tasks } = await engine.call('listTasks', { runId: id });
    const { attempts } = await engine.call('getTask', { taskId: tasks[0]?.id as never });
    expect(attempts.map(({ agentId }) => agentId)).toEqual(['reviewer']);

    const outside = await engine.attempt('enqueueTasks', { tasks: [taskFor('reviewer')] });
    expect(outside).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining(`comes with project ${folder}`) },
    });

    await engine.call('forgetProject', { folder, reason: 'done with it' });
    const after = await engine.attempt('startRun', { workflow: 'review', inputs: {}, folder });
    expect(after).toMatchObject({ ok: false, error: { type: 'notFound' } });
    const { agents } = await engine.call('listAgents', {});
    expect(agents.map((agent) => agent.id)).not.toContain('reviewer');
    // Runs keep the version that they were started from; there is nobody now who could do it.
    expect(await engine.attempt('rerunRun', { runId: id, fromStage: 'look' })).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('No agent matches') },
    });
  });

  test('is the same by whatever links it is reached, and links that lead out of it are refused', async () => {
    const engine = await openEngine();
    const folder = repository();
    const elsewhere = temporaryFolder();
    const twin = join(elsewhere, 'twin');
    symlinkSync(folder, twin);
    writeFileSync(join(elsewhere, 'other.yaml'), review.replace('review', 'other'));
    writeFileSync(join(elsewhere, 'agent.json'), JSON.stringify(projectAgent('thief')));
    symlinkSync(join(elsewhere, 'other.yaml'), join(folder, '.signalbox', 'workflows', 'other.yaml'));
    symlinkSync(join(elsewhere, 'agent.json'), join(folder, '.signalbox', 'agents', 'thief.json'));

    const view = await engine.call('trustProject', { folder: twin });
    expect(view.folder).toBe(folder);
    expect(view.agents.map(({ id }) => id)).toEqual(['reviewer']);
    expect(view.problems.map(({ problem }) => problem.message)).toEqual([expect.stringContaining('leads out')]);
    const other = view.workflows.find(({ name }) => name === 'other');
    expect(other?.problems.map(({ message }) => message)).toEqual([expect.stringContaining('leads out')]);
    await engine.call('trustProject', { folder });
    expect((await engine.call('getSettings', {})).settings.projects).toEqual([folder]);

    const { task } = await engine.runTask(taskFor('reviewer', twin));
    expect(task).toMatchObject({ state: 'completed', agentId: 'reviewer', spec: { folder, project: folder } });
    mkdirSync(join(elsewhere, 'out'));
    symlinkSync(join(elsewhere, 'out'), join(folder, 'out'));
    const led = await engine.attempt('enqueueTasks', { tasks: [taskFor('reviewer', join(folder, 'out'))] });
    expect(led).toMatchObject({ ok: false, error: { field: 'tasks.0.agent' } });
  });

  test('that is away for a while breaks nothing', async () => {
    const engine = await openEngine();
    const folder = join(temporaryFolder(), 'on-a-drive');
    mkdirSync(folder);
    writeProject(folder, { 'agents/reviewer.json': projectAgent('reviewer') });
    await engine.call('trustProject', { folder });
    renameSync(folder, `${folder}-away`);
    await engine.park();
    await engine.reopen();
    const { projects } = await engine.call('listProjects', {});
    expect(projects).toMatchObject([{ folder, isThere: false, trusted: true, problems: [] }]);
    expect(await engine.agent('reviewer')).toMatchObject({ definition: { project: folder } });
    renameSync(`${folder}-away`, folder);
    const { task } = await engine.runTask(taskFor('reviewer', folder));
    expect(task.state).toBe('completed');
    renameSync(folder, `${folder}-away`);
    await engine.call('forgetProject', { folder, reason: 'gone for good' });
    expect((await engine.call('getSettings', {})).settings.projects).toEqual([]);
  });

  test('is not forgotten while its agent has live work, and a change of its file counts with the next work', async () => {
    const engine = await openEngine();
    const folder = repository();
    await engine.call('trustProject', { folder });
    const [taskId] = await engine.enqueue(taskFor('reviewer', folder, { mode: 'slow', ms: 60_000 }));
    await engine.running(taskId as never);
    const refused = await engine.attempt('forgetProject', { folder, reason: 'why not' });
    expect(refused).toMatchObject({ ok: false, error: { message: expect.stringContaining('agent reviewer') } });
    const { settings } = await engine.call('getSettings', {});
    expect(await engine.attempt('saveSettings', { settings: { ...settings, projects: [] } })).toMatchObject({
      ok: false,
    });
    await engine.call('cancelTask', { taskId: taskId as never, reason: 'seen' });
    await engine.taskEnd(taskId as never);

    writeProject(folder, { 'agents/reviewer.json': projectAgent('reviewer', { title: 'Changed' }) });
    await engine.runTask(taskFor('reviewer', folder));
    expect((await engine.agent('reviewer')).definition.title).toBe('Changed');
    rmSync(join(folder, '.signalbox', 'agents', 'reviewer.json'));
    expect((await engine.attempt('enqueueTasks', { tasks: [taskFor('reviewer', folder)] })).ok).toBe(false);
  });
});

test('an engine that is killed loses no trust, no agent and no work of a project', async () => {
  const dataFolder = makeDataFolder();
  onTestFinished(() => removeFolder(dataFolder));
  const folder = repository();
  const first = new KillableEngine(dataFolder);
  onTestFinished(() => first.kill());
  await first.ready();
  const client = await first.client();
  expect(await client.trustProject({ folder })).toMatchObject({ ok: true });
  const behaviour = { script: [{ mode: 'slow' as const, ms: 60_000 }, { mode: 'success' as const }] };
  const task = taskFor('reviewer', folder);
  const work = { ...task.work, config: behaviour };
  const queued = await client.enqueueTasks({ tasks: [{ ...task, work } as typeof task] });
  if (!queued.ok) throw new Error(queued.error.message);
  const taskId = queued.value.taskIds[0] as never;
  await until(
    'the task to run',
    async () => {
      const found = await client.getTask({ taskId });
      return found.ok && found.value.attempts[0]?.state === 'running' ? true : notYet(found);
    },
    20_000,
  );
  await first.kill();

  const engine = await openEngine(dataFolder);
  const { task: ended, attempts } = await engine.taskEnd(taskId);
  expect(ended).toMatchObject({ state: 'completed', agentId: 'reviewer' });
  expect(attempts.map(({ state }) => state)).toEqual(['interrupted', 'completed']);
  expect((await engine.call('listProjects', {})).projects).toMatchObject([{ folder, trusted: true }]);
});

describe('a terminal in a repository', () => {
  test('is told the way to trust it, and then runs its workflow in it by name', () => {
    const folder = repository();
    const inside = join(folder, 'deeper');
    mkdirSync(inside);
    const data = join(temporaryFolder(), 'data');
    const signalbox = terminalIn(inside, data);

    const refused = signalbox('run', 'review');
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining(`projects trust ${folder}`) });

    expect(signalbox('projects', 'trust')).toMatchObject({ status: 0, stdout: expect.stringContaining('trusted') });
    const ran = signalbox('run', 'review', '--json');
    expect(ran).toMatchObject({ status: 0 });
    expect(JSON.parse(ran.stdout)).toMatchObject({ run: { state: 'completed', folder } });
  });
});

/** `signalbox` in a folder, as a process of its own. */
function terminalIn(cwd: string, data: string) {
  const script = fileURLToPath(new URL('../../src-main/cli.ts', import.meta.url));
  const { PATH = '' } = process.env;
  return (...argv: string[]) => {
    const env = { PATH, SIGNALBOX_DATA: data };
    return spawnSync(process.execPath, [script, ...argv], { cwd, env, encoding: 'utf8', timeout: 100_000 });
  };
}
