import { setTimeout } from 'node:timers/promises';
import { priorities } from '../../src-main/contract/states.ts';
import type { BenchEngine } from './bench-engine.ts';
import { withBenchEngine } from './bench-engine.ts';
import { countCpuTime } from './cpu-time.ts';
import type { Load } from './load-watch.ts';
import { watchLoad } from './load-watch.ts';
import type { BenchOptions, Measurement } from './measurement.ts';
import { fact, judged } from './measurement.ts';
import { fillQueue, untilCompleted } from './process.ts';
import { Samples } from './quantiles.ts';

/** The most attempts that may be live: as many claims are timed at once. */
const slots = 1_024;
const shallow = 10_000;
const aDayMs = 24 * 3_600_000;
const lookEveryMs = 10;

/**
 * Claims per second: lets an engine whose slots are all free take as many tasks as it may, then takes them back. The
 * attempts do nothing and do not end by themselves.
 */
async function measureClaims(engine: BenchEngine, rounds: number) {
  const rates = new Samples();
  const costs = new Samples();
  for (let round = 0; round < rounds; round += 1) {
    const taken = Promise.withResolvers<void>();
    let launched = 0;
    engine.launcher.onLaunch = () => {
      launched += 1;
      if (launched === slots) taken.resolve();
    };
    const start = performance.now();
    const cpuTime = countCpuTime();
    await engine.call('thaw', { reason: 'claims are measured' });
    await taken.promise;
    costs.add(cpuTime() / slots);
    rates.add((slots * 1_000) / (performance.now() - start));
    await releaseAll(engine);
  }
  return { perSecond: rates.quantile(0.5), cpuMicros: costs.quantile(0.5) };
}

async function releaseAll(engine: BenchEngine): Promise<void> {
  const released = Promise.withResolvers<void>();
  let left = slots;
  const stop = engine.onCommit((events) => {
    for (const event of events) if (event.kind === 'task.released') left -= 1;
    if (left === 0) released.resolve();
  });
  await engine.call('freeze', { reason: 'the next round' });
  await released.promise;
  stop();
}

const mixed = (index: number) => ({ priority: priorities[index % priorities.length] ?? 'normal' });

/** Lets the time of all delayed tasks come, and waits until the engine has moved them to the ready ones. */
async function readyAll(engine: BenchEngine): Promise<void> {
  engine.passTime(2 * aDayMs);
  await engine.call('enqueueTasks', engine.oneTask);
  while (engine.store.reads.nextDelayedAt() !== null) await setTimeout(lookEveryMs);
}

/** From a short queue to a long one: claims at 10,000, with nine tenths delayed, and with everything ready. */
async function measureDepths(engine: BenchEngine, deep: number, rounds: number) {
  await engine.call('freeze', { reason: 'the queue is filled first' });
  engine.launcher.completes = false;
  await fillQueue(engine, shallow, mixed);
  await measureClaims(engine, 2);
  const atShallow = await measureClaims(engine, rounds);
  await fillQueue(engine, deep / 10 - shallow, mixed);
  await fillQueue(engine, (deep / 10) * 9, (index) => ({ ...mixed(index), delayMs: aDayMs + index }));
  const mostlyDelayed = await measureClaims(engine, rounds);
  const start = performance.now();
  await readyAll(engine);
  const readiedPerSecond = (deep * 900) / (performance.now() - start);
  const atDeep = await measureClaims(engine, rounds);
  return { atShallow, mostlyDelayed, atDeep, readiedPerSecond };
}

/** A mixed load: 64 workers empty a queue while four callers go on adding to it. */
async function measureLoad(engine: BenchEngine, tasks: number): Promise<Load> {
  await engine.call('freeze', { reason: 'the queue is filled first' });
  await fillQueue(engine, tasks);
  return watchLoad(engine.folder, async () => {
    const done = untilCompleted(engine, tasks);
    await engine.call('thaw', { reason: 'the queue is full' });
    let busy = true;
    const add = async () => {
      while (busy) await engine.call('enqueueTasks', engine.oneTask);
    };
    const adding = [add(), add(), add(), add()];
    await done;
    busy = false;
    await Promise.all(adding);
  });
}

function rowsOfDepths(deep: number, depths: Awaited<ReturnType<typeof measureDepths>>) {
  const { atShallow, mostlyDelayed, atDeep, readiedPerSecond } = depths;
  const depth = deep.toLocaleString('en');
  const target = `T4 claims/s at ${depth} queued ≥ 0.8 × those at 10,000`;
  const delayedRatio = mostlyDelayed.perSecond / atShallow.perSecond;
  const ratio = atDeep.perSecond / atShallow.perSecond;
  return [
    fact('claims, 10,000 queued, mixed priorities', atShallow.perSecond, '1/s'),
    fact('claims, 10,000 queued, mixed priorities, processor time', atShallow.cpuMicros, 'µs'),
    fact(`claims, ${depth} queued, 90 % delayed`, mostlyDelayed.perSecond, '1/s'),
    fact(`claims, ${depth} queued, 90 % delayed, processor time`, mostlyDelayed.cpuMicros, 'µs'),
    judged(
      'claims, 90 % delayed against 10,000',
      delayedRatio,
      '×',
      `${target}, also with 90 % delayed`,
      delayedRatio >= 0.8,
    ),
    fact('delayed tasks that become ready', readiedPerSecond, '1/s'),
    fact(`claims, ${depth} ready, mixed priorities`, atDeep.perSecond, '1/s'),
    fact(`claims, ${depth} ready, mixed priorities, processor time`, atDeep.cpuMicros, 'µs'),
    judged(`claims, ${depth} against 10,000`, ratio, '×', `${target}, also with mixed priorities`, ratio >= 0.8),
  ];
}

/** Claims at depth, and what a heavy load does to the write-ahead log and to the event loop. */
export const depthMeasurement: Measurement = {
  name: 'depth',
  async measure({ quick }: BenchOptions) {
    const deep = quick ? 100_000 : 1_000_000;
    const depths = await withBenchEngine({ slots }, (engine) => measureDepths(engine, deep, quick ? 3 : 9));
    const load = await withBenchEngine({ slots: 64 }, (engine) => measureLoad(engine, quick ? 10_000 : 60_000));
    return [
      ...rowsOfDepths(deep, depths),
      judged('load, write-ahead log, max', load.walMib, 'MiB', 'T9 WAL < 64 MiB always', load.walMib < 64),
      judged(
        'load, event loop delay, max',
        load.delayMaxMs,
        'ms',
        'responsive: ≤ 16 ms, one frame',
        load.delayMaxMs <= 16,
      ),
      fact('load, event loop delay, p99', load.delayP99Ms, 'ms'),
    ];
  },
};
