import type { Locator, Page } from '@playwright/test';
import type { ApiInput } from '../../src-main/contract/api.ts';
import type { App } from './support/test.ts';
import { expect, test } from './support/test.ts';
import { expectOk } from './support/work.ts';

type NewTask = ApiInput<'enqueueTasks'>['tasks'][number];
type Filter = Omit<ApiInput<'listTasks'>, 'limit' | 'count'>;

const inAll = 100_000;
const atOnce = 1_000;
const colours = ['violet', 'green', 'grey', 'white'] as const;

/** The n-th of many: every fourth has a colour of its own, every tenth is of low priority. */
function task(number: number, folder: string): NewTask {
  return {
    title: `task ${String(number).padStart(5, '0')} ${colours[number % colours.length]}`,
    agent: { type: 'shell' },
    work: { kind: 'command', command: { kind: 'argv', argv: ['true'] } },
    // One for all: a folder of its own for each would be a hundred thousand folders.
    folder,
    priority: number % 10 === 0 ? 'low' : 'normal',
  };
}

async function enqueueMany(app: App): Promise<void> {
  // Nothing is claimed while all is frozen, so that they stay where they are.
  expectOk(await app.api.freeze({ reason: 'The test looks at the queue' }));
  for (let from = 0; from < inAll; from += atOnce) {
    const tasks = Array.from({ length: atOnce }, (_, index) => task(from + index, app.engineFolder));
    expectOk(await app.api.enqueueTasks({ tasks }));
  }
}

async function countBy(app: App, filter: Filter): Promise<number> {
  return expectOk(await app.api.listTasks({ ...filter, count: true, limit: 1 })).total ?? -1;
}

function chip(page: Page, label: string): Locator {
  return page.getByRole('search').getByRole('button', { name: label });
}

/** How many tasks the view says that it is about. */
async function expectShown(page: Page, count: number): Promise<void> {
  await expect(page.getByRole('search').getByText(/^[\d,]+ tasks?$/)).toHaveText(
    count === 1 ? '1 task' : `${count.toLocaleString('en')} tasks`,
  );
}

/** Chooses all that match, also those that are not loaded. */
async function chooseAll(page: Page, count: number): Promise<Locator> {
  await page.getByRole('checkbox', { name: 'Choose all rows that are loaded' }).click();
  const bulk = page.getByRole('region', { name: 'Chosen tasks' });
  await bulk.getByRole('button', { name: `Choose all ${count.toLocaleString('en')} tasks that match` }).click();
  await expect(bulk).toContainText(`${count.toLocaleString('en')} tasks chosen`);
  return bulk;
}

test('a queue of 100,000 tasks is counted, filtered, searched, scrolled and changed as a whole', async ({ app }) => {
  test.setTimeout(240_000);
  const { page } = app;
  // Opened when they are there: what it costs to follow them coming in is another question.
  await app.goTo('/settings');
  await enqueueMany(app);
  await app.goTo('/queue');
  const rows = page.getByRole('row').filter({ hasText: /task \d{5}/ });
  const violet = { states: ['queued' as const], search: 'violet' };

  await test.step('count', async () => {
    await expectShown(page, inAll);
    await expect(rows.first()).toContainText('task 00001');
    // Only what is in sight is in the page.
    expect(await rows.count()).toBeLessThan(200);
  });

  await test.step('scroll', async () => {
    await rows.first().hover();
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, 4_000);
        return Number(await rows.last().getAttribute('data-index'));
      })
      .toBeGreaterThan(300);
    expect(await rows.count()).toBeLessThan(200);
  });

  await test.step('filter and search', async () => {
    await chip(page, 'low').click();
    await expectShown(page, await countBy(app, { states: ['queued'], priorities: ['low'] }));
    await expectShown(page, inAll / 10);
    await page.getByRole('textbox', { name: /^Search:/ }).fill('violet');
    await expectShown(page, await countBy(app, { ...violet, priorities: ['low'] }));
    await expectShown(page, inAll / 20);
    await expect(rows.first()).toContainText('task 00000 violet');
  });

  await test.step('change the priority of all that match', async () => {
    const bulk = await chooseAll(page, inAll / 20);
    await bulk.getByRole('button', { name: 'Priority' }).click();
    await page.getByRole('menuitem', { name: 'high' }).click();
    await expect(page.getByText('5,000 tasks given the new priority')).toBeVisible({ timeout: 60_000 });
    expect(await countBy(app, { ...violet, priorities: ['high'] })).toBe(inAll / 20);
    expect(await countBy(app, { ...violet, priorities: ['low'] })).toBe(0);
    await expect(page.getByText('No task matches the filter.')).toBeVisible();
  });

  await test.step('cancel all that match', async () => {
    await chip(page, 'low').click();
    await chip(page, 'high').click();
    await expectShown(page, inAll / 20);
    const bulk = await chooseAll(page, inAll / 20);
    await bulk.getByRole('button', { name: 'Cancel' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel 5,000 tasks?' });
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Nobody wants them any more');
    await dialog.getByRole('button', { name: 'Cancel tasks' }).click();
    await expect(page.getByText('5,000 tasks cancelled')).toBeVisible({ timeout: 60_000 });
    expect(await countBy(app, { states: ['cancelled'] })).toBe(inAll / 20);
    expect(await countBy(app, { states: ['queued'] })).toBe(inAll - inAll / 20);
    await page.getByRole('link', { name: /^All/ }).click();
    await expectShown(page, inAll);
  });
});

test('dead letters are told apart by category, and replayed one by one or all that match', async ({ app }) => {
  const { page, api } = app;
  const work = (...argv: string[]) => ({ kind: 'command' as const, command: { kind: 'argv' as const, argv } });
  const common = { agent: { type: 'shell' }, folder: app.engineFolder, retry: { maxAttempts: 1 } };
  const failing = ['one', 'two', 'three'].map((title) => ({ ...common, title, work: work('false') }));
  const slow = ['four', 'five'].map((title) => ({
    ...common,
    title,
    work: work('sleep', '600'),
    timeouts: { runMs: 200, stopMs: 200 },
  }));
  expectOk(await api.enqueueTasks({ tasks: [...failing, ...slow] }));
  await app.goTo('/queue/dead');
  await expectShown(page, 5);
  const { categories } = expectOk(await api.countDeadLetters({}));
  expect(categories).toEqual([
    { category: 'exit', count: 3 },
    { category: 'timeout', count: 2 },
  ]);
  // They are put back while nothing may start, so that they are seen to be back.
  expectOk(await api.freeze({ reason: 'The test looks at the queue' }));

  await page.getByRole('button', { name: 'Replay three' }).click();
  await expectShown(page, 4);
  await expect(chip(page, 'exit code')).toContainText('2');

  await chip(page, 'time-out').click();
  await expectShown(page, 2);
  await expect(page.getByRole('row').filter({ hasText: 'four' })).toContainText('time-out');
  await page.getByRole('button', { name: 'Replay all that match' }).click();
  await expect(page.getByText('No task matches the filter.')).toBeVisible();
  expect(expectOk(await api.countDeadLetters({})).categories).toEqual([{ category: 'exit', count: 2 }]);
  expect(await countBy(app, { states: ['queued'] })).toBe(3);
  await expect(page.getByRole('link', { name: /^Dead letters/ })).toContainText('2');
});
