import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import type { RunId } from '../../src-main/contract/ids.ts';
import { isAlive, processesOf, waitUntilGone } from '../support/process-census.ts';
import { until } from '../support/until.ts';
import { eventsOf, startWorkflow, waitForProcess, waitForRun, waitForStage, workOf } from './support/runs.ts';
import type { App } from './support/test.ts';
import { expect, test } from './support/test.ts';
import { addTestAgent } from './support/test-agent.ts';
import { expectOk, submitCommand, waitForTask } from './support/work.ts';

/** Answers the question that is open, with a reason. */
async function confirm(page: Page, action: string, reason: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason);
  await dialog.getByRole('button', { name: action, exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

function control(page: Page, name: string): Locator {
  return page.getByRole('main').getByRole('button', { name, exact: true });
}

function stage(page: Page, name: string): Locator {
  return page.locator(`[data-stage="${name}"]`);
}

async function reasonsOf(app: App, runId: RunId): Promise<readonly unknown[]> {
  const events = await eventsOf(app.api, { runId });
  return events.flatMap((event) => ('reason' in event ? [[event.kind, event.reason]] : []));
}

test('R35 a run cancelled on its page is over, with its processes and the reason', async ({ app }) => {
  const { page, api } = app;
  // A process that ignores the request to end, with a child that does too.
  const script = "trap '' TERM; sleep 600 & wait; sleep 600";
  const { id: runId } = await startWorkflow(
    app,
    `name: stubborn
stages:
  - name: work
    run: [sh, -c, "${script}"]
    timeout: { stop: 500ms }
  - name: never
    run: [echo, never]
`,
  );
  const { pid } = await waitForProcess(api, { runId });
  await app.goTo(`/runs/${runId}`);
  await expect(stage(page, 'work')).toHaveAttribute('data-state', 'running');
  await expect(page.getByRole('main')).toContainText(`PID ${pid} alive`);

  await control(page, 'Cancel').click();
  await confirm(page, 'Cancel the run', 'It takes too long');
  await expect(stage(page, 'work')).toHaveAttribute('data-state', 'cancelled');
  await expect(stage(page, 'never')).toHaveAttribute('data-state', 'cancelled');
  await waitForRun(api, runId, ['cancelled']);
  await waitUntilGone([pid]);
  expect(processesOf(app.engineFolder).filter(({ command }) => command.includes('sleep 600'))).toEqual([]);
  expect(await reasonsOf(app, runId)).toContainEqual(['run.cancelRequested', 'It takes too long']);
  await expect(control(page, 'Cancel')).toHaveAttribute('aria-disabled', 'true');
});

test('R35 a paused run lets live work end and starts nothing, until it is resumed; then rerun from a stage', async ({
  app,
}) => {
  const { page, api } = app;
  const signal = join(app.engineFolder, 'may-end');
  const { id: runId } = await startWorkflow(
    app,
    `name: paused
stages:
  - name: first
    run: [sh, -c, 'until [ -e "$0" ]; do sleep 0.05; done', ${signal}]
  - name: second
    run: [echo, second]
`,
  );
  await waitForStage(api, runId, 'first', ['running']);
  await app.goTo(`/runs/${runId}`);
  await control(page, 'Pause').click();
  await confirm(page, 'Pause the run', 'I want to look');
  await submitCommand(api, ['touch', signal], app.engineFolder);
  await expect(stage(page, 'first')).toHaveAttribute('data-state', 'completed');
  await expect(page.getByRole('main').getByText('Paused', { exact: true }).first()).toBeVisible();
  expect((await waitForRun(api, runId, ['paused'])).stages.map(({ state }) => state)).toEqual(['completed', 'pending']);

  await control(page, 'Resume').click();
  await confirm(page, 'Resume the run', 'Looks good');
  await expect(stage(page, 'second')).toHaveAttribute('data-state', 'completed');
  await waitForRun(api, runId, ['completed']);
  const reasons = await reasonsOf(app, runId);
  expect(reasons).toContainEqual(['run.pauseRequested', 'I want to look']);
  expect(reasons).toContainEqual(['run.resumed', 'Looks good']);

  await stage(page, 'second').click();
  await control(page, 'Rerun from second').click();
  await expect(page).not.toHaveURL(new RegExp(runId));
  await expect(stage(page, 'second')).toHaveAttribute('data-state', 'completed');
  await expect(page.getByRole('main')).toContainText('from second');
  const { runs } = expectOk(await api.listRuns({}));
  const [again] = runs;
  expect(again?.rerunOf).toEqual({ runId, fromStage: 'second' });
  if (again === undefined) return;
  const work = await workOf(api, again.id);
  expect(work.run.stages.map(({ name, inherited }) => [name, inherited])).toEqual([
    ['first', true],
    ['second', false],
  ]);
});

test('R35 freezing stops everything, thawing lets it go on, both with their reasons', async ({ app }) => {
  const { page, api } = app;
  const marker = join(app.engineFolder, 'was-here');
  // The first try goes on until it is stopped; the next finds that there was a first.
  const script = `if [ -e ${marker} ]; then exit 0; fi; touch ${marker}; exec sleep 600`;
  const taskId = await submitCommand(api, ['sh', '-c', script], app.engineFolder);
  await until('the first try', () => (existsSync(marker) ? true : undefined));
  const { pid } = await waitForProcess(api, { taskId });

  await page.getByRole('banner').getByRole('button', { name: 'Freeze all' }).click();
  await confirm(page, 'Freeze all', 'The disk is full');
  await expect(page.getByRole('status').filter({ hasText: 'Everything is frozen' })).toContainText('The disk is full');
  await expect(page.getByRole('button', { name: 'Engine: Frozen' })).toBeVisible();
  await waitUntilGone([pid]);
  await waitForTask(api, taskId, 'queued');

  await page.getByRole('banner').getByRole('button', { name: 'Thaw' }).click();
  await confirm(page, 'Thaw', 'There is room again');
  await expect(page.getByText('Everything is frozen')).toHaveCount(0);
  await waitForTask(api, taskId, 'completed');
  const facts = await eventsOf(api, { kinds: ['engine.frozen', 'engine.thawed'] });
  expect(facts.map((event) => ('reason' in event ? [event.kind, event.actor, event.reason] : []))).toEqual([
    ['engine.frozen', 'person', 'The disk is full'],
    ['engine.thawed', 'person', 'There is room again'],
  ]);
});

test('an agent process killed in mid-task is seen to be followed by a second attempt, which completes', async ({
  app,
}) => {
  const { page, api } = app;
  await addTestAgent(api, 'victim');
  const { id: runId } = await startWorkflow(
    app,
    `name: killed
stages:
  - name: work
    agent: tester
    prompt: Do as you are told.
    with:
      script:
        - { mode: timeout }
        - { mode: success }
    retry: { attempts: 3, delay: 1ms }
`,
  );
  const { pid } = await waitForProcess(api, { runId });
  await app.goTo(`/runs/${runId}?stage=work`);
  await expect(stage(page, 'work')).toHaveAttribute('data-state', 'running');
  process.kill(pid, 'SIGKILL');
  await expect(stage(page, 'work')).toHaveAttribute('data-state', 'completed', { timeout: 30_000 });
  await expect(stage(page, 'work')).toContainText('#2');
  const inspector = page.getByRole('complementary');
  await expect(inspector).toContainText('Interrupted');
  await expect(inspector).toContainText('Completed');
  const { attempts, run } = await workOf(api, runId);
  expect(run.state).toBe('completed');
  expect(attempts.map(({ number, state }) => [number, state])).toEqual([
    [1, 'interrupted'],
    [2, 'completed'],
  ]);
  expect(isAlive(pid)).toBe(false);
});
