import type { ApiInput } from '../../src-main/contract/api.ts';
import type { BenchEngine } from './bench-engine.ts';
import { withBenchEngine } from './bench-engine.ts';
import { countCpuTime } from './cpu-time.ts';
import type { Measurement, Row } from './measurement.ts';
import { fact, judged } from './measurement.ts';
import { Samples } from './quantiles.ts';

/** Tasks of one call when a queue is filled. */
const fillBatch = 1_000;

/** Queues so many copies of the one task, in large calls. */
export async function fillQueue(
  engine: BenchEngine,
  count: number,
  change: (index: number) => Partial<ApiInput<'enqueueTasks'>['tasks'][number]> = () => ({}),
): Promise<void> {
  const [task] = engine.oneTask.tasks;
  if (task === undefined) throw new Error('the sample has no task');
  for (let first = 0; first < count; first += fillBatch) {
    const size = Math.min(fillBatch, count - first);
    const tasks = Array.from({ length: size }, (_, index) => ({ ...task, ...change(first + index) }));
    await engine.call('enqueueTasks', { tasks });
  }
}

/** Resolves once so many more tasks have completed, committed. */
export function untilCompleted(engine: BenchEngine, count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    const stop = engine.onCommit((events) => {
      for (const event of events) if (event.kind === 'task.completed') left -= 1;
      if (left > 0) return;
      stop();
      resolve();
    });
  });
}

/** Fills a stopped queue, lets it run, and times the whole and each slot's way from one launch to its next. */
async function processQueue(engine: BenchEngine, count: number, workers: number) {
  await engine.call('freeze', { reason: 'the queue is filled first' });
  await fillQueue(engine, count);
  const launchedAt: number[] = [];
  engine.launcher.onLaunch = () => launchedAt.push(performance.now());
  const done = untilCompleted(engine, count);
  const start = performance.now();
  const cpuTime = countCpuTime();
  await engine.call('thaw', { reason: 'the queue is full' });
  await done;
  const cpuMicros = cpuTime() / count;
  const elapsedMs = performance.now() - start;
  engine.launcher.onLaunch = () => {};
  const cycle = new Samples();
  for (let index = workers; index < launchedAt.length; index += 1) {
    cycle.add((launchedAt[index] ?? 0) - (launchedAt[index - workers] ?? 0));
  }
  return { perSecond: (count * 1_000) / elapsedMs, cpuMicros, cycle };
}

/** From the call that adds a task to an idle engine until its attempt is handed to an agent. */
async function measurePickup(engine: BenchEngine, count: number): Promise<Samples> {
  const pickup = new Samples();
  for (let index = 0; index < count; index += 1) {
    const done = untilCompleted(engine, 1);
    let launchedAt = 0;
    engine.launcher.onLaunch = () => {
      launchedAt = performance.now();
    };
    const start = performance.now();
    await Promise.all([engine.call('enqueueTasks', engine.oneTask), done]);
    pickup.add(launchedAt - start);
  }
  return pickup;
}

async function withWorkers(workers: number, count: number): Promise<Awaited<ReturnType<typeof processQueue>>> {
  return withBenchEngine({ slots: workers }, async (engine) => {
    await processQueue(engine, Math.ceil(count / 10), workers);
    return processQueue(engine, count, workers);
  });
}

/** Claim, start, complete, through the engine's own path: the agent behind it does nothing and completes at once. */
export const processMeasurement: Measurement = {
  name: 'process',
  async measure({ quick }): Promise<readonly Row[]> {
    const one = await withWorkers(1, quick ? 2_000 : 6_000);
    const many = await withWorkers(64, quick ? 20_000 : 80_000);
    const pickup = await withBenchEngine({ slots: 64 }, (engine) => measurePickup(engine, quick ? 500 : 2_000));
    const cycleP99 = many.cycle.quantile(0.99);
    return [
      fact('process, 1 worker', one.perSecond, 'tasks/s'),
      fact('process, 1 worker, cycle p50', one.cycle.quantile(0.5), 'ms'),
      fact('process, 1 worker, cycle p99', one.cycle.quantile(0.99), 'ms'),
      fact('process, 64 workers', many.perSecond, 'tasks/s'),
      fact('process, 64 workers, processor time per task', many.cpuMicros, 'µs'),
      fact('process, 64 workers, cycle p50', many.cycle.quantile(0.5), 'ms'),
      judged('process, 64 workers, cycle p99', cycleP99, 'ms', 'T1 cycle p99 < 5 ms', cycleP99 < 5),
      fact('add → handler, p50', pickup.quantile(0.5), 'ms'),
      fact('add → handler, p99', pickup.quantile(0.99), 'ms'),
    ];
  },
};
