import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ok } from '../../src-main/contract/result.ts';
import { maxConnections, maxFeeds, maxRequestsUnderWay } from '../../src-main/contract/wire-terms.ts';
import { until } from '../support/until.ts';
import { createFakeEngine } from './fake-engine.ts';
import { connectTo, serveOverSocket } from './served-socket.ts';

const noRuns = { listRuns: () => ok({ runs: [], next: null, total: null }) };

/** A caller that keeps no rules: writes what it likes, collects what comes back. */
async function intrude(path: string) {
  const socket: Socket = connect(path);
  const seen = { text: '', closed: false };
  socket.on('data', (chunk) => {
    seen.text += chunk.toString();
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    seen.closed = true;
  });
  onTestFinished(() => void socket.destroy());
  await until('hello', () => (seen.text.includes('\n') ? true : undefined));
  return { socket, seen };
}

async function expectStillServing(path: string) {
  const { client } = await connectTo(path);
  expect(await client.listRuns({})).toMatchObject({ ok: true });
}

test.each([
  ['no JSON', 'hello?\n', 'A request was not JSON.'],
  ['no object', '5\n', 'A request is not valid'],
  ['an unknown request', '{"ask":"shutdown","id":1}\n', 'ask must be one of call, follow, next, stop, ping'],
  ['an id that is no number', '{"ask":"stop","id":"__proto__"}\n', 'id must be a number'],
  ['further fields', '{"ask":"stop","id":1,"admin":true}\n', 'admin is not known'],
  ['HTTP', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', 'A request was not JSON.'],
])('R71 a caller that sends %s is told so and disconnected; others are served', async (_title, bytes, sentence) => {
  const { path } = await serveOverSocket(createFakeEngine(noRuns));
  const { socket, seen } = await intrude(path);
  socket.write(bytes);
  await until('the end', () => (seen.closed ? true : undefined));
  expect(seen.text).toContain('"say":"goodbye"');
  expect(seen.text).toContain(sentence);
  await expectStillServing(path);
});

test('R71 bytes that are not text are refused', async () => {
  const { path } = await serveOverSocket(createFakeEngine(noRuns));
  const { socket, seen } = await intrude(path);
  socket.write(Buffer.from([0xff, 0xfe, 0x00, 0x0a]));
  await until('the end', () => (seen.closed ? true : undefined));
  expect(seen.text).toContain('A request was not UTF-8 text.');
  await expectStillServing(path);
});

test('R71 a line without an end is refused at 8 MiB, whatever it holds', async () => {
  const { path } = await serveOverSocket(createFakeEngine(noRuns));
  const { socket, seen } = await intrude(path);
  const chunk = Buffer.alloc(1024 * 1024, 0x61);
  for (let sent = 0; sent < 9; sent += 1) socket.write(chunk);
  await until('the end', () => (seen.closed ? true : undefined));
  expect(seen.text).toContain('A request was longer than 8 MiB.');
  await expectStillServing(path);
});

test('R71 an entry named constructor or __proto__ is not found, and the connection lives on', async () => {
  const { path } = await serveOverSocket(createFakeEngine(noRuns));
  const { socket, seen } = await intrude(path);
  socket.write('{"ask":"call","id":1,"name":"constructor","input":{}}\n');
  socket.write('{"ask":"call","id":2,"name":"__proto__","input":{}}\n');
  socket.write('{"ask":"call","id":3,"name":"listRuns","input":{}}\n');
  await until('three answers', () => (seen.text.split('\n').length === 5 ? true : undefined));
  expect(seen.text.match(/"type":"notFound"/g)).toHaveLength(2);
  expect(seen.text).toContain('{"say":"answer","id":3');
});

test('R71 a flood of requests is worked on piece by piece, while others are served', async () => {
  const gate = Promise.withResolvers<void>();
  let most = 0;
  let now = 0;
  const engine = createFakeEngine({
    ...noRuns,
    async getStatus() {
      now += 1;
      most = Math.max(most, now);
      await gate.promise;
      now -= 1;
      return { ok: false, error: { type: 'refused', message: 'no', remedy: 'no' } };
    },
  });
  const { path } = await serveOverSocket(engine);
  const { socket, seen } = await intrude(path);
  const request = `${JSON.stringify({ ask: 'call', id: 1, name: 'getStatus', input: {}, pad: undefined })}\n`;
  const count = 20_000;
  socket.write(request.repeat(count));
  await until('a full desk', () => (now >= maxRequestsUnderWay ? true : undefined));
  await expectStillServing(path);
  // What one read from the socket brought in comes on top; it is 64 KiB.
  expect(most).toBeLessThan(maxRequestsUnderWay + 65_536 / request.length + 1);
  gate.resolve();
  await until('all answers', () => (seen.text.split('"refusal"').length === count + 1 ? true : undefined));
});

test('R71 a caller that never reads its answers is not worked for without bound', async () => {
  let calls = 0;
  const engine = createFakeEngine({
    ...noRuns,
    readLog() {
      calls += 1;
      return ok({ lines: [], totalLines: 0, complete: true, path: 'x'.repeat(100_000) });
    },
  });
  const { path } = await serveOverSocket(engine);
  const { socket } = await intrude(path);
  socket.pause();
  const input = { attemptId: `attempt_${'0'.repeat(26)}` };
  socket.write(`${JSON.stringify({ ask: 'call', id: 1, name: 'readLog', input })}\n`.repeat(20_000));
  await until('some calls', () => (calls > 0 ? true : undefined));
  await expectStillServing(path);
  await expectStillServing(path);
  expect(calls).toBeLessThan(2_000);
  socket.destroy();
});

test('R71 feeds have a limit, and ids of their own', async () => {
  const engine = createFakeEngine(noRuns);
  const { path } = await serveOverSocket(engine);
  const { socket, seen } = await intrude(path);
  const follow = (id: number) =>
    socket.write(`${JSON.stringify({ ask: 'follow', id, subscription: { topic: 'events', afterSeq: 0 } })}\n`);
  follow(1);
  follow(1);
  for (let id = 2; id <= maxFeeds + 1; id += 1) follow(id);
  await until('all answers', () => (seen.text.split('\n').length === maxFeeds + 4 ? true : undefined));
  expect(seen.text).toContain('A feed with this id is already running.');
  expect(seen.text).toContain(`This connection has ${maxFeeds} feeds already.`);
  expect(engine.subscriptions).toBe(maxFeeds);
  socket.destroy();
  await until('no subscription left', () => (engine.subscriptions === 0 ? true : undefined));
});

test('R71 connections have a limit, said in a sentence; a free place is taken again', async () => {
  const { path } = await serveOverSocket(createFakeEngine(noRuns));
  const callers: Awaited<ReturnType<typeof intrude>>[] = [];
  for (let index = 0; index < maxConnections; index += 1) callers.push(await intrude(path));
  const extra = await intrude(path);
  await until('the end', () => (extra.seen.closed ? true : undefined));
  expect(extra.seen.text).toContain(`The engine has ${maxConnections} connections already.`);
  callers[0]?.socket.destroy();
  await until('a free place', () => (callers[0]?.seen.closed ? true : undefined));
  await expectStillServing(path);
});
