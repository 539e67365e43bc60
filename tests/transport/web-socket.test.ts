import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { ok } from '../../src-main/contract/result.ts';
import { maxConnections } from '../../src-main/contract/wire-terms.ts';
import { until } from '../support/until.ts';
import { createFakeEngine } from './fake-engine.ts';
import type { ServedOverHttp } from './http-served.ts';
import { apiToken, enter, serveOverHttp } from './http-served.ts';

const noRuns = { listRuns: () => ok({ runs: [], next: null, total: null }) };
const attemptId = `attempt_${'0'.repeat(26)}`;

interface Heard {
  readonly socket: WebSocket;
  readonly replies: { say: string; id?: number; error?: { message: string } }[];
  readonly end: { code: number | null; status: number | null };
}

/** A page that connects with these headers; what it hears is kept. */
function connectPage({ server }: ServedOverHttp, headers: Record<string, string>): Heard {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}live`, { headers });
  onTestFinished(() => socket.terminate());
  const heard: Heard = { socket, replies: [], end: { code: null, status: null } };
  socket.on('message', (data) => heard.replies.push(JSON.parse(String(data))));
  socket.on('unexpected-response', (_request, response) => {
    heard.end.status = response.statusCode ?? 0;
  });
  socket.on('error', () => {});
  socket.on('close', (code) => {
    heard.end.code = code;
  });
  return heard;
}

/** A page of somebody who entered, once it was greeted. */
async function openPage(served: ServedOverHttp): Promise<Heard> {
  const { port } = served.server;
  const page = connectPage(served, {
    cookie: await enter(served.server),
    origin: `http://127.0.0.1:${port}`,
  });
  await until('the greeting', () => (page.replies.length > 0 ? true : undefined));
  return page;
}

function say({ socket }: Heard, message: unknown): void {
  socket.send(JSON.stringify(message));
}

test('a page is greeted first, then it calls entries and asks whether somebody is there', async () => {
  const served = await serveOverHttp(createFakeEngine(noRuns));
  const page = await openPage(served);
  say(page, { ask: 'call', id: 1, name: 'listRuns', input: {} });
  say(page, { ask: 'ping', id: 2 });
  say(page, { ask: 'call', id: 3, name: '__proto__', input: {} });
  await until('three answers', () => (page.replies.length === 4 ? true : undefined));
  expect(page.replies[0]).toEqual({ say: 'hello', protocol: 1, version: '1.2.3', pid: 42 });
  expect(page.replies).toContainEqual({ say: 'answer', id: 1, value: { runs: [], next: null, total: null } });
  expect(page.replies).toContainEqual({ say: 'pong', id: 2 });
  expect(page.replies).toContainEqual(expect.objectContaining({ say: 'refusal', id: 3 }));
});

test('the next message of a feed comes when the last one was taken, and none after it was stopped', async () => {
  const engine = createFakeEngine();
  const page = await openPage(await serveOverHttp(engine));
  const messages = () => page.replies.filter((reply) => reply.say === 'message');
  engine.commit();
  say(page, { ask: 'follow', id: 5, subscription: { topic: 'events', afterSeq: 0 } });
  await until('the first message', () => (messages().length === 1 ? true : undefined));
  engine.commit();
  say(page, { ask: 'ping', id: 6 });
  await until('the pong', () => (page.replies.some((reply) => reply.say === 'pong') ? true : undefined));
  expect(messages()).toHaveLength(1);
  say(page, { ask: 'next', id: 5 });
  await until('the second message', () => (messages().length === 2 ? true : undefined));
  say(page, { ask: 'stop', id: 5 });
  await until('no subscription', () => (engine.subscriptions === 0 ? true : undefined));
});

test('R71 a page that never reads is not worked for without bound', async () => {
  let calls = 0;
  const engine = createFakeEngine({
    ...noRuns,
    readLog() {
      calls += 1;
      return ok({ lines: [], totalLines: 0, complete: true, path: 'x'.repeat(100_000) });
    },
  });
  const served = await serveOverHttp(engine);
  const page = await openPage(served);
  page.socket.pause();
  for (let id = 1; id <= 3_000; id += 1) say(page, { ask: 'call', id, name: 'readLog', input: { attemptId } });
  await until('some calls', () => (calls > 0 ? true : undefined));
  const other = await openPage(served);
  for (let id = 1; id <= 20; id += 1) {
    say(other, { ask: 'ping', id });
    await until('a pong', () => (other.replies.length === id + 1 ? true : undefined));
  }
  const held = calls;
  expect(held).toBeLessThan(2_000);
  page.socket.resume();
  await until('further calls', () => (calls > held ? true : undefined));
});

test.each([
  ['no JSON', 'hello?', 'A request was not JSON.'],
  ['an unknown request', '{"ask":"shutdown","id":1}', 'ask must be one of'],
  ['bytes', Buffer.from([1, 2]), 'A request was not text.'],
])('R71 a page that sends %s is told so and disconnected', async (_title, data, sentence) => {
  const page = await openPage(await serveOverHttp(createFakeEngine()));
  page.socket.send(data);
  await until('the end', () => (page.end.code !== null ? true : undefined));
  expect(page.replies.at(-1)).toMatchObject({ say: 'goodbye', error: { message: expect.stringContaining(sentence) } });
});

test('R71 a message of more than 8 MiB ends the connection', async () => {
  const page = await openPage(await serveOverHttp(createFakeEngine()));
  page.socket.send('x'.repeat(8 * 1024 * 1024 + 1));
  await until('the end', () => (page.end.code !== null ? true : undefined));
  expect(page.end.code).toBe(1009);
});

test.each([
  ['without a cookie', 'http://127.0.0.1:PORT', false, 401],
  ['of another origin', 'http://evil.example', true, 403],
  ['without an origin', null, true, 403],
])('R71 a page %s is not connected', async (_title, given, hasCookie, status) => {
  const served = await serveOverHttp(createFakeEngine());
  const origin = given?.replace('PORT', String(served.server.port));
  const page = connectPage(served, {
    ...(origin === undefined ? {} : { origin }),
    ...(hasCookie ? { cookie: await enter(served.server) } : {}),
  });
  await until('the refusal', () => (page.end.status !== null ? true : undefined));
  expect(page.end.status).toBe(status);
  expect(page.replies).toEqual([]);
});

test('a program follows over a WebSocket with the token of the data folder', async () => {
  const served = await serveOverHttp(createFakeEngine());
  const page = connectPage(served, { authorization: `Bearer ${apiToken}` });
  await until('the greeting', () => (page.replies.length > 0 ? true : undefined));
  expect(page.replies[0]).toMatchObject({ say: 'hello' });
});

test('R71 pages have a limit, said in a sentence', async () => {
  const served = await serveOverHttp(createFakeEngine());
  for (let index = 0; index < maxConnections; index += 1) await openPage(served);
  const extra = await openPage(served);
  await until('the end', () => (extra.end.code !== null ? true : undefined));
  expect(extra.replies.at(-1)).toMatchObject({
    say: 'goodbye',
    error: { message: `The host has ${maxConnections} pages already.` },
  });
});

test('R70 a host that ends tells its pages, also one that does not read', async () => {
  const engine = createFakeEngine();
  const served = await serveOverHttp(engine);
  const page = await openPage(served);
  const deaf = await openPage(served);
  deaf.socket.pause();
  say(page, { ask: 'follow', id: 1, subscription: { topic: 'events', afterSeq: 0 } });
  await until('a subscription', () => (engine.subscriptions === 1 ? true : undefined));
  await served.server.close();
  await until('the end', () => (page.end.code !== null ? true : undefined));
  expect(page.replies.at(-1)).toMatchObject({ say: 'goodbye', error: { message: 'The host of this page has ended.' } });
  expect(engine.subscriptions).toBe(0);
});
