import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import type { ApiClient } from '../../../src-main/contract/api.ts';
import type { Event } from '../../../src-main/contract/event.ts';
import type { RunId } from '../../../src-main/contract/ids.ts';
import { connectToEngine } from '../../e2e/support/engine-client.ts';
import { startBrowserHost } from '../../e2e/support/hosts/browser-host.ts';
import { eventsOf, waitForRun } from '../../e2e/support/runs.ts';
import { expectOk } from '../../e2e/support/work.ts';
import type { Row } from '../measurement.ts';
import { fact, judged } from '../measurement.ts';
import { Samples } from '../quantiles.ts';
import { inTemporaryFolder } from '../temporary-folder.ts';
import { mostBytesInFlight } from './bytes-in-flight.ts';
import { newestSeq, startEventLoad } from './event-load.ts';
import type { Shown } from './watch-changes.ts';
import { watchEvents, watchStages } from './watch-changes.ts';
import type { Watched } from './watch-page.ts';
import { watchPage } from './watch-page.ts';

const mib = 1024 * 1024;
/** The load comes to its pace, and the page to its own. */
const settleMs = 2_000;
const eventsPerPage = 1_000;
const stagesPerRun = 12;

/** From the commit of an event to the pixel, while five agents stream, through the real host and a real browser. */
export async function measureEventLatency(browser: Browser, watchMs: number, runs: number): Promise<readonly Row[]> {
  return inTemporaryFolder(async (folder) => {
    const dataFolder = join(folder, 'data');
    mkdirSync(dataFolder);
    const host = await startBrowserHost({ browser, dataFolder, args: [], onPage: () => undefined });
    const engine = await connectToEngine(dataFolder);
    try {
      const load = await startEventLoad(engine.api, folder);
      const bench = { page: host.page(), api: engine.api, folder, watchMs, runs };
      const rows = [...(await measureTail(bench)), ...(await measureRuns(bench)), ...(await measureFlight(bench))];
      await load.stop();
      return rows;
    } finally {
      engine.close();
      await host.end();
    }
  });
}

interface Bench {
  readonly page: Page;
  readonly api: ApiClient;
  readonly folder: string;
  readonly watchMs: number;
  readonly runs: number;
}

/** The view of all events, from the commit of every event to the frame that had it, or a newer one. */
async function measureTail({ page, api, watchMs }: Bench): Promise<readonly Row[]> {
  await show(page, '/events');
  await page.waitForSelector('button[aria-label^="Facts of event "]');
  await wait(settleMs);
  const seen = await watchEvents(page);
  const start = performance.now();
  const from = await newestSeq(api);
  const watched = await watchPage(page, () => wait(watchMs));
  const to = await newestSeq(api);
  const perSecond = ((to - from) / (performance.now() - start)) * 1_000;
  await wait(settleMs);
  const shown = await seen();
  const latency = latencyOf(await eventsBetween(api, from, to), (event) => shown.find(({ seq }) => seq >= event.seq));
  return [
    fact('events committed in all while their list is shown', perSecond, '1/s'),
    ...latencyRows('list of events', latency, 'T10 commit → pixel p95 < 100 ms at 7,000 events/s', 100),
    fact('list of events, updates of the page', (shown.length / (watchMs + settleMs)) * 1_000, '1/s'),
    ...pageRows('list of events', watched),
  ];
}

/** The page of a run, from the commit of every state of a stage to the frame that had it. */
async function measureRuns({ page, api, folder, runs }: Bench): Promise<readonly Row[]> {
  const path = writeWorkflow(folder);
  const latency = { changed: new Samples(), drawn: new Samples() };
  let committed = 0;
  let ms = 0;
  let watched: Watched | null = null;
  for (let count = 0; count < runs; count += 1) {
    const { id } = expectOk(await api.startRun({ workflow: path, inputs: {} }));
    await show(page, `/runs/${id}`);
    await page.waitForSelector('[data-stage][data-state]');
    const seen = await watchStages(page);
    const [start, from] = [performance.now(), await newestSeq(api)];
    watched = await watchPage(page, async () => {
      await waitForRun(api, id, ['completed'], 120_000);
    });
    committed += (await newestSeq(api)) - from;
    ms += performance.now() - start;
    await wait(1_000);
    const shown = await seen();
    const firstAt = shown[0]?.changedAt ?? 0;
    const events = (await stageEvents(api, id)).filter(({ at }) => at > firstAt);
    const found = latencyOf(events, (event) =>
      shown.find(({ stage, state }) => stage === event.stage && state === event.state),
    );
    latency.changed.addAll(found.changed);
    latency.drawn.addAll(found.drawn);
  }
  return [
    fact('events committed in all while a run is shown', (committed / ms) * 1_000, '1/s'),
    ...latencyRows('state of a stage', latency, 'T10 commit → pixel p95 < 100 ms; R52 < 200 ms', 100),
    ...(watched === null ? [] : pageRows('page of a run', watched)),
  ];
}

/** What is on its way to a window that shows all events. */
async function measureFlight({ page, watchMs }: Bench): Promise<readonly Row[]> {
  const devtools = await page.context().newCDPSession(page);
  let most = 0;
  most = await mostBytesInFlight(devtools, async () => {
    await show(page, '/events');
    await wait(watchMs);
  });
  await devtools.detach();
  return [judged('in flight to one window, most', most / mib, 'MiB', 'T10 ≤ 1 MiB in flight per window', most <= mib)];
}

interface Latency {
  readonly changed: Samples;
  readonly drawn: Samples;
}

function latencyOf<T extends { readonly at: number }>(
  events: readonly T[],
  find: (event: T) => Shown | undefined,
): Latency {
  const latency = { changed: new Samples(), drawn: new Samples() };
  for (const event of events) {
    const shown = find(event);
    latency.changed.add((shown?.changedAt ?? Number.POSITIVE_INFINITY) - event.at);
    latency.drawn.add((shown?.drawnBy ?? Number.POSITIVE_INFINITY) - event.at);
  }
  return latency;
}

function latencyRows(name: string, { changed, drawn }: Latency, target: string, limitMs: number): readonly Row[] {
  const p95 = drawn.quantile(0.95);
  return [
    fact(`${name}, commit → document, p50`, changed.quantile(0.5), 'ms'),
    fact(`${name}, commit → document, p95`, changed.quantile(0.95), 'ms'),
    judged(`${name}, commit → next frame, p95`, p95, 'ms', target, p95 < limitMs),
    fact(`${name}, commit → next frame, max`, drawn.max, 'ms'),
  ];
}

function pageRows(name: string, { busy, frames, longTasks }: Watched): readonly Row[] {
  const longest = longTasks.max;
  return [
    fact(`${name}, processor time of the page’s thread`, busy * 100, '%'),
    fact(`${name}, frames, p50`, frames.quantile(0.5), 'ms'),
    fact(`${name}, frames, p99`, frames.quantile(0.99), 'ms'),
    fact(`${name}, longest task (limit 100)`, Number.isNaN(longest) ? 0 : longest, 'ms'),
  ];
}

async function show(page: Page, route: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, `#${route}`);
}

function writeWorkflow(folder: string): string {
  const stages = Array.from(
    { length: stagesPerRun },
    (_, index) => `  - name: stage-${index + 1}\n    run: [sleep, '0.1']\n`,
  );
  const path = join(folder, 'twelve-stages.yaml');
  writeFileSync(path, `name: twelve-stages\nstages:\n${stages.join('')}`);
  return path;
}

async function stageEvents(api: ApiClient, runId: RunId) {
  const events = await eventsOf(api, { runId });
  return events.flatMap((event) => {
    if (event.kind === 'stage.started') return [{ stage: event.stage, state: 'running', at: event.at }];
    if (event.kind === 'stage.completed') return [{ stage: event.stage, state: 'completed', at: event.at }];
    return [];
  });
}

async function eventsBetween(api: ApiClient, from: number, to: number): Promise<readonly Event[]> {
  const all: Event[] = [];
  for (let seq = from; seq < to; ) {
    const { events } = expectOk(await api.listEvents({ afterSeq: seq, limit: eventsPerPage }));
    const last = events.at(-1);
    if (last === undefined) break;
    all.push(...events);
    seq = last.seq;
  }
  return all.filter(({ seq }) => seq <= to);
}
