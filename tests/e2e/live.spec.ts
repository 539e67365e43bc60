import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { RunId } from '../../src-main/contract/ids.ts';
import { eventsOf, startWorkflow, waitForProcess, waitForRun, waitForStage } from './support/runs.ts';
import type { App } from './support/test.ts';
import { expect, test } from './support/test.ts';

/** A run whose second stage goes on until the test lets it end. */
async function startHeldRun(app: App): Promise<{ readonly runId: RunId; letGo(): void }> {
  const signal = join(app.engineFolder, 'may-end');
  const source = `name: held
stages:
  - name: one
    run: [echo, one]
  - name: two
    run: [sh, -c, 'until [ -e "$0" ]; do sleep 0.05; done', ${signal}]
  - name: three
    run: [echo, three]
`;
  const { id: runId } = await startWorkflow(app, source);
  // Its process is the last thing that is told of it until it ends.
  await waitForStage(app.api, runId, 'two', ['running']);
  await waitForProcess(app.api, { runId });
  return { runId, letGo: () => writeFileSync(signal, '') };
}

/** The numbers of the events that a page shows, newest first. */
function shownSeqs(page: Page): Promise<number[]> {
  return page
    .getByRole('button', { name: /^Facts of event \d+$/ })
    .evaluateAll((buttons) => buttons.map((button) => Number(button.getAttribute('aria-label')?.split(' ').at(-1))));
}

async function storedSeqs(app: App, runId: RunId): Promise<number[]> {
  const events = await eventsOf(app.api, { runId });
  return events.map(({ seq }) => seq).toReversed();
}

async function show(page: Page, route: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, route);
}

test('R45 a window that is loaded again in mid-run shows the same history, and goes on', async ({ app }) => {
  const { runId, letGo } = await startHeldRun(app);
  await app.goTo(`/events?run=${runId}`);
  const before = await storedSeqs(app, runId);
  await expect.poll(() => shownSeqs(app.page)).toEqual(before);
  await app.reloadWindow();
  await expect.poll(() => shownSeqs(app.page)).toEqual(before);

  letGo();
  await waitForRun(app.api, runId, ['completed']);
  const after = await storedSeqs(app, runId);
  expect(after.slice(after.length - before.length)).toEqual(before);
  // Those that came over the feed are exactly those that are stored, each once.
  await expect.poll(() => shownSeqs(app.page)).toEqual(after);

  await app.goTo('/events');
  const last = (await eventsOf(app.api)).length;
  await expect.poll(async () => (await shownSeqs(app.page))[0]).toBe(last);
  const seqs = await shownSeqs(app.page);
  expect(seqs).toEqual(seqs.map((_, index) => last - index));
});

test('R45 two windows show the same, and both follow', async ({ app }) => {
  const { runId, letGo } = await startHeldRun(app);
  const second = await app.openSecondWindow();
  const pages = [app.page, second];
  for (const page of pages) await show(page, '/runs');
  for (const page of pages) {
    const row = page.getByRole('row').filter({ hasText: 'held' });
    await expect(row).toContainText('Running');
    await expect(row).toContainText('33 %');
  }
  letGo();
  for (const page of pages) {
    const row = page.getByRole('row').filter({ hasText: 'held' });
    await expect(row).toContainText('Completed');
    await expect(row).toContainText('100 %');
  }
  await waitForRun(app.api, runId, ['completed']);
  for (const page of pages) await show(page, `/events?run=${runId}`);
  const stored = await storedSeqs(app, runId);
  for (const page of pages) await expect.poll(() => shownSeqs(page)).toEqual(stored);
});

test('an engine that no longer answers is shown within two seconds, and the window heals by itself', async ({
  app,
}) => {
  const { page } = app;
  app.forgive(/WebSocket/);
  await app.goTo('/runs');
  const strip = page.getByRole('contentinfo');
  const main = page.getByRole('main');
  await expect(strip).toContainText('Connected');
  await expect(page.getByRole('heading', { name: 'Runs' })).toBeVisible();

  process.kill(app.pid, 'SIGSTOP');
  const stoppedAt = Date.now();
  try {
    // A list that was just being read may say so, too.
    const lost = page.getByRole('alert').filter({ hasText: 'Not connected to the engine' });
    await expect(lost).toBeVisible({ timeout: 5_000 });
    // Two seconds, and what a busy machine adds to what it takes to see it.
    expect(Date.now() - stoppedAt).toBeLessThan(3_000);
    await expect(strip).toContainText('Connection lost');
    // What was shown is still there, and looks like what it is: old.
    await expect(page.getByRole('heading', { name: 'Runs' })).toBeVisible();
    await expect(main).toHaveAttribute('data-stale', 'true');
    expect(await main.evaluate((element) => Number(getComputedStyle(element).opacity))).toBeLessThan(1);
  } finally {
    process.kill(app.pid, 'SIGCONT');
  }
  await expect(strip).toContainText('Connected');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(main).not.toHaveAttribute('data-stale', 'true');

  // What happens from then on is shown without a reload.
  const { letGo } = await startHeldRun(app);
  const row = page.getByRole('row').filter({ hasText: 'held' });
  await expect(row).toContainText('Running');
  letGo();
  await expect(row).toContainText('Completed');
});
