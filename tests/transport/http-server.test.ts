import { expect, test } from 'vitest';
import { apiNames } from '../../src-main/contract/api-names.ts';
import { ok } from '../../src-main/contract/result.ts';
import { startHttpServer } from '../../src-main/transport/http-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createFakeEngine } from './fake-engine.ts';
import { apiToken, ask, enter, serveOverHttp, windowFolder } from './http-served.ts';

const noRuns = { listRuns: () => ok({ runs: [], next: null, total: null }) };
const json = { 'content-type': 'application/json' };
const program = { authorization: `Bearer ${apiToken}` };

test('R71 an entry link lets one browser in, once', async () => {
  const { server } = await serveOverHttp(createFakeEngine());
  const { pathname, search } = new URL(server.createEntryUrl());
  const first = await ask(server, pathname + search);
  expect(first).toMatchObject({ status: 303, headers: { location: '/' } });
  const setCookie = first.headers['set-cookie']?.[0] ?? '';
  expect(setCookie).toMatch(/^signalbox-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  const cookie = setCookie.split(';')[0] ?? '';
  expect(await ask(server, '/', { headers: { cookie } })).toMatchObject({ status: 200, text: /Signalbox/ });
  const again = await ask(server, pathname + search, { headers: { accept: 'text/html' } });
  expect(again).toMatchObject({ status: 401, text: expect.stringContaining('used already') });
});

test('R71 a link that was clicked on another site leads in too', async () => {
  const { server } = await serveOverHttp(createFakeEngine());
  const { pathname, search } = new URL(server.createEntryUrl());
  const answer = await ask(server, pathname + search, { headers: { 'sec-fetch-site': 'cross-site' } });
  expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('content="0; url=/"') });
  const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  expect(await ask(server, '/', { headers: { cookie } })).toMatchObject({ status: 200 });
});

test('R71 an entry link that nobody used is good for five minutes', async () => {
  const { server, advance } = await serveOverHttp(createFakeEngine());
  const [late, inTime] = [server.createEntryUrl(), server.createEntryUrl()].map((url) => new URL(url).search);
  advance(299_999);
  expect(await ask(server, `/enter${inTime}`)).toMatchObject({ status: 303 });
  advance(1);
  expect(await ask(server, `/enter${late}`)).toMatchObject({ status: 401 });
});

test('R71 whoever only looks at a link does not use it up', async () => {
  const { server } = await serveOverHttp(createFakeEngine());
  const { search } = new URL(server.createEntryUrl());
  expect(await ask(server, `/enter${search}`, { method: 'HEAD' })).toMatchObject({ status: 404 });
  expect(await ask(server, `/enter${search}`)).toMatchObject({ status: 303 });
});

test.each([
  '/',
  '/index.html',
  '/assets/index-abc.js',
  '/api/openapi.json',
  '/download/runs.jsonl',
  '/nothing',
  '/live',
])('R71 %s is refused to somebody who did not enter, with what to do', async (path) => {
  const { server } = await serveOverHttp(createFakeEngine());
  const strangers = [{}, { cookie: 'signalbox=x' }, { cookie: `signalbox-${server.port}=${'x'.repeat(43)}` }];
  for (const headers of strangers) {
    const answer = await ask(server, path, { headers });
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text)).toMatchObject({
      ok: false,
      error: { type: 'refused', remedy: expect.stringContaining('signalbox serve') },
    });
  }
});

test('R71 a person who did not enter sees a page that says what to do', async () => {
  const { server } = await serveOverHttp(createFakeEngine());
  const { status, headers, text } = await ask(server, '/', { headers: { accept: 'text/html,*/*' } });
  expect({ status, type: headers['content-type'] }).toEqual({ status: 401, type: 'text/html; charset=utf-8' });
  expect(text).toContain('Use a new link from the terminal: &quot;signalbox serve&quot; prints one');
});

test.each([
  ['evil.example', 403],
  ['evil.example:PORT', 403],
  ['127.0.0.1', 403],
  ['127.0.0.1:1', 403],
  ['localhost.evil.example:PORT', 403],
  ['127.0.0.1:PORT@evil.example', 403],
  ['127.0.0.1:PORT', 200],
  ['localhost:PORT', 200],
  ['[::1]:PORT', 200],
])('R71 under the name %s the answer is %i, whoever asks', async (name, status) => {
  const { server } = await serveOverHttp(createFakeEngine());
  const host = name.replace('PORT', String(server.port));
  const cookie = await enter(server);
  expect(await ask(server, '/', { headers: { host, cookie } })).toMatchObject({ status });
});

test.each([
  ['http://evil.example', 403],
  ['null', 403],
  ['http://127.0.0.1', 403],
  ['https://127.0.0.1:PORT', 403],
  ['http://127.0.0.1:1', 403],
  [undefined, 403],
  ['http://127.0.0.1:PORT', 200],
  ['http://localhost:PORT', 200],
])('R71 a change from a page of %s is answered %s', async (given, status) => {
  const { server } = await serveOverHttp(createFakeEngine(noRuns));
  const origin = given?.replace('PORT', String(server.port));
  const headers = { ...json, cookie: await enter(server), ...(origin === undefined ? {} : { origin }) };
  expect(await ask(server, '/api/listRuns', { method: 'POST', headers, body: '{}' })).toMatchObject({ status });
});

test('R71 every answer forbids what the window does not need', async () => {
  const { server } = await serveOverHttp(createFakeEngine());
  const cookie = await enter(server);
  for (const path of ['/', '/nothing', '/assets/index-abc.js']) {
    const { headers } = await ask(server, path, { headers: { cookie } });
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
    });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});

test('the page is always asked for again, its assets never', async () => {
  const { server } = await serveOverHttp(createFakeEngine());
  const headers = { cookie: await enter(server) };
  const page = await ask(server, '/', { headers });
  const asset = await ask(server, '/assets/index-abc.js', { headers });
  expect(page.headers['cache-control']).toBe('no-store');
  expect(asset.headers['cache-control']).toBe('private, max-age=31536000, immutable');
  expect(asset.headers['content-type']).toContain('javascript');
});

test.each([
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/assets/../../secret.txt',
  '/..\\secret.txt',
  '/%00',
])('R71 %s leads nowhere', async (path) => {
  const { server } = await serveOverHttp(createFakeEngine());
  const { status, text } = await ask(server, path, { headers: { cookie: await enter(server) } });
  expect([400, 403, 404]).toContain(status);
  expect(text).not.toContain('secret.txt');
});

test('a program with the token of the data folder calls entries', async () => {
  const { server } = await serveOverHttp(createFakeEngine(noRuns));
  const given = { method: 'POST', headers: { ...json, ...program } };
  const answer = await ask(server, '/api/listRuns', { ...given, body: '{}' });
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toEqual(ok({ runs: [], next: null, total: null }));
  expect(await ask(server, '/api/listRuns', { method: 'POST', headers: program })).toMatchObject({ status: 200 });
});

test.each(['Bearer wrong', `Basic ${apiToken}`, 'Bearer', ''])(
  'R71 a program that sends %j is refused',
  async (given) => {
    const { server } = await serveOverHttp(createFakeEngine(noRuns));
    const headers = { ...json, cookie: await enter(server), authorization: given };
    const answer = await ask(server, '/api/listRuns', { method: 'POST', headers, body: '{}' });
    expect(answer).toMatchObject({ status: 401, text: expect.stringContaining('api-token') });
  },
);

test('R71 after too many failures in a minute strangers wait, and those who entered do not', async () => {
  const { server } = await serveOverHttp(createFakeEngine());
  const cookie = await enter(server);
  const statuses: number[] = [];
  for (let index = 0; index < 32; index += 1) statuses.push((await ask(server, '/enter?token=guess')).status);
  expect(statuses.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 401));
  expect(statuses.at(-1)).toBe(429);
  expect(await ask(server, '/', { headers: { cookie } })).toMatchObject({ status: 200 });
  expect(await enter(server)).toMatch(/^signalbox-/);
});

const refusals = [
  ['invalidInput', 400],
  ['notFound', 404],
  ['refused', 422],
  ['conflict', 409],
  ['unavailable', 503],
  ['storeFailed', 500],
] as const;

test.each(refusals)('what the engine refuses as %s has the status %i', async (type, status) => {
  const error = { type, message: 'No.', remedy: 'Do.' };
  const { server } = await serveOverHttp(createFakeEngine({ listRuns: () => ({ ok: false, error }) }));
  const answer = await ask(server, '/api/listRuns', { method: 'POST', headers: program });
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.text)).toEqual({ ok: false, error });
});

test.each([
  ['an unknown entry', '/api/constructor', '{}', json, 404],
  ['no JSON', '/api/listRuns', '{', json, 400],
  ['a form', '/api/listRuns', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ['plain text', '/api/listRuns', '{}', { 'content-type': 'text/plain' }, 415],
  ['a prototype', '/api/listRuns', '{"__proto__":{"limit":1}}', json, 400],
  ['a constructor', '/api/listRuns', '{"constructor":{"prototype":{"limit":1}}}', json, 400],
  ['a wrong field', '/api/listRuns', '{"limit":0}', json, 400],
  ['too much', '/api/listRuns', `"${'x'.repeat(8 * 1024 * 1024)}"`, json, 413],
] as const)('R71 %s is refused, and the server lives on', async (_title, path, body, type, status) => {
  const { server } = await serveOverHttp(createFakeEngine(noRuns));
  const answer = await ask(server, path, { method: 'POST', headers: { ...type, ...program }, body });
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.text)).toMatchObject({ ok: false, error: { remedy: expect.stringMatching(/./) } });
  expect(Object.hasOwn(Object.prototype, 'limit')).toBe(false);
  expect(await ask(server, '/api/listRuns', { method: 'POST', headers: program })).toMatchObject({ status: 200 });
});

test('an unexpected failure is logged once and told without its cause', async () => {
  const { server, logged } = await serveOverHttp(
    createFakeEngine({ listRuns: () => ok({ runs: [1n] as never, next: null, total: null }) }),
  );
  const answer = await ask(server, '/api/listRuns', { method: 'POST', headers: program });
  expect(answer).toMatchObject({ status: 500, text: expect.stringContaining('failed unexpectedly') });
  expect(answer.text).not.toContain('BigInt');
  expect(logged).toEqual(['A request over HTTP failed unexpectedly']);
});

test('the contract is described as OpenAPI, every reference in it leading somewhere', async () => {
  const { server } = await serveOverHttp(createFakeEngine());
  const { text } = await ask(server, '/api/openapi.json', { headers: program });
  const document = JSON.parse(text);
  expect(Object.keys(document.paths)).toEqual(apiNames.map((name) => `/api/${name}`));
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);
  const known = new Set(Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`));
  expect(references.length).toBeGreaterThan(apiNames.length);
  expect(references.filter((reference) => !known.has(reference))).toEqual([]);
  expect(await ask(server, '/api/openapi.json', { headers: program })).toMatchObject({ text });
});

test('a port that is in use is named, with what to do', async () => {
  const { server } = await serveOverHttp(createFakeEngine());
  const options = {
    served: { call: async () => ok(null), follow: () => ok({ stop: () => {} }) },
    hello: () => ({ say: 'hello', protocol: 1, version: '1', pid: 1 }) as const,
    apiToken,
    logger: { error: () => {} },
    monotonic: () => 0,
  };
  expect(await startHttpServer({ ...options, rendererFolder: windowFolder(), port: server.port })).toMatchObject({
    ok: false,
    error: { type: 'conflict', message: `Port ${server.port} is in use by another program.` },
  });
  expect(await startHttpServer({ ...options, rendererFolder: temporaryFolder(), port: 0 })).toMatchObject({
    ok: false,
    error: { type: 'unavailable', remedy: 'Run: npm run build' },
  });
});
