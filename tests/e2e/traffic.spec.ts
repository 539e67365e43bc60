import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Traffic } from '../../src-main/contract/api-traffic.ts';
import { demonstration, waitForRun } from './support/runs.ts';
import type { App } from './support/test.ts';
import { expect, test } from './support/test.ts';
import { addTestAgent, testTask } from './support/test-agent.ts';
import { expectOk, waitForTask } from './support/work.ts';

const folder = join(import.meta.dirname, '../../test-results/screens');
const hour = 3_600_000;

/** What the engine answers for the last hour. */
async function stored(app: App, query: { readonly kinds?: ('handover' | 'toolCall' | 'question')[] } = {}) {
  const now = Date.now();
  return expectOk(await app.api.getTraffic({ from: now - hour, to: now + hour, ...query }));
}

function sorted(texts: readonly string[]): string[] {
  return texts.toSorted();
}

const edgeKeys = ({ edges }: Traffic) => sorted(edges.map(({ from, to }) => `${from} ${to}`));
const nodeIds = ({ nodes }: Traffic) => sorted(nodes.map(({ id }) => id));

async function attributes(page: Page, name: string): Promise<string[]> {
  const values = await page
    .locator(`[${name}]`)
    .evaluateAll((found, attribute) => found.map((element) => element.getAttribute(attribute) ?? ''), name);
  return sorted(values);
}

/** Numbers of every track, as the graph tells them on hover. */
async function shownCounts(page: Page): Promise<Record<string, number>> {
  const entries = await page.locator('[data-edge]').evaluateAll((found) =>
    found.map((element) => {
      const [, count = ''] = /: ([\d,.]+)/.exec(element.querySelector('title')?.textContent ?? '') ?? [];
      return [element.getAttribute('data-edge') ?? '', Number(count.replaceAll(/\D/g, ''))] as const;
    }),
  );
  return Object.fromEntries(entries);
}

/** Runs the demonstration, a task whose tool call fails, and one that asks and is not answered. */
async function makeTraffic(app: App): Promise<void> {
  const { api } = app;
  await addTestAgent(api, 'asker', { permissions: 'ask', slots: 2 });
  const { id } = expectOk(await api.startRun(demonstration));
  const { taskIds } = expectOk(
    await api.enqueueTasks({
      tasks: [
        testTask({ mode: 'failure', class: 'fatal' }),
        testTask({ mode: 'ask', tool: 'edit', question: 'Write the README' }),
      ],
    }),
  );
  const [failing] = taskIds;
  if (failing === undefined) throw new Error('the engine stored no task');
  await waitForTask(api, failing, 'failed');
  await expect.poll(async () => (await stored(app, { kinds: ['question'] })).edges[0]?.open).toBe(1);
  await waitForRun(api, id, ['completed'], 60_000);
}

test('R64 the graph shows who talks to whom as the engine has it, and leads to what was said', async ({ app }) => {
  test.slow();
  const { page } = app;
  await app.goTo('/messages');
  await expect(page.getByText('Who talks to whom appears here.')).toBeVisible();
  await expect(page.getByText('agents cannot send each other messages yet')).toBeVisible();
  await makeTraffic(app);
  const truth = await stored(app);
  expect(truth.edges.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['handover', 'toolCall', 'question']));
  expect(truth.edges.some(({ failed }) => failed > 0)).toBe(true);

  await test.step('the same nodes, edges and numbers', async () => {
    await expect.poll(() => attributes(page, 'data-stage')).toEqual(nodeIds(truth));
    expect(await attributes(page, 'data-edge')).toEqual(edgeKeys(truth));
    await expect
      .poll(() => shownCounts(page))
      .toEqual(Object.fromEntries(truth.edges.map(({ from, to, count }) => [`${from} ${to}`, count])));
  });

  await test.step('a node, one of its connections, and the events behind it', async () => {
    await page.locator('[data-stage="agent:validation"]').click();
    const panel = page.getByRole('complementary', { name: 'What was said' });
    await expect(panel.getByRole('heading', { name: 'validation' })).toBeVisible();
    await panel.getByRole('button', { name: /^scaffold to validation/ }).click();
    await expect(panel.getByRole('heading', { name: 'scaffold to validation' })).toBeVisible();
    const said = panel.getByRole('list', { name: 'Transcript' }).getByRole('listitem');
    await expect(said.first()).toContainText('attempt.ended');
    await said.first().getByRole('link', { name: /^run/ }).click();
    await expect(page).toHaveURL(/#\/runs\/run_/);
    await page.goBack();
    await expect(panel.getByRole('heading', { name: 'scaffold to validation' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(panel).toHaveCount(0);
  });

  await test.step('an open question waits at the person, until it is answered', async () => {
    const you = page.locator('[data-stage="person:you"]');
    await expect(you).toContainText('1 open');
    const [permission] = expectOk(await app.api.listPermissions({ states: ['open'] })).permissions;
    const optionId = permission?.options[0]?.id ?? '';
    expectOk(await app.api.answerPermission({ permissionId: permission?.id ?? '', optionId }));
    await expect(you).not.toContainText('open');
  });

  await test.step('the table has the same', async () => {
    await page.keyboard.press('v');
    const { edges } = await stored(app);
    const rows = page.locator('tbody tr');
    await expect(rows).toHaveCount(edges.length);
    const failing = edges.find(({ failed }) => failed > 0);
    await expect(rows.filter({ hasText: 'asker' }).filter({ hasText: 'Tool call' }).first()).toBeVisible();
    await expect(rows.filter({ hasText: failing?.from.split(':')[1] ?? '' }).first()).toBeVisible();
    await page.keyboard.press('v');
  });

  await test.step('filters ask the engine', async () => {
    await page.getByRole('button', { name: 'Questions', exact: true }).click();
    const questions = await stored(app, { kinds: ['question'] });
    await expect.poll(() => attributes(page, 'data-edge')).toEqual(edgeKeys(questions));
    await page.getByRole('button', { name: 'Questions', exact: true }).click();
    await page.getByRole('textbox', { name: /^Search/ }).fill('nobody is called so');
    await expect(page.getByText('Nobody said anything that matches the filter.')).toBeVisible();
  });
});

/** For people to look at. */
test('the graph, its panel and its table can be drawn in both schemes and sizes', async ({ app }) => {
  test.slow();
  const { page } = app;
  await makeTraffic(app);
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [width, height] of [[1280, 800] as const, [1024, 700] as const]) {
      await page.setViewportSize({ width, height });
      const shots = { graph: '', panel: 'open=agent:scaffold', edge: 'open=agent:asker+tool:other', table: 'as=table' };
      for (const [name, query] of Object.entries(shots)) {
        await app.goTo(`/messages?${query}`);
        await expect(page.locator('[data-stage], table').first()).toBeVisible();
        await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow).toBeLessThanOrEqual(0);
        await page.screenshot({
          path: join(folder, app.host, `messages-${name}-${colorScheme}-${width}x${height}.png`),
        });
      }
    }
  }
});
