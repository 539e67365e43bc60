import type { BenchEngine } from './bench-engine.ts';
import { withBenchEngine } from './bench-engine.ts';
import { countCpuTime } from './cpu-time.ts';
import { measureFlushRate } from './flush-rate.ts';
import type { Measurement } from './measurement.ts';
import { fact, judged } from './measurement.ts';
import { Samples } from './quantiles.ts';

const callers = 64;

/** Adds tasks from so many callers, each waiting for its answer before the next, and times every call. */
async function submit(engine: BenchEngine, count: number, concurrency: number) {
  const latency = new Samples();
  let left = count;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      const start = performance.now();
      await engine.call('enqueueTasks', engine.oneTask);
      latency.add(performance.now() - start);
    }
  };
  const start = performance.now();
  const cpuTime = countCpuTime();
  await Promise.all(Array.from({ length: concurrency }, caller));
  return { perSecond: (count * 1_000) / (performance.now() - start), cpuMicros: cpuTime() / count, latency };
}

/** Durable submission: `enqueueTasks` with one task, answered after the flush. Nothing is claimed meanwhile. */
export const submitMeasurement: Measurement = {
  name: 'submit',
  measure: ({ quick }) =>
    withBenchEngine({ slots: 1 }, async (engine) => {
      await engine.call('freeze', { reason: 'only submission is measured' });
      await submit(engine, quick ? 4_000 : 20_000, callers);
      const one = await submit(engine, quick ? 2_000 : 8_000, 1);
      const many = await submit(engine, quick ? 30_000 : 150_000, callers);
      const flushes = measureFlushRate(engine.folder, quick ? 500 : 2_000);
      const ratio = many.perSecond / flushes;
      return [
        fact("the machine's own fdatasync", flushes, '1/s'),
        fact('submit, one at a time', one.perSecond, 'tasks/s'),
        fact('submit, one at a time, p50', one.latency.quantile(0.5), 'ms'),
        fact('submit, one at a time, p95', one.latency.quantile(0.95), 'ms'),
        fact('submit, one at a time, p99', one.latency.quantile(0.99), 'ms'),
        fact('submit, 64 callers', many.perSecond, 'tasks/s'),
        judged(
          'submit, 64 callers, against fdatasync',
          ratio,
          '×',
          "T2 durable add by 64 callers ≥ 15 × the machine's own fdatasync/s",
          ratio >= 15,
        ),
        fact('submit, 64 callers, processor time per task', many.cpuMicros, 'µs'),
        fact('submit, 64 callers, p50', many.latency.quantile(0.5), 'ms'),
        fact('submit, 64 callers, p95', many.latency.quantile(0.95), 'ms'),
        fact('submit, 64 callers, p99', many.latency.quantile(0.99), 'ms'),
      ];
    }),
};
