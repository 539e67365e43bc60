import { join } from 'node:path';
import { expect, test } from './support/test.ts';

const folder = join(import.meta.dirname, '../../test-results/screens');

const routes = [
  '/',
  '/runs',
  '/queue',
  '/agents',
  '/workflows',
  '/schedules',
  '/inbox',
  '/messages',
  '/events',
  '/metrics',
  '/settings',
  '/settings/projects',
  '/settings/notifications',
  '/settings/desktop',
  '/settings/data',
];
const schemes = ['dark', 'light'] as const;
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 1024, height: 700 },
] as const;

/** For people to look at; that every view can be drawn without a complaint is what the test holds. */
for (const colorScheme of schemes) {
  test(`every view is drawn in ${colorScheme}, in all sizes`, async ({ app }) => {
    test.slow();
    const { page } = app;
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const { width, height } of sizes) {
      await page.setViewportSize({ width, height });
      for (const route of routes) {
        await app.goTo(route);
        await expect(page.getByRole('main')).toBeVisible();
        await expect(page.getByText('No view has the address')).toHaveCount(0);
        await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
        // Nothing of a view may lie beside the window.
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, route).toBeLessThanOrEqual(0);
        const name = `${route.slice(1).replaceAll('/', '-') || 'overview'}-${colorScheme}-${width}x${height}.png`;
        await page.screenshot({ path: join(folder, app.host, name) });
      }
    }
  });
}
