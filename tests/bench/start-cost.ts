/**
 * A program with so much memory in use that starts processes in both ways and says what that cost:
 * `start-cost.ts MEGABYTES COUNT`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { BenchHost } from './agent-host.ts';
import { withAgentHost } from './agent-host.ts';
import { Samples } from './quantiles.ts';

/** What starting processes in one way cost. */
export interface StartCost {
  /** How long the call itself blocks, in milliseconds. */
  readonly blocksP50: number;
  readonly blocksP99: number;
  /** Started, ended and noticed per second, eight at a time. */
  readonly perSecond: number;
}

export interface StartCosts {
  readonly residentMb: number;
  readonly direct: StartCost;
  readonly host: StartCost;
}

const program = '/bin/true';
const atOnce = 8;

async function measure(count: number, start: (index: number) => { readonly ended: Promise<unknown> }) {
  const blocks = new Samples();
  let next = 0;
  const lane = async () => {
    while (next < count) {
      next += 1;
      const before = performance.now();
      const { ended } = start(next);
      blocks.add(performance.now() - before);
      await ended;
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: atOnce }, lane));
  const perSecond = (count * 1_000) / (performance.now() - begun);
  return { blocksP50: blocks.quantile(0.5), blocksP99: blocks.quantile(0.99), perSecond };
}

/** What a supervisor does at least: read both streams to their end. */
function startDirectly() {
  const child = spawn(program, [], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  child.stdout.resume();
  child.stderr.resume();
  return { ended: once(child, 'close') };
}

function startHosted({ start }: BenchHost, key: string) {
  return { ended: start(key, [program]).exited };
}

const [megabytes = 0, count = 0] = process.argv.slice(2).map(Number);
const ballast = Array.from({ length: megabytes }, () => Buffer.alloc(1024 * 1024, 1));
await withAgentHost(async (bench) => {
  await measure(atOnce * 2, startDirectly);
  await measure(atOnce * 2, (index) => startHosted(bench, `warm-${index}`));
  const direct = await measure(count, startDirectly);
  const host = await measure(count, (index) => startHosted(bench, `run-${index}`));
  const costs: StartCosts = { residentMb: process.memoryUsage.rss() / 2 ** 20, direct, host };
  process.send?.(costs);
});
// Looked at after the measurement, so that it is not collected before.
if (ballast.length !== megabytes) throw new Error('the ballast is gone');
process.disconnect();
