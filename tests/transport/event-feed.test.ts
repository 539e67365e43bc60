import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { SubscriptionMessage } from '../../src-main/contract/api.ts';
import { refuse } from '../../src-main/contract/errors.ts';
import type { Feed } from '../../src-main/transport/feed.ts';
import { feedQueueLength, feedSpacingMs } from '../../src-main/transport/feed.ts';
import { serveApi } from '../../src-main/transport/serve-api.ts';
import { until } from '../support/until.ts';
import type { FakeEngine } from './fake-engine.ts';
import { createFakeEngine } from './fake-engine.ts';
import { createManualTimer } from './manual-timer.ts';

/** Follows all events; `hold` makes the listener busy until `release`. */
function follow(engine: FakeEngine, afterSeq = 0) {
  const timer = createManualTimer();
  const logger = { error: vi.fn() };
  const messages: number[][] = [];
  const ended = vi.fn();
  let busy: PromiseWithResolvers<void> | null = null;
  const served = serveApi({ engine, timer, logger, createReference: () => 'ref-1' });
  const result = served.follow(
    { topic: 'events', afterSeq },
    {
      deliver(message: SubscriptionMessage) {
        if (message.topic === 'events') messages.push(message.events.map(({ seq }) => seq));
        return busy?.promise;
      },
      ended,
    },
  );
  if (!result.ok) throw new Error(result.error.message);
  const feed: Feed = result.value;
  return {
    feed,
    timer,
    logger,
    ended,
    messages,
    seqs: () => messages.flat(),
    hold() {
      busy ??= Promise.withResolvers();
    },
    release() {
      busy?.resolve();
      busy = null;
    },
    /** Lets everything happen that does not wait for time or for the listener. */
    settle: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };
}

function commit(engine: FakeEngine, count: number, reason = 'test') {
  for (let index = 0; index < count; index += 1) engine.commit({ reason });
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('what is stored comes first, then what is committed, in order and without a gap', async () => {
  const engine = createFakeEngine();
  commit(engine, 1_200);
  const { feed, settle, seqs } = follow(engine);
  await settle();
  commit(engine, 3);
  await settle();
  expect(seqs()).toEqual(upTo(1_203));
  feed.stop();
});

test('events up to afterSeq are not delivered', async () => {
  const engine = createFakeEngine();
  commit(engine, 5);
  const { feed, settle, seqs } = follow(engine, 3);
  await settle();
  expect(seqs()).toEqual([4, 5]);
  feed.stop();
});

test('the first event comes at once, and a burst after it as one message', async () => {
  const engine = createFakeEngine();
  const { feed, settle, timer, messages } = follow(engine);
  await settle();
  commit(engine, 1);
  await settle();
  commit(engine, 10);
  await settle();
  expect(messages).toEqual([[1]]);
  timer.advance(feedSpacingMs);
  await settle();
  expect(messages).toEqual([[1], upTo(11).slice(1)]);
  feed.stop();
});

test('T10 the pause between two messages passes while the listener takes the first one', async () => {
  const engine = createFakeEngine();
  const { feed, settle, hold, release, timer, messages } = follow(engine);
  await settle();
  hold();
  commit(engine, 1);
  await settle();
  commit(engine, 1);
  timer.advance(feedSpacingMs);
  await settle();
  expect(messages).toEqual([[1]]);
  release();
  await settle();
  expect(messages).toEqual([[1], [2]]);
  feed.stop();
});

test('messages are cut at about 384 KiB', async () => {
  const engine = createFakeEngine();
  commit(engine, 20, 'x'.repeat(120_000));
  const { feed, settle, messages, seqs } = follow(engine);
  await settle();
  expect(messages.map(({ length }) => length)).toEqual([4, 4, 4, 4, 4]);
  expect(seqs()).toEqual(upTo(20));
  feed.stop();
});

test('a listener that falls behind costs bounded memory, and reads on from the store without losing anything', async () => {
  const engine = createFakeEngine();
  const { feed, settle, hold, release, timer, seqs } = follow(engine);
  await settle();
  hold();
  commit(engine, 1);
  await settle();
  // Far more than may wait, while the listener does not come back.
  commit(engine, 30, 'x'.repeat(feedQueueLength / 10));
  expect(engine.subscriptions).toBe(0);
  expect(seqs()).toEqual([1]);
  release();
  await settle();
  timer.advance(feedSpacingMs);
  await until('all events', () => (seqs().length === 31 ? true : undefined));
  expect(seqs()).toEqual(upTo(31));
  await until('live again', () => (engine.subscriptions === 1 ? true : undefined));
  timer.advance(feedSpacingMs);
  commit(engine, 1);
  await settle();
  expect(seqs().at(-1)).toBe(32);
  feed.stop();
});

test('one event that is larger than everything that may wait still arrives', async () => {
  const engine = createFakeEngine();
  const { feed, settle, seqs } = follow(engine);
  await settle();
  commit(engine, 1, 'x'.repeat(2 * feedQueueLength));
  await settle();
  expect(seqs()).toEqual([1]);
  feed.stop();
});

test('R43 a stopped feed delivers nothing more, and leaves no timer and no subscription', async () => {
  const engine = createFakeEngine();
  const { feed, settle, timer, seqs, ended } = follow(engine);
  await settle();
  commit(engine, 1);
  await settle();
  expect(timer.running).toBe(1);
  feed.stop();
  feed.stop();
  commit(engine, 1);
  await settle();
  expect(seqs()).toEqual([1]);
  expect(timer.running).toBe(0);
  expect(engine.subscriptions).toBe(0);
  expect(ended).not.toHaveBeenCalled();
});

test('a feed that is stopped while it waits for an event ends its subscription', async () => {
  const engine = createFakeEngine();
  const { feed, settle } = follow(engine);
  await settle();
  expect(engine.subscriptions).toBe(1);
  feed.stop();
  await settle();
  expect(engine.subscriptions).toBe(0);
});

test('R75 a store that cannot be read ends the feed with what the store said', async () => {
  const refusal = refuse('storeFailed', 'The database cannot be read.', 'Run "signalbox doctor".');
  const engine = createFakeEngine({ listEvents: () => refusal });
  const { settle, ended, logger } = follow(engine);
  await settle();
  expect(ended.mock.calls).toEqual([[refusal.error]]);
  expect(logger.error).not.toHaveBeenCalled();
});

test('an unexpected failure ends the feed, logged and without its cause', async () => {
  const engine = createFakeEngine({ listEvents: () => Promise.reject(new Error('secret')) });
  const { settle, ended, logger } = follow(engine);
  await settle();
  expect(ended).toHaveBeenCalledOnce();
  expect(JSON.stringify(ended.mock.calls)).not.toContain('secret');
  expect(logger.error).toHaveBeenCalledOnce();
});

test('for any mix of commits, pauses and slowness every event arrives once and in order', async () => {
  const step = fc.oneof(
    fc.record({ commit: fc.integer({ min: 1, max: 30 }), size: fc.constantFrom(10, 5_000, 100_000) }),
    fc.constant('hold' as const),
    fc.constant('release' as const),
    fc.constant('advance' as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const engine = createFakeEngine();
      const run = follow(engine);
      let committed = 0;
      for (const now of steps) {
        if (now === 'hold') run.hold();
        else if (now === 'release') run.release();
        else if (now === 'advance') run.timer.advance(feedSpacingMs);
        else {
          commit(engine, now.commit, 'x'.repeat(now.size));
          committed += now.commit;
        }
        await run.settle();
      }
      run.release();
      for (let turn = 0; turn < 2 * committed + 10; turn += 1) {
        run.timer.advance(feedSpacingMs);
        await run.settle();
      }
      expect(run.seqs()).toEqual(upTo(committed));
      run.feed.stop();
    }),
    { numRuns: 30 },
  );
});
