import { existsSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ok } from '../../src-main/contract/result.ts';
import { connectSocketClient } from '../../src-main/transport/socket-client.ts';
import { until } from '../support/until.ts';
import { createFakeEngine } from './fake-engine.ts';
import { connectTo, serveOverSocket, testSocketPath } from './served-socket.ts';

const noRuns = { listRuns: () => ok({ runs: [], next: null, total: null }) };

test('a caller learns who answers, and calls entries', async () => {
  const { path } = await serveOverSocket(createFakeEngine(noRuns));
  const { client, hello } = await connectTo(path);
  expect(hello).toMatchObject({ version: '1.2.3', pid: 42 });
  expect(await client.listRuns({})).toEqual(ok({ runs: [], next: null, total: null }));
});

test.skipIf(process.platform === 'win32')(
  'R71 nobody else may open the socket (Unix: pipes have no mode)',
  async () => {
    const { path } = await serveOverSocket(createFakeEngine());
    expect(statSync(path).mode & 0o777).toBe(0o600);
  },
);

test.skipIf(process.platform === 'win32')(
  'a socket file of a dead engine is replaced (Unix: pipes leave none)',
  async () => {
    const path = testSocketPath();
    writeFileSync(path, '');
    const { startSocketServer } = await import('../../src-main/transport/socket-server.ts');
    const served = { call: vi.fn(), follow: vi.fn() };
    const server = await startSocketServer({ path, served, version: '1', pid: 1 });
    await connectTo(path);
    await server.close();
    expect(existsSync(path)).toBe(false);
  },
);

test('many requests may be under way, and answers come in any order', async () => {
  const gates = Array.from({ length: 500 }, () => Promise.withResolvers<void>());
  const engine = createFakeEngine({
    async listRuns({ limit }) {
      await gates[limit - 1]?.promise;
      return ok({ runs: [], next: String(limit), total: null });
    },
  });
  const { path } = await serveOverSocket(engine);
  const { client } = await connectTo(path);
  const answers = gates.map((_, index) => client.listRuns({ limit: index + 1 }));
  for (const gate of gates.toReversed()) gate.resolve();
  expect(await Promise.all(answers)).toEqual(
    gates.map((_, index) => ok({ runs: [], next: String(index + 1), total: null })),
  );
});

test('events and log growth reach those who follow, until they stop', async () => {
  const engine = createFakeEngine();
  const { path } = await serveOverSocket(engine);
  const { follow } = await connectTo(path);
  const seqs: number[] = [];
  const totals: number[] = [];
  const ended = vi.fn();
  engine.commit();
  const events = await follow(
    { topic: 'events', afterSeq: 0 },
    {
      ended,
      deliver: (message) => void (message.topic === 'events' && seqs.push(...message.events.map((e) => e.seq))),
    },
  );
  const log = await follow(
    { topic: 'log', attemptId: `attempt_${'0'.repeat(26)}` },
    { ended, deliver: (message) => void (message.topic === 'log' && totals.push(message.totalLines)) },
  );
  if (!events.ok || !log.ok) throw new Error('refused');
  await until('the stored event', () => (seqs.length === 1 && engine.subscriptions === 2 ? true : undefined));
  engine.commit();
  engine.announceLog(7);
  await until('both', () => (seqs.length === 2 && totals.length === 1 ? true : undefined));
  expect({ seqs, totals }).toEqual({ seqs: [1, 2], totals: [7] });
  events.value.stop();
  log.value.stop();
  await until('no subscription left', () => (engine.subscriptions === 0 ? true : undefined));
  expect(ended).not.toHaveBeenCalled();
});

test('a caller that does not take its messages costs bounded memory, and misses none', async () => {
  const engine = createFakeEngine();
  const { path } = await serveOverSocket(engine);
  const { follow } = await connectTo(path);
  const gate = Promise.withResolvers<void>();
  const seqs: number[] = [];
  const feed = await follow(
    { topic: 'events', afterSeq: 0 },
    {
      ended: vi.fn(),
      deliver(message) {
        if (message.topic === 'events') seqs.push(...message.events.map(({ seq }) => seq));
        return gate.promise;
      },
    },
  );
  if (!feed.ok) throw new Error('refused');
  for (let index = 0; index < 300; index += 1) engine.commit({ reason: 'x'.repeat(100_000) });
  await until('the first message', () => (seqs.length > 0 ? true : undefined));
  gate.resolve();
  await until('all events', () => (seqs.length === 300 ? true : undefined));
  expect(seqs).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  feed.value.stop();
});

test('a listener may ask the engine while it takes a message, without holding itself up', async () => {
  const engine = createFakeEngine(noRuns);
  const { path } = await serveOverSocket(engine);
  const { client, follow } = await connectTo(path);
  const answers: unknown[] = [];
  const feed = await follow(
    { topic: 'events', afterSeq: 0 },
    { ended: vi.fn(), deliver: async () => void answers.push(await client.listRuns({})) },
  );
  engine.commit();
  await until('an answer', () => (answers.length === 1 ? true : undefined));
  expect(answers).toEqual([ok({ runs: [], next: null, total: null })]);
  if (feed.ok) feed.value.stop();
});

test('a subscription that the engine refuses is refused to the caller', async () => {
  const { path } = await serveOverSocket(createFakeEngine());
  const { follow } = await connectTo(path);
  const result = await follow({ topic: 'weather' }, { deliver: vi.fn(), ended: vi.fn() });
  expect(result).toMatchObject({ ok: false, error: { type: 'invalidInput' } });
});

test('R75 a feed that ends by itself tells its follower why', async () => {
  const engine = createFakeEngine({
    listEvents: () => ({ ok: false, error: { type: 'storeFailed', message: 'Disk full.', remedy: 'Free some.' } }),
  });
  const { path } = await serveOverSocket(engine);
  const { follow } = await connectTo(path);
  const ended = vi.fn();
  await follow({ topic: 'events', afterSeq: 0 }, { deliver: vi.fn(), ended });
  await until('the end', () => (ended.mock.calls.length > 0 ? true : undefined));
  expect(ended.mock.calls).toEqual([[{ type: 'storeFailed', message: 'Disk full.', remedy: 'Free some.' }]]);
});

test('R70 an engine that ends tells every caller, in a sentence', async () => {
  const never = Promise.withResolvers<never>();
  const engine = createFakeEngine({ runDoctor: () => never.promise });
  const { path, server } = await serveOverSocket(engine);
  const { client, follow, lost } = await connectTo(path);
  const ended = vi.fn();
  await follow({ topic: 'events', afterSeq: 0 }, { deliver: vi.fn(), ended });
  const call = client.runDoctor({});
  await until('the call', () => (engine.calls.some(({ name }) => name === 'runDoctor') ? true : undefined));
  await server.close();
  const error = {
    type: 'unavailable',
    message: 'The engine (process 42) has ended.',
    remedy: 'Try again: the next command starts an engine of its own. Stored work is not lost.',
  };
  expect(await lost).toEqual(error);
  expect(await call).toEqual({ ok: false, error });
  expect(ended.mock.calls).toEqual([[error]]);
  expect(await client.getStatus({})).toEqual({ ok: false, error });
  expect(engine.subscriptions).toBe(0);
});

test('where no engine listens, connecting says so', async () => {
  const result = await connectSocketClient({ path: testSocketPath(), connectMs: 1_000, answerMs: 1_000 });
  expect(result).toMatchObject({
    ok: false,
    error: { type: 'unavailable', message: expect.stringContaining('ENOENT') },
  });
});

test('closing a client is no loss, and leaves its requests answered', async () => {
  const never = Promise.withResolvers<never>();
  const engine = createFakeEngine({ runDoctor: () => never.promise });
  const { path } = await serveOverSocket(engine);
  const { client, lost, close } = await connectTo(path);
  const call = client.runDoctor({});
  close();
  expect(await lost).toBeNull();
  expect(await call).toMatchObject({ ok: false, error: { type: 'unavailable' } });
});

/** A server that is no engine: says what a test wants. */
async function impostor(say: string): Promise<string> {
  const path = testSocketPath();
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
    socket.write(say);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return path;
}

const helloLine = '{"say":"hello","protocol":1,"version":"1","pid":1}\n';

test('an engine that speaks another protocol is named', async () => {
  const path = await impostor(helloLine.replace('"protocol":1', '"protocol":99'));
  const result = await connectSocketClient({ path, connectMs: 1_000, answerMs: 1_000 });
  expect(result).toMatchObject({
    ok: false,
    error: { type: 'conflict', message: expect.stringContaining('version 1') },
  });
});

test('an engine that says nothing is given up', async () => {
  const result = await connectSocketClient({ path: await impostor(''), connectMs: 50, answerMs: 1_000 });
  expect(result).toMatchObject({ ok: false, error: { message: 'The engine did not answer within 0 s.' } });
});

test('R75 an engine that hangs does not hang its callers', async () => {
  const { client } = await connectTo(await impostor(helloLine), 50);
  expect(await client.getStatus({})).toMatchObject({ ok: false, error: { type: 'unavailable' } });
});

test('R75 an engine that hangs is given up by those who ask for signs of life, and its feeds end', async () => {
  const path = await impostor(`${helloLine}{"say":"answer","id":1,"value":null}\n`);
  const result = await connectSocketClient({ path, connectMs: 1_000, answerMs: 10_000, pingEveryMs: 20 });
  if (!result.ok) throw new Error(result.error.message);
  const hangs = { type: 'unavailable', message: expect.stringContaining('does not answer any more') };
  const call = result.value.client.getStatus({});
  expect(await result.value.lost).toMatchObject(hangs);
  expect(await call).toMatchObject({ ok: false, error: hangs });
});

test('an engine that answers is not given up, however long nobody else asks it for anything', async () => {
  const { path } = await serveOverSocket(createFakeEngine(noRuns));
  const result = await connectSocketClient({ path, connectMs: 1_000, answerMs: 10_000, pingEveryMs: 5 });
  if (!result.ok) throw new Error(result.error.message);
  onTestFinished(() => result.value.close());
  const lost = vi.fn();
  void result.value.lost.then(lost);
  const quiet = performance.now() + 150;
  await until('a while without a call', () => (performance.now() > quiet ? true : undefined));
  expect(await result.value.client.listRuns({})).toMatchObject({ ok: true });
  expect(lost).not.toHaveBeenCalled();
});

test.each([
  ['garbage', 'garbage\n'],
  ['another kind of reply', '{"say":"boo"}\n'],
])('%s from the engine ends the connection with a sentence', async (_title, line) => {
  const { lost } = await connectTo(await impostor(helloLine + line));
  expect(await lost).toMatchObject({ type: 'conflict' });
});

test('an answer that does not fit the contract is not passed on', async () => {
  const engine = createFakeEngine({ listRuns: () => ok({ runs: 'many' }) as never });
  const { path } = await serveOverSocket(engine);
  const { client } = await connectTo(path);
  expect(await client.listRuns({})).toMatchObject({ ok: false, error: { type: 'conflict' } });
});

test('R74 a request that is too long is refused before it is sent, and the connection lives on', async () => {
  const { path } = await serveOverSocket(createFakeEngine(noRuns));
  const { client } = await connectTo(path);
  const result = await client.startRun({ workflow: 'app', inputs: { text: 'x'.repeat(9_000_000) } });
  expect(result).toMatchObject({ ok: false, error: { message: 'The request is longer than 8 MiB.' } });
  expect(await client.listRuns({})).toMatchObject({ ok: true });
});

test('an answer that is too long is refused by the engine, and the connection lives on', async () => {
  const engine = createFakeEngine({
    ...noRuns,
    readLog: () => ok({ lines: [], totalLines: 0, complete: true, path: 'x'.repeat(65 * 1024 * 1024) }),
  });
  const { path } = await serveOverSocket(engine);
  const { client } = await connectTo(path);
  expect(await client.readLog({ attemptId: `attempt_${'0'.repeat(26)}` })).toMatchObject({
    ok: false,
    error: { type: 'refused', message: 'The answer is larger than 64 MiB, the most that goes over the wire.' },
  });
  expect(await client.listRuns({})).toMatchObject({ ok: true });
});

test('a caller that asks whether the engine is there is answered at once', async () => {
  const { path } = await serveOverSocket(createFakeEngine());
  const socket = connect(path);
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  socket.write('{"ask":"ping","id":7}\n');
  expect(await until('the pong', () => (text.includes('pong') ? text : undefined))).toContain(
    '{"say":"pong","id":7}\n',
  );
});
