/**
 * Works for a long time and looks whether anything grows: `npm run soak -- [--minutes 10]`. Three agents do a thousand
 * tasks (R73), then go on with more of them, with good, failing and crashing work in between, until the time is up.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine } from '../bench/machine.ts';
import type { Row } from '../bench/measurement.ts';
import { fact, judged } from '../bench/measurement.ts';
import { lookAtProcess } from '../bench/process-facts.ts';
import { formatMachine, formatTable } from '../bench/report.ts';
import { ServedEngine } from '../bench/served-engine.ts';
import { testAgent, testTask } from '../support/real-engine.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error(`--minutes ${values.minutes} is no length of time: write how many minutes to work, such as 10.`);
  process.exit(2);
}
const mebibyte = 1_024 * 1_024;
const firstTasks = 1_000;
/** How many tasks wait at any time after those. */
const waiting = 200;
/** The first part of the time, in which caches fill and code is compiled, is not judged. */
const warmUpShare = 0.2;

interface Sample {
  readonly atMs: number;
  readonly memoryBytes: number;
  readonly walBytes: number;
  readonly descriptors: number;
}

/** Of so many tasks one fails and one takes its agent down: often enough to go on all the time, seldom enough to be work. */
const badEvery = 50;
/** Tried again at once, so that what waits is work and not time. */
const retry = { maxAttempts: 2, delayMs: 100, maxDelayMs: 100 };

function someTasks(count: number, from: number) {
  return Array.from({ length: count }, (_, index) => testTask({ mode: modeOf(from + index) }, { retry }));
}

function modeOf(number: number): string {
  const place = number % badEvery;
  if (place === 0) return 'crash';
  return place === badEvery / 2 ? 'failure' : 'success';
}

function look(engine: ServedEngine, dataFolder: string, begun: number): Sample {
  const wal = statSync(join(dataFolder, 'signalbox.db-wal'), { throwIfNoEntry: false });
  return {
    atMs: performance.now() - begun,
    memoryBytes: lookAtProcess(engine.pid, true).memoryBytes,
    walBytes: wal?.size ?? 0,
    descriptors: readdirSync(`/proc/${engine.pid}/fd`).length,
  };
}

async function countEnded(engine: ServedEngine): Promise<number> {
  const { tasks } = await engine.call('getStatus', {});
  return tasks.completed + tasks.failed + tasks.dead + tasks.cancelled;
}

async function soak(engine: ServedEngine, dataFolder: string): Promise<readonly Row[]> {
  for (const name of ['one', 'two', 'three']) await engine.call('saveAgent', testAgent(name, { slots: 4 }));
  const begun = performance.now();
  const tasks = Array.from({ length: firstTasks }, () => testTask({ mode: 'success' }));
  await engine.call('enqueueTasks', { tasks });
  const samples: Sample[] = [];
  while ((await countEnded(engine)) < firstTasks) {
    samples.push(look(engine, dataFolder, begun));
    await sleep(500);
  }
  const firstMs = performance.now() - begun;
  const completed = (await engine.call('getStatus', {})).tasks.completed;
  let queued = firstTasks;
  while (performance.now() - begun < minutes * 60_000) {
    const missing = waiting - (queued - (await countEnded(engine)));
    if (missing > 0) {
      await engine.call('enqueueTasks', { tasks: someTasks(missing, queued) });
      queued += missing;
    }
    samples.push(look(engine, dataFolder, begun));
    await sleep(250);
  }
  const ended = await countEnded(engine);
  const perMinute = (60_000 * (ended - firstTasks)) / (performance.now() - begun - firstMs);
  const judgedSamples = samples.filter(({ atMs }) => atMs >= warmUpShare * minutes * 60_000);
  const memories = judgedSamples.map(({ memoryBytes }) => memoryBytes / mebibyte);
  const third = Math.max(1, Math.floor(memories.length / 3));
  const growth = mean(memories.slice(-third)) - mean(memories.slice(0, third));
  const wal = Math.max(...samples.map(({ walBytes }) => walBytes)) / mebibyte;
  return [
    judged(
      'first tasks completed',
      completed,
      'tasks',
      'R73 1,000 tasks on 3 agents all complete',
      completed === 1_000,
    ),
    fact('time for them', firstMs / 1_000, 's'),
    fact('tasks ended in all', ended, 'tasks'),
    judged('tasks after those, a minute', perMinute, 'tasks', 'it works all the time: > 300', perMinute > 300),
    judged('growth of the memory, last against first third', growth, 'MiB', 'R73 no growth > 50 MB', growth <= 47),
    fact('memory at the end', memories.at(-1) ?? Number.NaN, 'MiB'),
    fact('open descriptors at the end', judgedSamples.at(-1)?.descriptors ?? Number.NaN, ''),
    judged('write-ahead log, max', wal, 'MiB', 'T9 WAL < 64 MiB always', wal < 64),
  ];
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

const machine = describeMachine();
console.log(formatMachine(machine));
const folder = mkdtempSync(join(tmpdir(), 'signalbox-soak-'));
try {
  const dataFolder = join(folder, 'data');
  mkdirSync(dataFolder, { mode: 0o700 });
  const engine = await ServedEngine.start(dataFolder);
  const rows = await soak(engine, dataFolder).finally(() => engine.stop());
  console.log(`\n${formatTable(rows)}`);
  const results = fileURLToPath(new URL('../../bench-results', import.meta.url));
  mkdirSync(results, { recursive: true });
  const result = { at: new Date().toISOString(), minutes, machine, rows };
  writeFileSync(join(results, 'soak-latest.json'), `${JSON.stringify(result, null, 2)}\n`);
  if (rows.some(({ verdict }) => verdict === 'not met')) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
