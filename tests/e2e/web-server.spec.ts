import { request } from 'node:http';
import type { App } from './support/test.ts';
import { expect, test } from './support/test.ts';

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks past every browser, which would write its own headers. @returns the status; of an upgrade 101. */
function ask(app: App, { method = 'GET', path, headers = {}, body = '' }: Asked): Promise<number> {
  const { hostname, port } = new URL(app.page.url());
  return new Promise((resolve, reject) => {
    // A connection of its own: the server may close one that it has refused.
    const asked = request({
      agent: false,
      hostname,
      port,
      method,
      path,
      headers: { host: `${hostname}:${port}`, ...headers },
    });
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** What the browser that was let in says with everything. */
async function cookieOf(app: App): Promise<string> {
  const cookies = await app.page.context().cookies();
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

const call = { method: 'POST', path: '/api/listRuns', body: '{}' };

function ownOrigin(app: App): string {
  return new URL(app.page.url()).origin;
}

test('R71 who was let in is answered, and nobody without the cookie', async ({ app }) => {
  const cookie = await cookieOf(app);
  const own = { cookie, origin: ownOrigin(app), 'content-type': 'application/json' };
  expect(await ask(app, { path: '/', headers: { cookie } })).toBe(200);
  expect(await ask(app, { ...call, headers: own })).not.toBe(401);
  expect(await ask(app, { path: '/live', headers: { ...own, ...upgrade } })).toBe(101);
  const { cookie: _cookie, ...without } = own;
  for (const path of ['/', '/index.html', '/download/events.jsonl', '/api/openapi.json']) {
    expect(await ask(app, { path }), path).toBe(401);
  }
  expect(await ask(app, { ...call, headers: without })).toBe(401);
  expect(await ask(app, { path: '/live', headers: { ...without, ...upgrade } })).toBe(401);
});

test('R71 another name of this machine is refused, whoever asks', async ({ app }) => {
  const cookie = await cookieOf(app);
  for (const host of ['attacker.invalid', 'attacker.invalid:80', '127.0.0.1', '127.0.0.1.attacker.invalid']) {
    expect(await ask(app, { path: '/', headers: { cookie, host } }), host).toBe(403);
  }
});

test('R71 pages of others are refused, though the browser sends the cookie', async ({ app }) => {
  const cookie = await cookieOf(app);
  for (const origin of [
    'https://attacker.invalid',
    'null',
    `${ownOrigin(app)}.attacker.invalid`,
    'http://127.0.0.1:1',
  ]) {
    const headers = { cookie, origin, 'content-type': 'application/json' };
    expect(await ask(app, { ...call, headers }), origin).toBe(403);
    expect(await ask(app, { path: '/live', headers: { ...headers, ...upgrade } }), origin).toBe(403);
  }
});

test('R71 a link lets in once', async ({ app }) => {
  const { pathname, search } = new URL(app.entryUrl ?? '');
  expect(await ask(app, { path: pathname + search })).toBe(401);
  expect(await ask(app, { path: `${pathname}?token=` })).toBe(401);
  expect(await ask(app, { path: '/', headers: { authorization: 'Bearer guessed' } })).toBe(401);
});

test('R71 no path leads out of the interface', async ({ app }) => {
  const cookie = await cookieOf(app);
  for (const path of [
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/assets/..%2f..%2fmain/cli.js',
  ]) {
    expect(await ask(app, { path, headers: { cookie } }), path).toBeGreaterThanOrEqual(400);
  }
});
