import type { Locator, Page } from '@playwright/test';
import type { ApiOutput } from '../../src-main/contract/api.ts';
import { formatDuration } from '../../src-renderer/format/duration.ts';
import { eventsOf, workOf } from './support/runs.ts';
import type { App } from './support/test.ts';
import { expect, test } from './support/test.ts';
import type { Prepared } from './support/views.ts';
import { openView, prepareWork, routesOf } from './support/views.ts';
import { expectOk } from './support/work.ts';

async function statusOf(app: App): Promise<ApiOutput<'getStatus'>> {
  return expectOk(await app.api.getStatus({}));
}

function row(page: Page, text: string | RegExp): Locator {
  return page.getByRole('row').filter({ hasText: text });
}

/** The rows of a table that are about something, without its head. */
function bodyRows(page: Page): Locator {
  return page.locator('tr[data-index]');
}

test('R62 every view shows what is stored', async ({ app }) => {
  test.setTimeout(180_000);
  const prepared = await prepareWork(app);
  await test.step('the frame', () => frame(app));
  await test.step('overview', () => overview(app));
  await test.step('runs', () => runs(app));
  await test.step('a run', () => oneRun(app, prepared));
  await test.step('a task', () => oneTask(app, prepared));
  await test.step('agents', () => agents(app));
  await test.step('queue and dead letters', () => queue(app));
  await test.step('inbox', () => inbox(app));
  await test.step('events', () => events(app));
  await test.step('metrics', () => metrics(app));
  await test.step('health and settings', () => settings(app));
  await test.step('the command bar', () => commandBar(app, prepared));
});

async function frame(app: App): Promise<void> {
  const { page } = app;
  const status = await statusOf(app);
  const counters = page.getByRole('navigation', { name: 'What is going on' });
  const questions = status.questions.approvals + status.questions.permissions;
  await expect(counters.getByRole('link', { name: /running/ })).toHaveText(`${status.runs.running} running`);
  await expect(counters.getByRole('link', { name: /queued/ })).toHaveText(`${status.tasks.queued} queued`);
  await expect(counters.getByRole('link', { name: /waiting/ })).toHaveText(`${questions} waiting for you`);
  await expect(counters.getByRole('link', { name: /failed/ })).toHaveText(`${status.failedToday} failed today`);
  await expect(page.getByRole('contentinfo')).toContainText(app.engineFolder);
  await expect(page.getByRole('contentinfo')).toContainText(`Signalbox ${status.version}`);
  await page.getByRole('button', { name: /^Engine:/ }).click();
  await expect(page.getByText(`${status.slots.used} of ${status.slots.total} slots in use`)).toBeVisible();
  // Attempts that are retried change it while it is looked at.
  await expect(async () => {
    const { health } = await statusOf(app);
    for (const { message } of health.reasons)
      await expect(page.getByText(message).first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 20_000 });
  await page.keyboard.press('Escape');
}

async function overview(app: App): Promise<void> {
  const page = await openView(app, '/');
  const stored = expectOk(await app.api.getOverview({ since: 0 }));
  const main = page.getByRole('main');
  for (const { run } of stored.live) {
    await expect(main.getByRole('listitem').filter({ hasText: run.workflow }).first()).toContainText(
      `${run.progress} %`,
    );
  }
  for (const { workflow } of stored.finished) await expect(main).toContainText(workflow);
  await expect(main).toContainText(new RegExp(`${stored.deadTasks} (dead letters|tasks used up)`));
  await expect(main).toContainText(`${stored.lastHour.completed}attempts completed`);
  await expect(main).toContainText(`${stored.lastHour.failed}attempts failed`);
}

async function runs(app: App): Promise<void> {
  const page = await openView(app, '/runs');
  const stored = expectOk(await app.api.listRuns({ count: true }));
  await expect(page.getByRole('main')).toContainText(`${stored.total} runs`);
  await expect(bodyRows(page)).toHaveCount(stored.runs.length);
  for (const run of stored.runs) {
    const shown = row(page, run.workflow);
    await expect(shown).toContainText(new RegExp(run.state, 'i'));
    await expect(shown).toContainText(`${run.progress} %`);
    for (const agent of run.agents) await expect(shown).toContainText(agent);
  }
  await page.getByRole('button', { name: /^Failed/ }).click();
  const failed = expectOk(await app.api.listRuns({ states: ['failed'] })).runs;
  await expect(bodyRows(page)).toHaveCount(failed.length);
  await expect(row(page, failed[0]?.workflow ?? '')).toBeVisible();
  await page.getByRole('button', { name: /^Failed/ }).click();
  await page.getByRole('textbox', { name: /^Search:/ }).fill('careful');
  const found = expectOk(await app.api.listRuns({ search: 'careful' })).runs;
  await expect(bodyRows(page)).toHaveCount(found.length);
}

async function oneRun(app: App, { completed }: Prepared): Promise<void> {
  const work = await workOf(app.api, completed);
  const page = await openView(app, `/runs/${completed}?stage=test`);
  const main = page.getByRole('main');
  await expect(main).toContainText(`${work.run.progress} %`);
  for (const { name, state } of work.run.stages) {
    await expect(page.locator(`[data-stage="${name}"]`)).toHaveAttribute('data-state', state);
  }
  const inspector = page.getByRole('complementary', { name: 'Stage' });
  await expect(inspector).toContainText('coverage >= 80');
  await expect(inspector).toContainText('found 97');

  await openView(app, `/runs/${completed}/timeline`);
  for (const { name } of work.run.stages) await expect(main).toContainText(name);
  await openView(app, `/runs/${completed}/logs`);
  await expect(page.getByRole('log')).toContainText('ready');
  await expect(page.getByRole('log')).toContainText('trouble');
  await openView(app, `/runs/${completed}/events`);
  const newest = (await eventsOf(app.api, { runId: completed })).at(-1);
  await expect(page.getByRole('region', { name: 'Events of the run' })).toContainText(`${newest?.seq}`);
  await expect(page.getByRole('region', { name: 'Events of the run' })).toContainText('run.completed');
  await openView(app, `/runs/${completed}/values`);
  await expect(page.getByRole('region', { name: 'Inputs', exact: true }).first()).toContainText('1.2.3');
  await expect(page.getByRole('region', { name: 'Outputs of test' }).first()).toContainText('97');
}

async function oneTask(app: App, { taskId }: Prepared): Promise<void> {
  const { task, attempts } = expectOk(await app.api.getTask({ taskId }));
  const page = await openView(app, `/tasks/${taskId}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(task.spec.title);
  await expect(page.getByRole('article', { name: /^Attempt/ })).toHaveCount(attempts.length);
  await expect(page.getByRole('log')).toContainText('done');
}

async function agents(app: App): Promise<void> {
  const page = await openView(app, '/agents');
  const stored = expectOk(await app.api.listAgents({})).agents;
  await expect(page.getByRole('article')).toHaveCount(stored.length);
  for (const { definition, slotsUsed, completed, failed, processes } of stored) {
    const card = page.getByRole('article', { name: definition.title, exact: true });
    await expect(card).toContainText(`${slotsUsed}/${definition.slots}`);
    await expect(card).toContainText(`${completed} / ${failed}`);
    for (const { pid } of processes) await expect(card).toContainText(String(pid));
  }
}

async function queue(app: App): Promise<void> {
  const page = await openView(app, '/queue');
  const waiting = ['queued', 'blocked', 'claimed', 'running'] as const;
  const stored = expectOk(await app.api.listTasks({ states: [...waiting], count: true }));
  await expect(bodyRows(page)).toHaveCount(stored.tasks.length);
  for (const { title } of stored.tasks) await expect(row(page, title).first()).toBeVisible();
  const status = await statusOf(app);
  const tabs = page.getByRole('navigation', { name: 'Parts of this view' });
  await expect(tabs.getByRole('link', { name: /^Dead letters/ })).toContainText(String(status.tasks.dead));
  await openView(app, '/queue/dead');
  const dead = expectOk(await app.api.listTasks({ states: ['dead'] })).tasks;
  await expect(bodyRows(page)).toHaveCount(dead.length);
  for (const { title, failure } of dead) await expect(row(page, title).first()).toContainText(failure?.message ?? '');
  await openView(app, '/queue/all');
  const all = expectOk(await app.api.listTasks({ count: true }));
  await expect(bodyRows(page)).toHaveCount(all.total ?? -1);
}

async function inbox(app: App): Promise<void> {
  const page = await openView(app, '/inbox');
  const { approvals } = expectOk(await app.api.listApprovals({ states: ['open'] }));
  const { permissions } = expectOk(await app.api.listPermissions({ states: ['open'] }));
  await expect(page.getByRole('article')).toHaveCount(approvals.length + permissions.length);
  for (const { question } of approvals) await expect(page.getByRole('article', { name: question })).toBeVisible();
  for (const { title } of permissions) await expect(page.getByRole('article', { name: title })).toBeVisible();
  await openView(app, '/inbox/trouble');
  for (const { title } of expectOk(await app.api.listTasks({ states: ['dead'] })).tasks) {
    await expect(row(page, title).first()).toBeVisible();
  }
}

async function events(app: App): Promise<void> {
  const page = await openView(app, '/events');
  const stored = await eventsOf(app.api);
  const facts = page.getByRole('button', { name: /^Facts of event/ });
  await expect(facts.first()).toHaveAccessibleName(`Facts of event ${stored.length}`);
  await openView(app, '/events?kind=run.failed');
  const failed = stored.filter(({ kind }) => kind === 'run.failed');
  await expect(facts).toHaveCount(failed.length);
  await facts.first().click();
  await expect(page.getByRole('region', { name: `Facts of event ${failed.at(-1)?.seq}` })).toContainText('failure');
}

async function metrics(app: App): Promise<void> {
  const page = await openView(app, '/metrics');
  const now = Date.now();
  // Everything in this folder is younger than that, so that each range gives the same sums.
  const stored = expectOk(await app.api.getMetrics({ from: now - 3_600_000, to: now + 60_000 }));
  const figures = page.getByRole('region', { name: 'The range in figures' });
  const sum = (of: 'tasksCompleted' | 'tasksFailed' | 'runsCompleted' | 'runsFailed') =>
    stored.buckets.reduce((all, bucket) => all + bucket[of], 0);
  await expect(figures).toContainText(`${sum('tasksCompleted')}attempts completed`);
  await expect(figures).toContainText(`${sum('tasksFailed')}attempts failed`);
  await expect(figures).toContainText(`${sum('runsCompleted')}runs completed`);
  await expect(figures).toContainText(`${sum('runsFailed')}runs failed`);
  await expect(figures).toContainText(`${formatDuration(stored.queueDelay.p95Ms)}queue delay, p95`);
  await expect(figures).toContainText(`${formatDuration(stored.taskDuration.p95Ms)}task, p95`);
  for (const { stage, count } of stored.byStage) {
    await expect(
      page.getByRole('region', { name: 'By stage' }).getByRole('row').filter({ hasText: stage }),
    ).toContainText(String(count));
  }
}

async function settings(app: App): Promise<void> {
  const page = await openView(app, '/settings');
  const { settings: stored } = expectOk(await app.api.getSettings({}));
  await expect(page.getByRole('main')).toContainText('Settings');
  await expect(page.locator(`input[value="${stored.slots.total}"]`).first()).toBeVisible();
  await openView(app, '/settings/doctor');
  const { findings } = expectOk(await app.api.runDoctor({}));
  for (const { check } of findings) await expect(page.getByRole('main')).toContainText(check);
}

async function commandBar(app: App, { taskId }: Prepared): Promise<void> {
  const { page } = app;
  await page.keyboard.press('Control+k');
  const bar = page.getByRole('dialog');
  await page.getByRole('textbox', { name: 'Search and commands' }).fill('patient');
  await expect(bar.getByText(/^patient/).first()).toBeVisible();
  await page.getByRole('textbox', { name: 'Search and commands' }).fill(taskId);
  await expect(bar.getByText(/^patient/)).toHaveCount(0);
  await expect(bar.getByText('echo done')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(taskId));
}

test('R62 every view can be used in a window of 1024 by 700', async ({ app }) => {
  test.setTimeout(120_000);
  const prepared = await prepareWork(app);
  await app.page.setViewportSize({ width: 1024, height: 700 });
  for (const route of routesOf(prepared)) {
    const page = await openView(app, route);
    const beyond = await page.evaluate(() => ({
      page: document.documentElement.scrollWidth - window.innerWidth,
      view: (document.getElementById('view')?.scrollWidth ?? 0) - (document.getElementById('view')?.clientWidth ?? 0),
      // Buttons of the head are what a view is for: none may lie outside of the window.
      hidden: [...(document.querySelector('main h1')?.closest('header')?.querySelectorAll('button, a') ?? [])]
        .filter((element) => element.checkVisibility())
        .filter((element) => {
          const { left, right, bottom } = element.getBoundingClientRect();
          return left < 0 || right > window.innerWidth + 1 || bottom > window.innerHeight;
        })
        .map((element) => element.textContent),
    }));
    expect.soft(beyond, route).toEqual({ page: 0, view: 0, hidden: [] });
    if (route.includes('add=') || route.includes('run=new')) {
      const dialog = page.getByRole('dialog');
      await expect(dialog.getByRole('button').first()).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(dialog).toHaveCount(0);
    }
  }
});
