import type { Page } from '@playwright/test';
import { waitForRun } from './support/runs.ts';
import { expect, test } from './support/test.ts';
import { expectOk } from './support/work.ts';

/** What has the focus is marked by an outline, a border, a shadow or a ground of its own; the page itself needs none. */
async function expectFocusSeen(page: Page): Promise<void> {
  const seen = await page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body || element.id === 'view') return 'the page';
    // A tabindex of -1 is where the focus is put, not where a person goes.
    if (element.getAttribute('tabindex') === '-1' && element.getAttribute('role') === 'dialog') return 'a dialog';
    const { outlineStyle, outlineWidth, boxShadow, borderTopColor } = getComputedStyle(element);
    const { left, top, width, height } = element.getBoundingClientRect();
    // Fields are marked by their border, which takes the accent.
    const probe = document.createElement('i');
    probe.style.color = 'var(--accent)';
    document.body.append(probe);
    const accent = getComputedStyle(probe).color;
    probe.remove();
    const hasOutline = outlineStyle !== 'none' && outlineWidth !== '0px';
    // A field also has its caret.
    const hasCaret = element.matches('input:not([type="checkbox"], [type="radio"]), textarea');
    const isMarked = hasOutline || hasCaret || boxShadow !== 'none' || borderTopColor === accent;
    const isInside = width > 0 && height > 0 && left < innerWidth && top < innerHeight && left + width > 0;
    return isMarked && isInside ? 'seen' : `not seen: ${element.outerHTML.slice(0, 200)}`;
  });
  expect(seen).not.toMatch(/^not seen/);
}

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
  await expectFocusSeen(page);
}

test('the demonstration is started, followed and its log read with the keyboard alone', async ({ app }) => {
  test.slow();
  const { page, api } = app;
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();

  await test.step('started from the command bar', async () => {
    await press(page, 'Control+k');
    const field = page.getByRole('textbox', { name: 'Search and commands' });
    await expect(field).toBeFocused();
    await page.keyboard.type('demonstration');
    await expect(page.getByRole('dialog').getByText('Run the demonstration')).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/#\/runs\/run_/);
    await expect(field).toHaveCount(0);
  });
  const [run] = expectOk(await api.listRuns({})).runs;
  if (run === undefined) throw new Error('nothing was started');

  await test.step('followed in the list', async () => {
    await press(page, 'g', 'r');
    await expect(page).toHaveURL(/#\/runs$/);
    await expect(page.getByRole('row').filter({ hasText: 'app' })).toBeVisible();
    await press(page, 'j');
    await expect(page.locator('tr[data-current]')).toContainText('app');
    await press(page, 'Enter');
    await expect(page).toHaveURL(new RegExp(run.id));
  });

  await test.step('the help tells what works here', async () => {
    await press(page, '?');
    const help = page.getByRole('dialog', { name: 'Keyboard' });
    await expect(help).toContainText('Pause or resume');
    await expect(help).toContainText('Overview');
    await page.keyboard.press('Escape');
    await expect(help).toHaveCount(0);
  });

  await test.step('seen to end', async () => {
    await expect(page.locator('[data-stage="monitoring"]')).toHaveAttribute('data-state', 'completed', {
      timeout: 90_000,
    });
    await waitForRun(api, run.id, ['completed']);
  });

  await test.step('its log read', async () => {
    await press(page, '3');
    await expect(page).toHaveURL(/\/logs/);
    const log = page.getByRole('log');
    await expect(log.locator('[data-row]').first()).toBeVisible();
    await press(page, '/');
    const search = page.getByRole('textbox', { name: 'Search in the log' });
    await expect(search).toBeFocused();
    await page.keyboard.type('a');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('toolbar', { name: 'Log' }).getByRole('status')).toHaveText(/^[\d,]+ of [\d,]+$/);
    await page.keyboard.press('Escape');
    await expect(search).not.toBeFocused();
    // The lines are one stop of the tabulator, and move with the keys that one expects.
    for (
      let stops = 0;
      stops < 60 && !(await log.evaluate((element) => element === document.activeElement));
      stops += 1
    ) {
      await press(page, 'Tab');
    }
    await expect(log).toBeFocused();
    await press(page, 'Home');
    await expect(log.locator('[data-row="0"]')).toBeVisible();
    await press(page, 'End');
    await expect(log.locator('[data-row="0"]')).toHaveCount(0);
  });

  await test.step('every place by its keys', async () => {
    const places = {
      a: 'agents',
      q: 'queue',
      w: 'workflows',
      c: 'schedules',
      i: 'inbox',
      e: 'events',
      m: 'metrics',
      s: 'settings',
    };
    for (const [key, place] of Object.entries(places)) {
      // Out of the lines, which take letters for themselves.
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await press(page, 'g', key);
      await expect(page).toHaveURL(new RegExp(`#/${place}`));
    }
  });
});
