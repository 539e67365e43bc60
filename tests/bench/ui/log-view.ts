import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import type { ApiClient } from '../../../src-main/contract/api.ts';
import type { AttemptId } from '../../../src-main/contract/ids.ts';
import { connectToEngine } from '../../e2e/support/engine-client.ts';
import { startBrowserHost } from '../../e2e/support/hosts/browser-host.ts';
import { expectOk, submitCommand, waitForTask } from '../../e2e/support/work.ts';
import { notYet, until } from '../../support/until.ts';
import type { Row } from '../measurement.ts';
import { fact, judged } from '../measurement.ts';
import { inTemporaryFolder } from '../temporary-folder.ts';
import { heapMegabytes, timeToFirstLine, watchPage } from './watch-page.ts';

const talker = fileURLToPath(new URL('./talker.ts', import.meta.url));
const shellAgent = 'shell';
const loadMs = 120_000;

/** A live log of so many lines, through the real host, in a real browser. */
export async function measureLogView(browser: Browser, lines: number, watchMs: number): Promise<readonly Row[]> {
  return inTemporaryFolder(async (folder) => {
    const dataFolder = join(folder, 'data');
    mkdirSync(dataFolder);
    const control = join(folder, 'rate');
    const setRate = (said: string) => writeFileSync(control, said);
    setRate('0');
    const host = await startBrowserHost({ browser, dataFolder, args: [], onPage: () => undefined });
    const engine = await connectToEngine(dataFolder);
    try {
      const argv = [process.execPath, talker, control, String(lines)];
      const taskId = await submitCommand(engine.api, argv, folder);
      await waitForTask(engine.api, taskId, 'running');
      const attemptId = await attemptOf(engine.api, taskId);
      await waitForLines(engine.api, attemptId, lines);
      const rows = await measurePage({ page: host.page(), attemptId, lines, watchMs, setRate, api: engine.api });
      setRate('end');
      await waitForTask(engine.api, taskId, 'completed');
      return rows;
    } finally {
      engine.close();
      await host.end();
    }
  });
}

async function measurePage(parts: {
  readonly page: Page;
  readonly api: ApiClient;
  readonly attemptId: AttemptId;
  readonly lines: number;
  readonly watchMs: number;
  readonly setRate: (said: string) => void;
}): Promise<readonly Row[]> {
  const { page, api, attemptId, lines, watchMs, setRate } = parts;
  const devtools = await page.context().newCDPSession(page);
  // The code of the view is loaded once; what counts is the log.
  await page.goto(`${new URL(page.url()).origin}/#/agents/${shellAgent}`);
  await page.waitForSelector('[data-log-lines] [data-stream]');
  await page.evaluate(() => {
    window.location.hash = '#/settings';
  });
  await page.waitForSelector('[data-log-lines]', { state: 'detached' });
  const before = await heapMegabytes(devtools);
  const opened = await timeToFirstLine(page, `#/agents/${shellAgent}`);
  const scrolled = await watchPage(page, () => scroll(page, watchMs));
  await page.click('[aria-label="Follow the end"]');
  setRate('6000');
  const steady = await watchPage(page, () => wait(watchMs));
  const heap = await heapMegabytes(devtools);
  setRate('20000');
  const flooded = await watchPage(page, () => wait(watchMs));
  setRate('0');
  const searchStart = performance.now();
  const found = expectOk(
    await api.searchLog({ attemptId, find: { kind: 'text', text: 'ERROR: the disk', caseSensitive: false } }),
  );
  const searchMs = performance.now() - searchStart;
  const longest = flooded.longTasks.max || 0;
  const steadyMs = steady.frames.quantile(0.99);
  return [
    judged(
      `log view, ${lines.toLocaleString('en')} lines, from the click to the first line`,
      opened.ms,
      'ms',
      'T8 open < 100 ms',
      opened.ms < 100,
    ),
    fact('log view, of this since the view is there', opened.viewMs, 'ms'),
    fact('log view, frames while scrolling, p50', scrolled.frames.quantile(0.5), 'ms'),
    fact('log view, frames while scrolling, p99', scrolled.frames.quantile(0.99), 'ms'),
    fact('log view, frames at 6,000 lines/s, p50', steady.frames.quantile(0.5), 'ms'),
    judged('log view, frames at 6,000 lines/s, p99', steadyMs, 'ms', 'T8 frame p99 ≤ 20 ms', steadyMs <= 20),
    fact('log view, processor time of the page’s thread at 6,000 lines/s', steady.busy * 100, '%'),
    judged('log view, heap of the page', heap, 'MB', 'T8 renderer heap < 100 MB', heap < 100),
    fact('log view, heap that the log adds', heap - before, 'MB'),
    fact('log view, longest task at 20,000 lines/s (limit 100)', Number.isNaN(longest) ? 0 : longest, 'ms'),
    fact(`log view, search of ${found.totalLines.toLocaleString('en')} lines`, searchMs, 'ms'),
  ];
}

async function scroll(page: Page, forMs: number): Promise<void> {
  const box = await page.locator('[data-log-lines]').boundingBox();
  if (box === null) throw new Error('the log is not on the page');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const end = performance.now() + forMs;
  for (let turn = 0; performance.now() < end; turn += 1) {
    await page.mouse.wheel(0, turn % 40 < 20 ? -700 : 500);
    await wait(16);
  }
}

async function attemptOf(api: ApiClient, taskId: string): Promise<AttemptId> {
  const { attempts } = expectOk(await api.getTask({ taskId }));
  const last = attempts.at(-1);
  if (last === undefined) throw new Error('the task runs without an attempt');
  return last.id;
}

async function waitForLines(api: ApiClient, attemptId: AttemptId, lines: number): Promise<void> {
  await until(
    `a log of ${lines} lines`,
    async () => {
      const { totalLines } = expectOk(await api.readLog({ attemptId, limit: 1 }));
      return totalLines >= lines ? true : notYet(totalLines);
    },
    loadMs,
  );
}
