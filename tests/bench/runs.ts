import type { BenchEngine } from './bench-engine.ts';
import { withBenchEngine } from './bench-engine.ts';
import type { Measurement } from './measurement.ts';
import { fact, judged } from './measurement.ts';
import { Samples } from './quantiles.ts';
import { threeStages } from './three-stages.ts';

function untilRunEnded(engine: BenchEngine, runId: () => string | null): Promise<void> {
  const ended = new Set<string>();
  return new Promise((resolve) => {
    const stop = engine.onCommit((events) => {
      for (const event of events) if (event.kind === 'run.completed') ended.add(event.runId);
      const wanted = runId();
      if (ended.size === 0 || (wanted !== null && !ended.has(wanted))) return;
      stop();
      resolve();
    });
  });
}

/** Starts runs of three stages one after the other; each stage's agent completes at once. */
async function measureRuns(engine: BenchEngine, count: number) {
  const start = new Samples();
  const whole = new Samples();
  for (let index = 0; index < count; index += 1) {
    let runId: string | null = null;
    const ended = untilRunEnded(engine, () => runId);
    const begun = performance.now();
    const run = await engine.call('startRun', { workflow: threeStages.name, inputs: {}, folder: engine.folder });
    runId = run.id;
    start.add(performance.now() - begun);
    await ended;
    whole.add(performance.now() - begun);
  }
  return { start, whole };
}

/** Durable runs: their start, and their way through three stages. */
export const runsMeasurement: Measurement = {
  name: 'runs',
  measure: ({ quick }) =>
    withBenchEngine({ slots: 16, workflows: [threeStages] }, async (engine) => {
      await measureRuns(engine, 100);
      const { start, whole } = await measureRuns(engine, quick ? 300 : 1_500);
      const p99 = start.quantile(0.99);
      return [
        judged('start of a run, p99', p99, 'ms', 'T5 start of a run p99 < 2 ms', p99 < 2),
        fact('three-stage run, end to end p50', whole.quantile(0.5), 'ms'),
        fact('three-stage run, end to end p99', whole.quantile(0.99), 'ms'),
      ];
    }),
};
