import type { Locator, Page } from '@playwright/test';
import type { TaskId } from '../../src-main/contract/ids.ts';
import { startWorkflow, waitForRun } from './support/runs.ts';
import type { App } from './support/test.ts';
import { expect, test } from './support/test.ts';
import { addTestAgent, testTask } from './support/test-agent.ts';
import { expectOk, waitForTask } from './support/work.ts';

function asking(question: string): string {
  return `name: release
stages:
  - name: ask
    approval: ${question}
  - name: publish
    run: [echo, released]
`;
}

function inboxLink(page: Page): Locator {
  return page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /^Inbox/ });
}

function question(page: Page, title: string): Locator {
  return page.getByRole('article', { name: title });
}

async function approvalsBy(app: App, state: 'approved' | 'rejected') {
  return expectOk(await app.api.listApprovals({ states: [state] })).approvals;
}

/** Queues tasks with which the agent asks for leave to change files, each once. */
async function askFor(app: App, wants: readonly string[]) {
  const tasks = wants.map((want) => testTask({ mode: 'ask', tool: 'edit', question: want }));
  return expectOk(await app.api.enqueueTasks({ tasks })).taskIds;
}

/** What the agent was allowed, by its own account. */
async function choiceOf(app: App, taskId: TaskId | undefined): Promise<unknown> {
  if (taskId === undefined) throw new Error('there is no such task');
  await waitForTask(app.api, taskId, 'completed');
  return expectOk(await app.api.getTask({ taskId })).task.outputs?.choice;
}

test('approvals are counted, answered by key and by button, and the runs behind them go on', async ({ app }) => {
  const { page, api } = app;
  const first = await startWorkflow(app, asking('Release the first?'));
  await waitForRun(api, first.id, ['waiting']);
  const second = await startWorkflow(app, asking('Release the second?'));
  await waitForRun(api, second.id, ['waiting']);
  const third = await startWorkflow(app, asking('Release the third?'));
  await waitForRun(api, third.id, ['waiting']);

  await expect(inboxLink(page)).toHaveAccessibleName(/^Inbox.*3/);
  await inboxLink(page).click();
  await expect(page.getByRole('article')).toHaveCount(3);

  // Keys mean the one that waits longest, until the person moves.
  await page.keyboard.press('y');
  await expect(question(page, 'Release the first?')).toHaveCount(0);
  expect((await waitForRun(api, first.id, ['completed'])).stages.map(({ state }) => state)).toEqual([
    'completed',
    'completed',
  ]);
  await page.keyboard.press('j');
  await page.keyboard.press('n');
  await expect(question(page, 'Release the third?')).toHaveCount(0);
  await waitForRun(api, third.id, ['failed']);

  const left = question(page, 'Release the second?');
  await left.getByRole('textbox', { name: /Comment/ }).fill('Looked at it <b>twice</b>.');
  await left.getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByText('Nothing waits for you.')).toBeVisible();
  await expect(inboxLink(page)).toHaveAccessibleName('Inbox');
  await waitForRun(api, second.id, ['completed']);
  const approved = await approvalsBy(app, 'approved');
  expect(approved.map(({ runId }) => runId)).toEqual([second.id, first.id]);
  expect(approved[0]?.comment).toBe('Looked at it <b>twice</b>.');

  await page.getByRole('link', { name: 'History' }).click();
  const rows = page.getByRole('row');
  await expect(rows.filter({ hasText: 'Release the first?' })).toContainText('Approved');
  await expect(rows.filter({ hasText: 'Release the second?' })).toContainText('Looked at it <b>twice</b>.');
  await expect(rows.filter({ hasText: 'Release the third?' })).toContainText('Rejected');
});

test('permissions of agents are answered one by one, for ever by a rule, and many at once', async ({ app }) => {
  const { page, api } = app;
  const agentId = await addTestAgent(api, 'asker', { permissions: 'ask', slots: 3 });
  await app.goTo('/inbox');

  await test.step('one by one', async () => {
    const [taskId] = await askFor(app, ['Write the README']);
    const card = question(page, 'Write the README');
    await expect(card).toContainText('asker');
    await card.getByRole('button', { name: 'Reject', exact: true }).click();
    await expect(card).toHaveCount(0);
    expect(await choiceOf(app, taskId)).toBe('reject_once');
  });

  await test.step('always', async () => {
    await askFor(app, ['Write the manual']);
    const card = question(page, 'Write the manual');
    await card.getByRole('checkbox', { name: `Always, for ${agentId} and edit` }).check();
    await card.getByRole('button', { name: 'Allow once' }).click();
    await expect(card).toHaveCount(0);
    // The rule answers from now on: nobody is asked.
    const [taskId] = await askFor(app, ['Write the changes']);
    expect(await choiceOf(app, taskId)).toBe('allow_once');
    await page.getByRole('link', { name: 'Rules' }).click();
    await expect(page.getByText('Always allowed')).toBeVisible();
    await page.getByRole('button', { name: `Remove the rule for ${agentId} and edit` }).click();
    await expect(page.getByText('There are no rules.')).toBeVisible();
    expect(expectOk(await api.listPermissionRules({})).rules).toEqual([]);
  });

  await test.step('many at once', async () => {
    await page.getByRole('link', { name: 'To answer' }).click();
    const taskIds = await askFor(app, ['Write one', 'Write two', 'Write three']);
    await expect(page.getByRole('article')).toHaveCount(3);
    await page.getByRole('checkbox', { name: 'Choose: Write one' }).click();
    await page.getByRole('checkbox', { name: 'Choose: Write two' }).click();
    const bulk = page.getByRole('region', { name: 'Chosen questions' });
    await expect(bulk).toContainText('2 questions chosen');
    await bulk.getByRole('button', { name: 'Approve' }).click();
    await expect(page.getByRole('article')).toHaveCount(1);
    await page.keyboard.press('n');
    await expect(page.getByText('Nothing waits for you.')).toBeVisible();
    const choices = await Promise.all(taskIds.map((taskId) => choiceOf(app, taskId)));
    expect(choices).toEqual(['allow_once', 'allow_once', 'reject_once']);
  });

  await test.step('history', async () => {
    await page.getByRole('link', { name: 'History' }).click();
    const rows = page.getByRole('row').filter({ hasText: 'Write' });
    await expect(rows.filter({ hasText: 'Write three' })).toContainText('person');
    await expect(rows).toHaveCount(expectOk(await api.listPermissions({ states: ['answered'] })).permissions.length);
  });
});
