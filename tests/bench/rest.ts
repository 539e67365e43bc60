import { closeSync, ftruncateSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { BenchOptions, Measurement, Row } from './measurement.ts';
import { fact, judged } from './measurement.ts';
import { lookAtProcess } from './process-facts.ts';
import { Samples } from './quantiles.ts';
import { ServedEngine } from './served-engine.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

const mebibyte = 1_024 * 1_024;
const gibibyte = 1_024 * mebibyte;
const logFiles = 10;
const builtinAgents = ['scaffold', 'validation', 'e2e', 'integration', 'deployment'];

/** Stores so many tasks, of about 1 KiB each, which wait: the engine is frozen. */
async function fill(engine: ServedEngine, count: number, folder: string): Promise<void> {
  await engine.call('freeze', { reason: 'only stored tasks are measured' });
  const agent = { type: 'shell' };
  const command = { kind: 'argv' as const, argv: ['/bin/echo', 'x'.repeat(700)] };
  const work = { kind: 'command' as const, command };
  for (let left = count; left > 0; left -= 1_000) {
    const tasks = Array.from({ length: Math.min(1_000, left) }, () => ({ agent, work, folder }));
    await engine.call('enqueueTasks', { tasks });
  }
}

/** Files as large as logs, which take no room: nobody reads what is in them. */
function makeLogs(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (let index = 0; index < logFiles; index += 1) {
    const file = openSync(join(folder, `attempt_${String(index).padStart(26, '0')}.log`), 'w');
    ftruncateSync(file, gibibyte);
    closeSync(file);
  }
}

/** How long SQLite itself takes to open a database and to look whether it is sound, in ms. */
function timeQuickCheck(file: string): number {
  const begun = performance.now();
  const database = new Database(file, { readonly: true });
  database.pragma('quick_check');
  database.close();
  return performance.now() - begun;
}

async function timeCalls(count: number, call: () => Promise<unknown>): Promise<Samples> {
  const samples = new Samples();
  for (let index = 0; index < count; index += 1) {
    const begun = performance.now();
    await call();
    samples.add(performance.now() - begun);
  }
  return samples;
}

/** Calls over the socket while a large store lies behind them, nothing else going on. */
async function measureCalls(engine: ServedEngine, folder: string): Promise<readonly Row[]> {
  const command = { kind: 'argv' as const, argv: ['/bin/true'] };
  const task = { agent: { type: 'shell' }, work: { kind: 'command' as const, command }, folder };
  const submit = await timeCalls(500, () => engine.call('enqueueTasks', { tasks: [task] }));
  const { tasks } = await engine.call('listTasks', { limit: 1 });
  const taskId = tasks[0]?.id ?? '';
  const read = await timeCalls(500, () => engine.call('getTask', { taskId }));
  const page = await timeCalls(200, () => engine.call('listTasks', { limit: 50 }));
  const [submitP95, readP95, pageP95] = [submit, read, page].map((samples) => samples.quantile(0.95));
  return [
    judged('submit over the socket, p95', submitP95 ?? 0, 'ms', 'R72 submit p95 < 10 ms', (submitP95 ?? 0) < 10),
    judged('read of a task over the socket, p95', readP95 ?? 0, 'ms', 'R72 read p95 < 3 ms', (readP95 ?? 0) < 3),
    fact('page of 50 tasks over the socket, p95', pageP95 ?? 0, 'ms'),
  ];
}

async function measureIdle(engine: ServedEngine, seconds: number): Promise<readonly Row[]> {
  const before = lookAtProcess(engine.pid);
  await sleep(seconds * 1_000);
  const after = lookAtProcess(engine.pid);
  const share = (after.cpuMs - before.cpuMs) / (seconds * 10);
  const memory = lookAtProcess(engine.pid, true).memoryBytes / mebibyte;
  return [
    judged('idle, processor time of the engine and its agent host', share, '%', 'T12 idle CPU < 1 %', share < 1),
    fact('idle, wake-ups of all their threads', (after.wakeUps - before.wakeUps) / seconds, '1/s'),
    judged("idle, engine's memory", memory, 'MiB', "T12 engine's memory < 150 MB with 1,000,000 tasks", memory < 143),
    fact('idle, memory with the agent host', after.memoryBytes / mebibyte, 'MiB'),
  ];
}

async function measureAgents(engine: ServedEngine): Promise<readonly Row[]> {
  const starts = new Samples();
  for (const agentId of builtinAgents) {
    const begun = performance.now();
    await engine.call('startAgent', { agentId });
    starts.add(performance.now() - begun);
  }
  const memory = lookAtProcess(engine.pid).memoryBytes / mebibyte;
  return [
    judged('start of an agent until it is ready, max', starts.max, 'ms', 'R72 agent start < 5 s', starts.max < 5_000),
    judged('memory of everything with 5 agents', memory, 'MiB', 'R72 memory < 500 MB with 5 agents', memory < 477),
  ];
}

async function measure({ quick }: BenchOptions, folder: string): Promise<readonly Row[]> {
  const count = quick ? 100_000 : 1_000_000;
  const dataFolder = join(folder, 'data');
  const work = join(folder, 'work');
  mkdirSync(dataFolder, { mode: 0o700 });
  mkdirSync(work);
  const fresh = await ServedEngine.start(dataFolder);
  await fill(fresh, count, work).finally(() => fresh.stop());
  makeLogs(join(dataFolder, 'logs'));
  const file = join(dataFolder, 'signalbox.db');
  const check = timeQuickCheck(file);
  const engine = await ServedEngine.start(dataFolder);
  try {
    const ratio = engine.usableMs / check;
    return [
      judged('ready with an empty store', fresh.usableMs, 'ms', 'R72 ready < 3 s', fresh.usableMs < 3_000),
      fact(`database with ${count.toLocaleString('en')} tasks`, statSync(file).size / mebibyte, 'MiB'),
      fact('SQLite: open and quick_check', check, 'ms'),
      fact('start with it and 10 GB of logs, until usable', engine.usableMs, 'ms'),
      judged('start against open and quick_check', ratio, '×', 'T11 usable in ≤ 2 × (open + quick_check)', ratio <= 2),
      ...(await measureIdle(engine, quick ? 15 : 60)),
      ...(await measureCalls(engine, work)),
      ...(await measureAgents(engine)),
    ];
  } finally {
    await engine.stop();
  }
}

/** The built engine with a large store: its start, its rest, its answers. */
export const restMeasurement: Measurement = {
  name: 'rest',
  measure: (options) => inTemporaryFolder((folder) => measure(options, folder)),
};
