import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import type { TaskId } from '../../src-main/contract/ids.ts';
import { until } from '../support/until.ts';
import { waitForProcess } from './support/runs.ts';
import type { App } from './support/test.ts';
import { expect, test } from './support/test.ts';
import { addTestAgent, testTask } from './support/test-agent.ts';
import { expectOk } from './support/work.ts';

/** Lets an agent print a file and stay at work, and shows what it prints. */
async function printAndStay(app: App, text: string): Promise<TaskId> {
  const file = join(app.engineFolder, 'printed.txt');
  writeFileSync(file, text);
  const command = ['sh', '-c', 'cat "$0"; exec sleep 600', file];
  await addTestAgent(app.api, 'printer', { protocol: 'command', type: 'printer', command });
  const tasks = [testTask({}, { agent: { type: 'printer' } })];
  const { taskIds } = expectOk(await app.api.enqueueTasks({ tasks }));
  const [taskId] = taskIds;
  if (taskId === undefined) throw new Error('the engine stored a task and named none');
  const { id: attemptId } = await waitForProcess(app.api, { taskId });
  const lines = text.split('\n').length - 1;
  await until('all lines to be in the log', async () => {
    const { totalLines } = expectOk(await app.api.readLog({ attemptId }));
    return totalLines >= lines ? true : undefined;
  });
  await app.goTo('/agents/printer');
  return taskId;
}

async function endTask(app: App, taskId: TaskId): Promise<void> {
  expectOk(await app.api.cancelTask({ taskId, reason: 'the test is over' }));
}

function lines(page: Page): Locator {
  return page.getByRole('log');
}

/** Keeps what the page puts on the clipboard from now on. */
async function watchClipboard(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const copied: string[] = [];
    Object.assign(window, { copied });
    navigator.clipboard.writeText = async (text) => {
      copied.push(text);
    };
    document.addEventListener('copy', () => copied.push(String(window.getSelection())), true);
  });
  return () => page.evaluate(() => (window as unknown as { copied: string[] }).copied);
}

/** Notes how long the page was busy without a pause, from now on. @returns the longest, ms */
async function watchLongTasks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const longest = { ms: 0 };
    Object.assign(window, { longest });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest.ms = Math.max(longest.ms, duration);
    }).observe({ type: 'longtask' });
  });
  return () => page.evaluate(() => (window as unknown as { longest: { ms: number } }).longest.ms);
}

test('R65 the window obeys while an agent prints 20,000 lines a second, and follows the end', async ({ app }) => {
  const { page, api } = app;
  await addTestAgent(api, 'flooder');
  await app.goTo('/agents/flooder');
  const longestTask = await watchLongTasks(page);
  // It is ended as soon as enough was seen.
  const config = { mode: 'flood', bytes: 80 * 20_000 * 60, lineBytes: 80, linesPerSecond: 20_000 };
  const { taskIds } = expectOk(await api.enqueueTasks({ tasks: [testTask(config)] }));
  const [taskId] = taskIds;
  if (taskId === undefined) throw new Error('the engine stored a task and named none');

  await expect(lines(page)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Follow the end' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: /^Search/ }).click();
  await expect(page.getByRole('textbox', { name: 'Search and commands' })).toBeFocused();
  await page.keyboard.press('Escape');

  await lines(page).press('Home');
  const jump = page.getByRole('button', { name: /^Jump to end/ });
  await expect(jump).toContainText(/\([\d,]+ new\)/);
  await expect(lines(page).locator('[data-row="0"]')).toBeVisible();
  await jump.click();
  await expect(jump).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Follow the end' })).toHaveAttribute('aria-pressed', 'true');

  const { id: attemptId } = await waitForProcess(api, { taskId });
  const readEnd = async () => expectOk(await api.readLog({ attemptId, limit: 1 }));
  await expect.poll(async () => (await readEnd()).totalLines).toBeGreaterThan(40_000);
  await endTask(app, taskId);
  await expect.poll(async () => (await readEnd()).complete).toBe(true);
  const { totalLines } = await readEnd();
  // The last line of the whole log is what stands at the end of the window.
  await expect(lines(page).locator(`[data-row="${totalLines - 1}"]`)).toBeVisible();
  // The tight bound is the benchmark's; this holds on a machine that does much else.
  expect(await longestTask()).toBeLessThan(1_000);
});

test('R65 a log is searched, its first error found, and copied and saved as it was printed', async ({ app }) => {
  const { page, api } = app;
  const printed = Array.from({ length: 2_000 }, (_, index) => {
    if (index % 500 === 250) return `line ${index} has a <needle> in it`;
    if (index === 1_500) return '\u001b[31mERROR\u001b[0m: the tank is empty';
    return `line ${index}`;
  });
  const taskId = await printAndStay(app, `${printed.join('\n')}\n`);

  await test.step('search', async () => {
    const field = page.getByRole('textbox', { name: 'Search in the log' });
    const count = page.getByRole('toolbar', { name: 'Log' }).getByRole('status');
    await field.fill('NEEDLE');
    await expect(count).toHaveText(/^\d of 4$/);
    const before = await count.textContent();
    await page.getByRole('button', { name: 'Next match' }).click();
    await expect(count).not.toHaveText(String(before));
    await expect(lines(page).locator('[data-current]')).toContainText('has a <needle> in it');
    await page.getByRole('button', { name: 'Match case' }).click();
    await expect(count).toHaveText('no matches');
    await page.getByRole('button', { name: 'Match case' }).click();
    await page.getByRole('button', { name: 'Regular expression' }).click();
    await field.fill('line 1[0-9]{3} has');
    await expect(count).toHaveText(/^\d of 2$/);
    await field.press('Escape');
    await expect(count).toHaveText('');
  });

  await test.step('first error', async () => {
    await page.getByRole('button', { name: 'First error' }).click();
    await expect(lines(page).locator('[data-current]')).toContainText('ERROR: the tank is empty');
  });

  await test.step('copy', async () => {
    const copied = await watchClipboard(page);
    await lines(page).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    // Colours are no text.
    const text = printed.join('\n').replace('\u001b[31m', '').replace('\u001b[0m', '');
    await expect.poll(copied).toEqual([text]);
  });

  await test.step('download', async () => {
    const attempt = await waitForProcess(api, { taskId });
    const { path } = expectOk(await api.readLog({ attemptId: attempt.id }));
    const onDisk = readFileSync(path, 'utf8');
    const link = page.getByRole('link', { name: 'Download the whole log' });
    await expect(link).toHaveAttribute('download', `${attempt.id}.log`);
    const served = await link.evaluate(async (element) => (await fetch((element as HTMLAnchorElement).href)).text());
    expect(served).toBe(onDisk);
    // The double's browser is given answers by the test runner, which cannot save them.
    if (app.host !== 'browser') return;
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(readFileSync(await download.path(), 'utf8')).toBe(onDisk);
  });
  await endTask(app, taskId);
});

test('P12 whatever an agent prints is text: no element, no link, no clipboard, no other direction', async ({ app }) => {
  const { page } = app;
  const hostile = [
    '<img src="/nowhere" onerror="window.wasAttacked=1"><script>window.wasAttacked=1</script>',
    '<a href="javascript:window.wasAttacked=1">markup</a> javascript:window.wasAttacked=1 https://attacker.invalid/',
    '\u001b]8;;javascript:window.wasAttacked=1\u001b\\terminal link\u001b]8;;\u001b\\ end',
    '\u001b]52;c;aGFja2Vk\u0007 after the clipboard',
    '\u001b]0;another title\u0007 after the title \u001b[2J\u001b[H\u001b[8mhidden\u001b[0m',
    'admin\u202Egpj.exe \u2066isolated\u2069 \u200Fmark',
    '{{constructor.constructor("window.wasAttacked=1")()}} ${window.wasAttacked=1}',
    `huge ${'<b>x</b>'.repeat(250_000)}`,
    'the last line',
  ];
  const copied = await watchClipboard(page);
  const title = await page.title();
  const taskId = await printAndStay(app, `${hostile.join('\n')}\n`);
  const log = lines(page);
  await expect(log).toContainText('the last line');
  await expect(log).toContainText('<script>window.wasAttacked=1</script>');
  await expect(log).toContainText('terminal link end');
  await expect(log).toContainText('hidden');

  // What was printed made no element of any kind but those of the rows.
  expect(await log.locator('a, img, script, iframe, b, form, input, style, svg').count()).toBe(0);
  // Overrides of the direction are shown by their names, and turn nothing.
  await expect(log.locator('[data-control="U+202E"]')).toHaveCount(1);
  expect((await log.textContent())?.includes('\u202E')).toBe(false);
  // A huge line costs no more than what is seen of it.
  expect((await log.textContent())?.length).toBeLessThan(100_000);

  const address = page.url();
  await log.getByText('terminal link').click();
  await log.getByText('javascript:window').first().click();
  expect(page.url()).toBe(address);
  expect(await page.title()).toBe(title);
  expect(await copied()).toEqual([]);
  expect(await page.evaluate(() => 'wasAttacked' in window)).toBe(false);
  await endTask(app, taskId);
});
