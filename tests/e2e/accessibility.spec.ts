import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/test.ts';
import { openView, prepareWork, routesOf } from './support/views.ts';

const rules = ['wcag2a', 'wcag2aa', 'wcag21aa'];

/** What is wrong, by rule, with where and why: one line each. */
async function violationsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${target.join(' ')} (${failureSummary?.split('\n').at(1)?.trim()})`,
    ),
  );
}

for (const colorScheme of ['dark', 'light'] as const) {
  test(`every view with something in it keeps WCAG 2.1 AA in ${colorScheme}`, async ({ app }) => {
    test.skip(app.host !== 'browser', 'it is the same page on every host, and looking at it takes long');
    test.setTimeout(300_000);
    await app.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const prepared = await prepareWork(app);
    for (const route of routesOf(prepared)) {
      const page = await openView(app, route);
      expect.soft(await violationsOf(page), route).toEqual([]);
      if (/add=|run=new|schedule=/.test(route)) await page.keyboard.press('Escape');
    }
    await app.page.keyboard.press('Control+k');
    await expect(app.page.getByRole('textbox', { name: 'Search and commands' })).toBeFocused();
    expect.soft(await violationsOf(app.page), 'the command bar').toEqual([]);
  });
}
