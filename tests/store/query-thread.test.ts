import { expect, it, onTestFinished } from 'vitest';
import { QueryThread } from '../../src-main/store/query-thread.ts';
import { notYet, until } from '../support/until.ts';
import { KeptMessages, openTestStore } from './open-test-store.ts';
import { addTask } from './sample-events.ts';

/** A thread whose body a test gives; `port` is where the questions come from. */
function threadOf(body: string): URL {
  const source = `import { parentPort as port } from 'node:worker_threads'; ${body}`;
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

function open(options: { entry: URL; limitMs?: number }) {
  const log = new KeptMessages();
  const thread = new QueryThread({ file: '/nowhere.db', logger: log, ...options });
  onTestFinished(() => thread.close());
  return { thread, log };
}

const ask = (thread: QueryThread) => thread.views.countDeadLetters({});
const answering = `
  port.on('message', (m) => m === 'close' ? port.close() : port.postMessage({ id: m.id, result: { ok: true, value: m.name } }));
  port.postMessage('ready');`;

it('answers questions one after the other, and none after it was closed', async () => {
  const { thread } = open({ entry: threadOf(answering) });
  expect(await Promise.all([ask(thread), thread.views.getMetrics({ from: 0, to: 1, buckets: 1 })])).toEqual([
    { ok: true, value: 'countDeadLetters' },
    { ok: true, value: 'getMetrics' },
  ]);
  await thread.close();
  expect(await ask(thread)).toMatchObject({ ok: false, error: { type: 'unavailable' } });
});

it('stops a question that takes too long, with a remedy, and answers the next one with another thread', async () => {
  const hangsAtFirst = `
    let asked = 0;
    port.on('message', (m) => {
      if (m === 'close') port.close();
      else if (m.name === 'getMetrics') { for (;;) asked += 1; }
      else port.postMessage({ id: m.id, result: { ok: true, value: 1 } });
    });
    port.postMessage('ready');`;
  const { thread, log } = open({ entry: threadOf(hangsAtFirst), limitMs: 500 });
  const [hung, next] = await Promise.all([thread.views.getMetrics({ from: 0, to: 1, buckets: 1 }), ask(thread)]);
  expect(hung).toMatchObject({ ok: false, error: { type: 'unavailable', remedy: expect.stringContaining('Narrow') } });
  expect(next).toEqual({ ok: true, value: 1 });
  expect(log.warnings).toEqual(['A question to the database took too long.']);
});

it('lets a thread that is still starting end by itself when it took too long', async () => {
  const slowStart = `
    await new Promise((resolve) => setTimeout(resolve, 200));
    port.on('message', (m) => { if (m === 'close') port.close(); });
    port.postMessage('ready');`;
  const { thread } = open({ entry: threadOf(slowStart), limitMs: 20 });
  expect(await ask(thread)).toMatchObject({ ok: false, error: { type: 'unavailable' } });
  expect(await ask(thread)).toMatchObject({ ok: false, error: { type: 'unavailable' } });
  // Two threads that were given up have not ended yet: a third one is not started.
  expect(await ask(thread)).toMatchObject({ ok: false, error: { message: expect.stringContaining('Too many') } });
  await thread.close();
});

it('tells who waits when the thread dies, and starts another one for the next question', async () => {
  const dies = `
    port.on('message', (m) => {
      if (m === 'close') port.close();
      else if (m.name === 'getMetrics') throw new Error('broken');
      else port.postMessage({ id: m.id, result: { ok: true, value: 1 } });
    });
    port.postMessage('ready');`;
  const { thread, log } = open({ entry: threadOf(dies) });
  expect(await thread.views.getMetrics({ from: 0, to: 1, buckets: 1 })).toMatchObject({
    ok: false,
    error: { type: 'unavailable', message: expect.stringContaining('ended before') },
  });
  expect(await ask(thread)).toEqual({ ok: true, value: 1 });
  expect(log.warnings).toContain('The query thread failed.');
});

it('lets only so many questions wait', async () => {
  const { thread } = open({ entry: threadOf(answering) });
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(thread)));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(65);
  expect(answers.at(-1)).toMatchObject({ ok: false, error: { type: 'unavailable' } });
});

it('answers what waits with a refusal when it is closed', async () => {
  const { thread } = open({ entry: threadOf(answering) });
  const waiting = Promise.all([ask(thread), ask(thread)]);
  await thread.close();
  expect(await waiting).toMatchObject([{ ok: false }, { ok: false }]);
});

it('tells in words when the database cannot be read', async () => {
  const { store, file } = await openTestStore();
  await store.write((unit) => addTask(unit));
  expect(store.facts()).toMatchObject({ path: file, trouble: null });
  expect(store.facts().bytes).toBeGreaterThan(0);
  const log = new KeptMessages();
  const thread = new QueryThread({ file: `${file}.missing`, logger: log });
  onTestFinished(() => thread.close());
  expect(await ask(thread)).toMatchObject({ ok: false, error: { type: 'unavailable' } });
  await until('the message', () => (log.warnings.length > 1 ? true : notYet(log.warnings)));
});
