import type { CDPSession, Page } from '@playwright/test';
import { Samples } from '../quantiles.ts';

/** What a page did for a while. */
export interface Watched {
  /** Processor time that its thread used, as a share of the time: unlike the frames it hardly depends on other work. */
  readonly busy: number;
  /** Times between frames, ms. */
  readonly frames: Samples;
  /** Tasks of the page's thread that took longer than 50 ms, by their lengths in ms. */
  readonly longTasks: Samples;
}

/** What runs in the page keeps its findings here. */
interface Notes {
  benchFrames: number[];
  benchTasks: number[];
  benchObserver: PerformanceObserver;
  isBenchOn: boolean;
}

/** Counts frames and long tasks of a page while the work goes on. */
export async function watchPage(page: Page, work: () => Promise<void>): Promise<Watched> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.evaluate(() => {
    const notes = window as unknown as Notes;
    notes.benchFrames = [];
    notes.benchTasks = [];
    notes.isBenchOn = true;
    notes.benchObserver = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) notes.benchTasks.push(duration);
    });
    notes.benchObserver.observe({ type: 'longtask' });
    let last = performance.now();
    const next = (now: number) => {
      notes.benchFrames.push(now - last);
      last = now;
      if (notes.isBenchOn) requestAnimationFrame(next);
    };
    requestAnimationFrame((now) => {
      last = now;
      requestAnimationFrame(next);
    });
  });
  const [start, usedBefore] = [performance.now(), await threadMs(devtools)];
  await work();
  const busy = ((await threadMs(devtools)) - usedBefore) / (performance.now() - start);
  await devtools.detach();
  const seen = await page.evaluate(() => {
    const notes = window as unknown as Notes;
    notes.isBenchOn = false;
    notes.benchObserver.disconnect();
    return { frames: notes.benchFrames, tasks: notes.benchTasks };
  });
  return { busy, frames: samplesOf(seen.frames), longTasks: samplesOf(seen.tasks) };
}

/** Processor time that the tasks of the page's thread have used. */
async function threadMs(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
}

/** The heap of a page after everything unused was given back, MB. */
export async function heapMegabytes(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

/**
 * How long it takes from going to an address until a line of a log is drawn, and how much of it since the log view
 * is there, ms.
 */
export function timeToFirstLine(page: Page, hash: string): Promise<{ readonly ms: number; readonly viewMs: number }> {
  return page.evaluate(
    (address) =>
      new Promise<{ ms: number; viewMs: number }>((resolve) => {
        const start = performance.now();
        let viewAt: number | null = null;
        const look = () => {
          const now = performance.now();
          if (document.querySelector('[data-log-lines]') !== null) viewAt ??= now;
          if (document.querySelector('[data-log-lines] [data-stream]') === null) requestAnimationFrame(look);
          else resolve({ ms: now - start, viewMs: now - (viewAt ?? now) });
        };
        window.location.hash = address;
        requestAnimationFrame(look);
      }),
    hash,
  );
}

function samplesOf(values: readonly number[]): Samples {
  const samples = new Samples();
  for (const value of values) samples.add(value);
  return samples;
}
