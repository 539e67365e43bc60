/** The three bundled workflows on one engine, one after the other: build an application, add to it, repair it. */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evolve } from '../../src-main/contract/evolve.ts';
import type { RunId } from '../../src-main/contract/ids.ts';
import type { Run } from '../../src-main/contract/run.ts';
import type { Task } from '../../src-main/contract/task.ts';
import { processesOf } from '../support/process-census.ts';
import { RealEngine } from '../support/real-engine.ts';

const run = promisify(execFile);
const fiveAgents = ['deployment', 'e2e', 'integration', 'scaffold', 'validation'];

let engine: RealEngine;
let app: Run;
let appTookMs: number;
/** Processes that were live at some moment of a run: command lines by process id. */
const seen = new Map<number, string>();

/** Runs a bundled workflow to its end while it watches the processes. */
async function runToEnd(workflow: string, inputs: Record<string, string>): Promise<Run> {
  const { id } = await engine.call('startRun', { workflow, inputs });
  return engine.runWith(
    id,
    'its end',
    ({ state }) => {
      for (const { pid, command } of processesOf(engine.dataFolder)) seen.set(pid, command);
      return state === 'completed' || state === 'failed' || state === 'cancelled';
    },
    90_000,
  );
}

beforeAll(async () => {
  engine = await RealEngine.open();
  const startedAt = performance.now();
  app = await runToEnd('app', { name: 'calculator-app', requirements: 'Add, subtract, multiply and divide.' });
  appTookMs = performance.now() - startedAt;
}, 120_000);

afterAll(() => engine.close());

function stageOf({ stages }: Run, name: string) {
  const stage = stages.find((one) => one.name === name);
  if (stage === undefined) throw new Error(`no stage ${name}; there are ${stages.map((one) => one.name)}`);
  return { ...stage, outputs: stage.outputs ?? {} };
}

function textOf(outputs: Readonly<Record<string, unknown>>, name: string): string {
  const value = outputs[name];
  if (typeof value !== 'string') throw new Error(`the output ${name} is no text: ${JSON.stringify(outputs)}`);
  return value;
}

async function git(folder: string, ...args: string[]): Promise<string> {
  return (await run('git', ['-C', folder, ...args])).stdout.trim();
}

/** What the command line of an installed application prints. */
async function calculate(folder: string, ...args: string[]): Promise<string> {
  return (await run(process.execPath, [join(folder, 'bin/calculator-app.mjs'), ...args])).stdout.trim();
}

/** Starts the HTTP server of an installed application, asks it, and ends it. */
async function askServer(folder: string, ...paths: string[]) {
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [, ...args] = (scripts.start ?? '').split(' ');
  const server = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(server, 'exit');
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const origin = /http:\/\/[\w.:[\]]+/.exec(String(line))?.[0];
    const answers = paths.map(async (path) => {
      const response = await fetch(`${origin}${path}`);
      return { status: response.status, body: (await response.json()) as unknown };
    });
    return await Promise.all(answers);
  } finally {
    server.kill('SIGKILL');
    await exited;
  }
}

function expectAllCompletedInOrder(ended: Run, names: readonly string[]): void {
  expect(ended.failure).toBeNull();
  expect(ended.state).toBe('completed');
  expect(ended.progress).toBe(100);
  expect(ended.stages.map(({ name, state }) => [name, state])).toEqual(names.map((name) => [name, 'completed']));
  const times = ended.stages.flatMap(({ startedAt, endedAt }) => [Number(startedAt), Number(endedAt)]);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
}

async function tasksOf(runId: RunId): Promise<Task[]> {
  const { tasks } = await engine.call('listTasks', { runId });
  return Promise.all(tasks.map(async ({ id }) => (await engine.call('getTask', { taskId: id })).task));
}

describe('R12 the workflow app', () => {
  test('completes its seven stages in order, in less than 60 seconds', () => {
    const names = ['initialization', 'scaffolding', 'validation', 'e2e_testing', 'integration', 'deployment'];
    expectAllCompletedInOrder(app, [...names, 'monitoring']);
    expect(appTookMs).toBeLessThan(60_000);
  });

  test('R20 is the work of five agents, each a process of its own that answered the handshake', async () => {
    const started = (await engine.eventsOf('agent.processStarted')).filter(({ agentId }) =>
      fiveAgents.includes(agentId),
    );
    expect([...new Set(started.map(({ agentId }) => agentId))].toSorted()).toEqual(fiveAgents);
    const pids = started.map(({ process }) => process.pid);
    expect(new Set(pids).size).toBe(pids.length);
    expect(pids).not.toContain(process.pid);
    for (const { agentId, process: identity } of started) expect(seen.get(identity.pid)).toContain(` ${agentId}`);
    const byAgent = (await tasksOf(app.id)).map(({ agentId }) => agentId);
    expect([...new Set(byAgent)].toSorted()).toEqual(fiveAgents);
  });

  test('leaves a git repository with its specification, all of it committed', async () => {
    const folder = textOf(stageOf(app, 'initialization').outputs, 'folder');
    expect(folder).toBe(join(app.folder, 'calculator-app'));
    expect(readFileSync(join(folder, 'SPEC.md'), 'utf8')).toContain('Add, subtract, multiply and divide.');
    expect(await git(folder, 'status', '--porcelain')).toBe('');
    expect(await git(folder, 'rev-parse', 'HEAD')).toBe(textOf(stageOf(app, 'scaffolding').outputs, 'commit'));
    expect(await calculate(folder, 'divide', '10', '4')).toBe('2.5');
  });

  test('was checked, tested and called: no errors, coverage of at least 80 %, every answer right', () => {
    expect(stageOf(app, 'validation').outputs.errors).toBe(0);
    const e2e = stageOf(app, 'e2e_testing');
    expect(e2e.outputs.failed).toBe(0);
    expect(e2e.gates).toMatchObject([{ name: 'coverage >= 80', passed: true }]);
    const { checks, passed } = stageOf(app, 'integration').outputs;
    expect(checks).toBeGreaterThan(20);
    expect(passed).toBe(checks);
  });

  test('delivers a release whose checksum is right', () => {
    const { outputs } = stageOf(app, 'deployment');
    const release = readFileSync(textOf(outputs, 'release'));
    expect(createHash('sha256').update(release).digest('hex')).toBe(textOf(outputs, 'checksum'));
    expect(existsSync(join(textOf(outputs, 'current'), 'package.json'))).toBe(true);
  });

  test('delivers an application that really works: 2 + 3 is 5 over HTTP, and wrong input is answered with 400', async () => {
    const current = textOf(stageOf(app, 'deployment').outputs, 'current');
    const [sum, wrong, unknown] = await askServer(current, '/add?a=2&b=3', '/add?a=2&b=three', '/guess?a=1');
    expect(sum).toMatchObject({ status: 200, body: { result: 5 } });
    expect(wrong?.status).toBe(400);
    expect(unknown?.status).toBe(404);
    expect(await calculate(current, 'add', '2', '3')).toBe('5');
  });

  test('was watched after its deployment: no failed probe, and a 95th percentile below 500 ms', () => {
    const { outputs, gates } = stageOf(app, 'monitoring');
    expect(outputs).toMatchObject({ errors: 0, errorRate: 0 });
    expect(gates).toMatchObject([{ level: 'warning', passed: true }]);
  });
});

describe('the way of the same run', () => {
  test('R11 the first stage is claimed at once', async () => {
    const events = await engine.events({ runId: app.id });
    const created = events.find(({ kind }) => kind === 'run.created');
    const claimed = events.find(({ kind }) => kind === 'task.claimed');
    expect(Number(claimed?.at) - Number(created?.at)).toBeLessThanOrEqual(100);
  });

  test('R16 progress grows with every stage: finished stages of all stages, rounded', async () => {
    let row: Run | null = null;
    const progress: number[] = [];
    for (const event of await engine.events({ runId: app.id })) {
      row = evolve('run', row, event);
      if (event.kind === 'stage.completed') progress.push(row?.progress ?? -1);
    }
    expect(progress).toEqual([14, 29, 43, 57, 71, 86, 100]);
    expect(row).toEqual(app);
  });

  test('R69 one trace id runs through the run and all its tasks', async () => {
    const traces = (await tasksOf(app.id)).map(({ traceId }) => traceId);
    expect(traces).toEqual(Array.from({ length: 7 }, () => app.traceId));
  });

  test('R15 every stage was given the inputs, and the outputs of all earlier stages', async () => {
    const names = app.stages.map(({ name }) => name);
    for (const task of await tasksOf(app.id)) {
      const index = names.indexOf(String(task.stage));
      const earlier = Object.fromEntries(app.stages.slice(0, index).map(({ name, outputs }) => [name, outputs]));
      expect(task.spec.earlierOutputs).toEqual(earlier);
      expect(task.spec.inputs).toMatchObject({ name: 'calculator-app' });
    }
  });
});

describe('R12 the workflows that go on with the application', () => {
  /** Each goes on with a copy, so that the tests may come in any order. */
  function copyRepository(name: string): string {
    const copy = join(engine.dataFolder, name);
    cpSync(textOf(stageOf(app, 'initialization').outputs, 'folder'), copy, { recursive: true });
    return copy;
  }

  test('feature adds an operation, with tests, on a branch, and delivers it', async () => {
    const repository = copyRepository('for-feature');
    const before = await git(repository, 'rev-list', '--count', 'HEAD');
    const feature = await runToEnd('feature', { repository, operation: 'power' });
    expectAllCompletedInOrder(feature, [
      'initialization',
      'implementation',
      'validation',
      'testing',
      'integration',
      'deployment',
    ]);
    expect(await git(repository, 'branch', '--show-current')).toBe('feature/power');
    expect(Number(await git(repository, 'rev-list', '--count', 'HEAD'))).toBeGreaterThan(Number(before));
    expect(await calculate(repository, 'power', '2', '10')).toBe('1024');
    const current = textOf(stageOf(feature, 'deployment').outputs, 'current');
    const answers = await askServer(current, '/power?a=2&b=8', '/add?a=1&b=1');
    expect(answers).toMatchObject([{ body: { result: 256 } }, { body: { result: 2 } }]);
  });

  test('bugfix finds the operation that somebody broke, repairs it, and delivers the repair', async () => {
    const repository = copyRepository('for-bugfix');
    const source = join(repository, 'src/operations/multiply.mjs');
    const right = readFileSync(source, 'utf8');
    writeFileSync(source, right.replace('a * b', 'a + b'));
    expect(await calculate(repository, 'multiply', '6', '7')).toBe('13');
    await git(repository, '-c', 'user.name=A', '-c', 'user.email=a@example.org', 'commit', '-qam', 'Break it');
    const bugfix = await runToEnd('bugfix', { repository });
    expectAllCompletedInOrder(bugfix, ['initialization', 'debugging', 'fixing', 'validation', 'testing', 'deployment']);
    expect(stageOf(bugfix, 'debugging').outputs).toMatchObject({ operation: 'multiply' });
    expect(readFileSync(source, 'utf8')).toBe(right);
    const current = textOf(stageOf(bugfix, 'deployment').outputs, 'current');
    expect(await askServer(current, '/multiply?a=6&b=7')).toMatchObject([{ status: 200, body: { result: 42 } }]);
  });
});
