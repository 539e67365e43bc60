import { statSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const sampleEveryMs = 5;
const resolutionMs = 1;

export interface Load {
  /** The largest size of the write-ahead log, in MiB. */
  readonly walMib: number;
  /** The longest time for which the event loop did not come round, in milliseconds. */
  readonly delayMaxMs: number;
  readonly delayP99Ms: number;
}

/** Watches what a load does to the process and to its write-ahead log while the work runs. */
export async function watchLoad(folder: string, work: () => Promise<void>): Promise<Load> {
  let walBytes = 0;
  const look = () => {
    walBytes = Math.max(walBytes, statSync(join(folder, 'signalbox.db-wal'), { throwIfNoEntry: false })?.size ?? 0);
  };
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  const timer = setInterval(look, sampleEveryMs);
  delays.enable();
  try {
    await work();
  } finally {
    delays.disable();
    clearInterval(timer);
  }
  look();
  const inMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs);
  return { walMib: walBytes / 2 ** 20, delayMaxMs: inMs(delays.max), delayP99Ms: inMs(delays.percentile(99)) };
}
