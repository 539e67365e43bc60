import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { DrivenAgent, endDrivenAgents } from './driven-agent.ts';
import { failureHere, runHere } from './run-here.ts';
import { runWorkflow } from './run-workflow.ts';
import { calculate, git, makeWorkspace, removeWorkspaces } from './workspace.ts';

const inputs = { name: 'calculator-app', requirements: 'A calculator with modulo' };
const initialization = { workflow: 'app', stage: 'initialization', inputs };
const scaffolding = { workflow: 'app', stage: 'scaffolding', inputs };
const deployment = { workflow: 'app', stage: 'deployment', inputs };

afterEach(endDrivenAgents);
afterAll(removeWorkspaces);

describe('a repeated attempt', () => {
  test('of initialization and scaffolding gives the same outputs and no second commit', async () => {
    const workspace = makeWorkspace();
    const first = await runWorkflow(runHere, 'app', workspace, inputs, 'scaffolding');
    const commits = await git(join(workspace, inputs.name), 'rev-list', '--count', 'HEAD');
    const again = await runHere('scaffold', workspace, { ...scaffolding, attemptNumber: 2 });
    expect(again.outputs).toEqual(first.scaffolding);
    await runHere('scaffold', workspace, { ...initialization, attemptNumber: 2 });
    expect(await git(join(workspace, inputs.name), 'rev-list', '--count', 'HEAD')).toBe(commits);
  });

  test("goes on with git's locks and half-made files that a killed attempt left behind", async () => {
    const workspace = makeWorkspace();
    const folder = join(workspace, inputs.name);
    await mkdir(join(folder, '.git/refs/heads'), { recursive: true });
    await writeFile(join(folder, 'SPEC.md'), '# Spec');
    await writeFile(join(folder, 'spec.json.4711.tmp'), '{');
    await writeFile(join(folder, '.git/signalbox-at-work'), '');
    await writeFile(join(folder, '.git/index.lock'), '');
    await writeFile(join(folder, '.git/refs/heads/main.lock'), '');
    const { outputs } = await runHere('scaffold', workspace, { ...initialization, attemptNumber: 2 });
    expect(outputs?.commit).toBe(await git(folder, 'rev-parse', 'HEAD'));
    expect((await readdir(folder)).sort()).toEqual(['.git', '.gitignore', 'SPEC.md', 'spec.json']);
  });

  test('respects a lock that is not its own, and says that it may pass', async () => {
    const workspace = makeWorkspace();
    await runWorkflow(runHere, 'app', workspace, inputs, 'initialization');
    await writeFile(join(workspace, inputs.name, '.git/index.lock'), '');
    const { message, data } = await failureHere('scaffold', workspace, scaffolding);
    expect(message).toContain('Let the other git program end');
    expect(data).toMatchObject({ signalbox: { class: 'transient' } });
    expect(await readdir(join(workspace, inputs.name, '.git'))).not.toContain('signalbox-at-work');
  });

  test('of deployment removes what a killed one left, and installs the same bytes', async () => {
    const workspace = makeWorkspace();
    await runWorkflow(runHere, 'app', workspace, inputs, 'scaffolding');
    const releases = join(workspace, 'environments/local/releases');
    await mkdir(join(releases, '0.1.0.partial-4711/bin'), { recursive: true });
    await mkdir(join(releases, '0.1.0'), { recursive: true });
    await mkdir(join(workspace, 'releases'));
    await writeFile(join(workspace, 'releases/calculator-app-0.1.0.tgz.4711.tmp'), 'half');
    await symlink('releases/0.0.9', join(workspace, 'environments/local/current'));
    const first = await runHere('deployment', workspace, deployment);
    const second = await runHere('deployment', workspace, { ...deployment, attemptNumber: 2 });
    expect(second.outputs).toEqual(first.outputs);
    expect(await readdir(releases)).toEqual(['0.1.0']);
    expect((await readdir(join(workspace, 'releases'))).sort()).toEqual([
      'calculator-app-0.1.0.tgz',
      'calculator-app-0.1.0.tgz.sha256',
    ]);
    expect(await calculate(String(first.outputs?.current), inputs.name, 'modulo', '17', '5')).toBe('2');
  });

  test('succeeds after the agent was killed in the middle, at whatever moment', { timeout: 30_000 }, async () => {
    const workspace = makeWorkspace();
    for (const task of [initialization, scaffolding]) {
      for (const updates of [1, 2, 3, 4]) {
        await killAfter(updates, workspace, task);
      }
      await runHere('scaffold', workspace, { ...task, attemptNumber: 5 });
    }
    const { outputs } = await runHere('scaffold', workspace, scaffolding);
    const folder = join(workspace, inputs.name);
    expect(outputs?.commit).toBe(await git(folder, 'rev-parse', 'HEAD'));
    expect(await git(folder, 'status', '--porcelain')).toBe('');
    expect(await calculate(folder, inputs.name, 'add', '2', '3')).toBe('5');
  });
});

describe('initialization', () => {
  test("leaves a folder alone that holds somebody's files", async () => {
    const workspace = makeWorkspace();
    await mkdir(join(workspace, inputs.name));
    await writeFile(join(workspace, inputs.name, 'thesis.txt'), 'mine');
    expect((await failureHere('scaffold', workspace, initialization)).message).toContain(
      'it holds other files (thesis.txt)',
    );
    expect(await readFile(join(workspace, inputs.name, 'thesis.txt'), 'utf8')).toBe('mine');
  });
});

/** Kills the agent once it has reported a number of updates; an agent that is quicker has done its work. */
async function killAfter(updates: number, workspace: string, task: typeof initialization): Promise<void> {
  const agent = new DrivenAgent('builtin/main.ts', ['scaffold']);
  await agent.initialize();
  const ended = agent.runTask(workspace, task).catch(() => undefined);
  await expect.poll(() => agent.received.length, { timeout: 5_000, interval: 1 }).toBeGreaterThanOrEqual(updates);
  agent.child.kill('SIGKILL');
  await agent.exited();
  await ended;
}
