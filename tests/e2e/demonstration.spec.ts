import type { Locator, Page } from '@playwright/test';
import type { Event } from '../../src-main/contract/event.ts';
import type { RunId } from '../../src-main/contract/ids.ts';
import { eventsOf, waitForRun, workOf } from './support/runs.ts';
import { expect, test } from './support/test.ts';
import { expectOk } from './support/work.ts';

const stages = [
  'initialization',
  'scaffolding',
  'validation',
  'e2e_testing',
  'integration',
  'deployment',
  'monitoring',
] as const;

function block(page: Page, stage: string): Locator {
  return page.locator(`[data-stage="${stage}"]`);
}

/** Remembers every state that each stage's block has, in the order in which they are seen first. */
async function watchBlocks(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seenStates: seen });
    const look = () => {
      for (const element of document.querySelectorAll('[data-stage][data-state]')) {
        const state = `${element.getAttribute('data-stage')} ${element.getAttribute('data-state')}`;
        if (!seen.includes(state)) seen.push(state);
      }
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      attributeFilter: ['data-state'],
    });
    look();
  });
  return () => page.evaluate(() => (window as unknown as { seenStates: readonly string[] }).seenStates);
}

/** The run whose page is shown. */
async function shownRun(page: Page): Promise<RunId> {
  await expect(page).toHaveURL(/#\/runs\/run_\w+/);
  const [id] = /run_\w+/.exec(page.url()) ?? [];
  return id as RunId;
}

/** R44: of every attempt one start, numbered activities without a gap, one end, in this order. */
function expectOrder(events: readonly Event[], attemptId: string): void {
  const own = events.filter((event) => 'attemptId' in event && event.attemptId === attemptId);
  const kinds = own.map(({ kind }) => kind).filter((kind) => kind.startsWith('attempt.'));
  expect(kinds[0]).toBe('attempt.started');
  expect(kinds.at(-1)).toBe('attempt.ended');
  expect(kinds.filter((kind) => kind !== 'attempt.did')).toEqual(['attempt.started', 'attempt.ended']);
  const numbers = own.flatMap((event) => (event.kind === 'attempt.did' ? [event.number] : []));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  const open = new Set<string>();
  for (const event of own) {
    if (event.kind !== 'attempt.did') continue;
    const { activity } = event;
    if (activity.kind === 'toolCallStarted') open.add(activity.callId);
    if (activity.kind === 'toolCallFinished') expect(open.delete(activity.callId), activity.callId).toBe(true);
  }
  expect([...open]).toEqual([]);
}

test('a first start offers the demonstration and the doctor; the demonstration is watched to its end', async ({
  app,
}) => {
  test.slow();
  const { page, api } = app;

  await test.step('first start', async () => {
    await expect(page.getByRole('heading', { name: 'Doctor' })).toBeVisible();
    const { findings } = expectOk(await api.runDoctor({}));
    for (const { check } of findings) await expect(page.getByRole('main')).toContainText(check);
  });

  await page.getByRole('button', { name: 'Run the demonstration' }).click();
  const runId = await shownRun(page);
  const seen = await watchBlocks(page);

  await test.step('stages light up in order', async () => {
    for (const stage of stages) {
      await expect(block(page, stage)).toHaveAttribute('data-state', 'completed', { timeout: 60_000 });
    }
    const { stages: stored, progress, state } = await waitForRun(api, runId, ['completed']);
    expect([state, progress]).toEqual(['completed', 100]);
    expect(stored.map(({ name }) => name)).toEqual(stages);
    await expect(page.getByRole('main').getByText('100 %')).toBeVisible();
    // Done in their order, and each at work before it was done.
    const states = await seen();
    const completed = states.filter((each) => each.endsWith(' completed'));
    expect(completed).toEqual(stages.map((stage) => `${stage} completed`));
    const lit = stages.filter((stage) => states.includes(`${stage} running`));
    for (const stage of lit) {
      expect(states.indexOf(`${stage} running`), stage).toBeLessThan(states.indexOf(`${stage} completed`));
    }
    // One that takes no longer than the window needs to draw may never be seen at work.
    expect(lit.length).toBeGreaterThan(3);
  });

  await test.step('outputs and gates in the inspector', async () => {
    const inspector = page.getByRole('complementary', { name: 'Stage' });
    for (const stage of ['e2e_testing', 'monitoring']) {
      await block(page, stage).click();
      await expect(inspector.getByRole('heading').first()).toBeVisible();
      const stored = expectOk(await api.getRun({ runId })).stages.find(({ name }) => name === stage);
      const outputs = inspector.getByRole('region', { name: 'Outputs', exact: true });
      for (const name of Object.keys(stored?.outputs ?? {})) await expect(outputs).toContainText(name);
      for (const gate of stored?.gates ?? []) {
        const line = inspector
          .getByRole('list', { name: 'Gates' })
          .getByRole('listitem')
          .filter({ hasText: gate.name });
        await expect(line).toContainText('Passed');
        await expect(line).toContainText(`found ${gate.actual}`);
      }
      expect(stored?.gates.length).toBeGreaterThan(0);
    }
  });

  await test.step('its log', async () => {
    const { attempts } = await workOf(api, runId);
    const attempt = attempts.find(({ stage }) => stage === 'e2e_testing');
    if (attempt === undefined) throw new Error('the tests had no attempt');
    await app.goTo(`/runs/${runId}/logs?attempt=${attempt.id}`);
    const { lines } = expectOk(await api.readLog({ attemptId: attempt.id }));
    const telling = lines.find(({ text }) => /^[\w ]{12,}$/.test(text));
    expect(lines.length).toBeGreaterThan(0);
    await page.getByRole('log').press('Home');
    await expect(page.getByRole('log').locator('[data-row="0"]')).toContainText(
      (lines[0]?.text ?? '').trim().slice(0, 60),
    );
    if (telling !== undefined && telling.number < 20) {
      await expect(page.getByRole('log')).toContainText(telling.text);
    }
  });

  await test.step('R44 its events', async () => {
    const events = await eventsOf(api);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const { attempts } = await workOf(api, runId);
    expect(attempts.map(({ stage }) => stage)).toEqual(stages);
    for (const { id } of attempts) expectOrder(events, id);
    await app.goTo(`/runs/${runId}/events`);
    const list = page.getByRole('region', { name: 'Events of the run' });
    const newest = events.filter((event) => 'runId' in event && event.runId === runId).toReversed();
    const rows = list.getByRole('button', { expanded: false });
    await expect.poll(() => rows.count()).toBeGreaterThan(10);
    const shown = await rows.allTextContents();
    for (const [index, text] of shown.entries()) {
      expect(text).toMatch(new RegExp(`^${newest[index]?.seq}.*${newest[index]?.kind}`));
    }
  });

  await test.step('afterwards', async () => {
    await app.goTo('/');
    await expect(page.getByRole('main')).toContainText(/Finished.*1 completed/);
    await expect(page.getByRole('button', { name: 'Run the demonstration' })).toHaveCount(0);
  });
});
