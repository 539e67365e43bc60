import { fork } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLogReader, logPath } from '../../src-main/agents/log-reader.ts';
import { attemptIdSchema } from '../../src-main/contract/ids.ts';
import type { BenchHost } from './agent-host.ts';
import { withAgentHost } from './agent-host.ts';
import type { Measurement } from './measurement.ts';
import { fact, judged } from './measurement.ts';
import { Samples } from './quantiles.ts';

const lineBytes = 100;
const millionLines = 1_000_000;
const agents = 64;
const linesPerAgent = 20_000;
const flood = fileURLToPath(new URL('./flood.ts', import.meta.url));
const attemptId = attemptIdSchema.parse(`attempt_${'0'.repeat(26)}`);

const megabytes = (bytes: number) => bytes / 1e6;

/** MB/s of a process that starts the flood, reads it and throws it away. */
async function measureDiscard(lines: number): Promise<number> {
  const reader = fork(fileURLToPath(new URL('./discard-reader.ts', import.meta.url)), [String(lines)]);
  const [{ bytes, elapsedMs }] = (await once(reader, 'message')) as [{ bytes: number; elapsedMs: number }];
  await once(reader, 'exit');
  return (megabytes(bytes) * 1_000) / elapsedMs;
}

/** MB/s from the same flood into a log with its index, from the start until the process has ended and all is written. */
async function measureIngest(bench: BenchHost, key: string, lines: number): Promise<number> {
  const start = performance.now();
  const child = bench.start(key, [process.execPath, flood, String(lines)]);
  await child.exited;
  return (megabytes(lines * lineBytes) * 1_000) / (performance.now() - start);
}

/** How many bytes are missing from the logs of 64 agents that print at the same time. */
async function measureLoss(bench: BenchHost): Promise<number> {
  const keys = Array.from({ length: agents }, (_, index) => `agent-${index}`);
  await Promise.all(keys.map((key) => bench.start(key, [process.execPath, flood, String(linesPerAgent)]).exited));
  await Promise.all(keys.map((key) => bench.host.closeLog(join(bench.folder, `${key}.log`))));
  const stored = keys.reduce((sum, key) => sum + statSync(join(bench.folder, `${key}.log`)).size, 0);
  return agents * linesPerAgent * lineBytes - stored;
}

/** Pages of 1,000 lines at random places of a log of a million lines. */
async function measurePages(bench: BenchHost, count: number): Promise<Samples> {
  await bench.start(attemptId, [process.execPath, flood, String(millionLines)]).exited;
  await bench.host.closeLog(logPath(bench.folder, attemptId));
  const reader = createLogReader({ folder: bench.folder });
  const page = 1_000;
  const times = new Samples();
  for (let index = 0; index < count; index += 1) {
    const from = 1 + Math.floor(Math.random() * (millionLines - page));
    const start = performance.now();
    const read = await reader.read(attemptId, from, page);
    times.add(performance.now() - start);
    const first = read?.lines[0]?.text.split(' ', 1)[0];
    if (read?.totalLines !== millionLines || first !== String(from)) throw new Error(`line ${from} reads as ${first}`);
  }
  return times;
}

/** Alternates the two, so that what else the machine does hits both, and takes the better half of each. */
async function measureRatio(bench: BenchHost, lines: number, rounds: number) {
  const discards = new Samples();
  const ingests = new Samples();
  for (let round = 0; round < rounds; round += 1) {
    discards.add(await measureDiscard(lines));
    ingests.add(await measureIngest(bench, `flood-${round}`, lines));
  }
  return { discard: discards.quantile(0.75), ingest: ingests.quantile(0.75) };
}

/** Logs: from real children through the agent host into files, and back in pages. */
export const logsMeasurement: Measurement = {
  name: 'logs',
  measure: ({ quick }) =>
    withAgentHost(async (bench) => {
      const { discard, ingest } = await measureRatio(bench, quick ? 1_000_000 : 4_000_000, quick ? 2 : 4);
      const missing = await measureLoss(bench);
      const pages = await measurePages(bench, quick ? 300 : 2_000);
      const ratio = ingest / discard;
      return [
        fact('log, read the pipe and discard', discard, 'MB/s'),
        fact('log, ingest through the agent host', ingest, 'MB/s'),
        judged(
          'log, ingest against discarding',
          ratio,
          '×',
          'T7 log ingest ≥ 0.8 × reading the pipe and discarding',
          ratio >= 0.8,
        ),
        judged('log, bytes lost with 64 agents', missing, 'bytes', 'T7 nothing lost with 64 agents', missing === 0),
        fact('log, page of 1,000 of 1,000,000 lines, p50', pages.quantile(0.5), 'ms'),
        fact('log, page of 1,000 of 1,000,000 lines, p99', pages.quantile(0.99), 'ms'),
        judged(
          'log, page of 1,000 of 1,000,000 lines, max',
          pages.max,
          'ms',
          'T7 any page of a 1,000,000-line log < 5 ms',
          pages.max < 5,
        ),
      ];
    }),
};
