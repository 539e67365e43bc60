import type { Bridged } from './support/test.ts';
import { expect, test } from './support/test.ts';
import { expectOk } from './support/work.ts';

/** What the desktop application lets a page do. It is not there in a browser. */
const elsewhere = 'https://attacker.invalid/';

test('R71 a page cannot be led elsewhere', async ({ app }) => {
  const { page } = app;
  const address = page.url();
  const denied = page.waitForEvent('requestfailed');
  await page.evaluate((target) => {
    location.href = target;
  }, elsewhere);
  expect((await denied).url()).toBe(elsewhere);
  expect(page.url()).toBe(address);
  expectOk(await app.api.listEvents({ afterSeq: 0 }));
});

test('R71 it offers exactly the contract, and cannot be replaced', async ({ app }) => {
  const seen = await app.page.evaluate(() => {
    try {
      (window as unknown as Record<string, unknown>).signalboxHost = 'replaced';
      ((window as unknown as Bridged).signalboxHost as unknown as Record<string, unknown>).call = 'replaced';
    } catch {
      // Refused aloud; without strict mode it is refused silently.
    }
    return [
      Object.keys((window as unknown as Bridged).signalboxHost).sort(),
      typeof (window as unknown as Bridged).signalboxHost.call,
    ];
  });
  expect(seen).toEqual([['call', 'kind', 'ping', 'platform', 'subscribe', 'unsubscribe'], 'function']);
});

for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', '', 'getStatus ', 'signalbox:call']) {
  test(`R71 an entry called ${JSON.stringify(name)} is refused`, async ({ app }) => {
    const answer = await app.page.evaluate(
      (entry) => (window as unknown as Bridged).signalboxHost.call(entry, {}),
      name,
    );
    expect(answer).toMatchObject({ ok: false, error: { type: 'notFound' } });
  });
}

test('R71 input that is not what the contract says is refused', async ({ app }) => {
  const answers = await app.page.evaluate(() =>
    Promise.all([
      (window as unknown as Bridged).signalboxHost.call('getStatus', { surplus: 1 }),
      (window as unknown as Bridged).signalboxHost.call('getRun', { runId: '../../etc/passwd' }),
      (window as unknown as Bridged).signalboxHost.call('getStatus', () => 'a function'),
      (window as unknown as Bridged).signalboxHost.call('getStatus', 1n),
      (window as unknown as Bridged).signalboxHost.subscribe(
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
    (window as unknown as Bridged).signalboxHost.call('freeze', { reason: 'x'.repeat(9 * 1024 * 1024) }),
  );
  expect(answer).toMatchObject({ ok: false, error: { type: 'invalidInput' } });
  const { events } = expectOk(await app.api.listEvents({ afterSeq: 0 }));
  expect(events.filter(({ kind }) => kind === 'engine.frozen')).toEqual([]);
});

test('R71 a flood of calls is bounded, and others are answered meanwhile', async ({ app }) => {
  const flood = app.page.evaluate(async () => {
    const calls = Array.from({ length: 20_000 }, () =>
      (window as unknown as Bridged).signalboxHost.call('getStatus', {}),
    );
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
  expect(
    await app.page.evaluate(() => (window as unknown as Bridged).signalboxHost.call('getStatus', {})),
  ).toMatchObject({ ok: true });
});

test('R71 subscriptions are bounded, and end with the page', async ({ app }) => {
  const follow = () =>
    app.page.evaluate(async () => {
      const asked = Array.from({ length: 250 }, () =>
        (window as unknown as Bridged).signalboxHost.subscribe(
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
