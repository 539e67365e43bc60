import { expect, test, vi } from 'vitest';
import type { SubscriptionMessage } from '../../src-main/contract/api.ts';
import type { Changes } from '../../src-main/contract/changes.ts';
import { changesSpacingMs } from '../../src-main/transport/changes-feed.ts';
import type { ServedEngine } from '../../src-main/transport/serve-api.ts';
import { serveApi } from '../../src-main/transport/serve-api.ts';
import { createFakeEngine } from './fake-engine.ts';
import { createManualTimer } from './manual-timer.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function follow(deliver: (message: SubscriptionMessage) => Promise<void> | void) {
  let tell: (message: SubscriptionMessage) => void = () => {};
  let subscribed = 0;
  const engine: ServedEngine = {
    ...createFakeEngine(),
    subscribe(_subscription, listener) {
      tell = listener;
      subscribed += 1;
      return () => {
        subscribed -= 1;
      };
    },
  };
  const timer = createManualTimer();
  const logger = { error: vi.fn() };
  const ended = vi.fn();
  const served = serveApi({ engine, timer, logger, createReference: () => 'ref-1' });
  const result = served.follow({ topic: 'changes' }, { deliver, ended });
  if (!result.ok) throw new Error(result.error.message);
  const change = (lastSeq: number, ...nouns: Changes['nouns']) =>
    tell({ topic: 'changes', lastSeq, nouns, runIds: [] });
  const other = () => tell({ topic: 'events', events: [] });
  return { timer, logger, ended, feed: result.value, change, other, open: () => subscribed };
}

test('R52 a change is told at once, and those of the next 100 ms in one message', async () => {
  const told: unknown[] = [];
  const { timer, feed, change, other } = follow((message) => void told.push(message));
  change(1, 'run');
  other();
  await settle();
  expect(told).toEqual([{ topic: 'changes', lastSeq: 1, nouns: ['run'], runIds: [] }]);
  for (let seq = 2; seq <= 900; seq += 1) change(seq, seq % 2 ? 'task' : 'agent');
  timer.advance(changesSpacingMs - 1);
  await settle();
  expect(told).toHaveLength(1);
  timer.advance(1);
  await settle();
  expect(told.slice(1)).toEqual([{ topic: 'changes', lastSeq: 900, nouns: ['task', 'agent'], runIds: [] }]);
  timer.advance(changesSpacingMs);
  await settle();
  expect(told).toHaveLength(2);
  feed.stop();
});

test('a slow listener gets what it missed as one message, when it is ready again', async () => {
  const busy = Promise.withResolvers<void>();
  const told: number[] = [];
  const { timer, feed, change } = follow((message) => {
    if (message.topic === 'changes') told.push(message.lastSeq);
    return told.length === 1 ? busy.promise : undefined;
  });
  for (let seq = 1; seq <= 50; seq += 1) change(seq, 'run');
  timer.advance(10 * changesSpacingMs);
  await settle();
  expect(told).toEqual([1]);
  busy.resolve();
  await settle();
  timer.advance(changesSpacingMs);
  await settle();
  expect(told).toEqual([1, 50]);
  feed.stop();
});

test('R43 a stopped feed tells nothing more and leaves no timer and no subscription', async () => {
  const deliver = vi.fn();
  const { timer, feed, change, open } = follow(deliver);
  change(1, 'run');
  await settle();
  feed.stop();
  change(2, 'run');
  timer.advance(changesSpacingMs);
  expect(deliver).toHaveBeenCalledOnce();
  expect([timer.running, open()]).toEqual([0, 0]);
});

test('a listener that fails ends its feed, logged once; one that was stopped is left alone', async () => {
  const { logger, ended, change, open } = follow(() => Promise.reject(new Error('broken listener')));
  change(1, 'run');
  await settle();
  expect(ended).toHaveBeenCalledOnce();
  expect(logger.error).toHaveBeenCalledOnce();
  expect(open()).toBe(0);

  const late = Promise.withResolvers<void>();
  const stopped = follow(() => late.promise);
  stopped.change(1, 'run');
  stopped.feed.stop();
  late.reject(new Error('gone'));
  await settle();
  expect(stopped.ended).not.toHaveBeenCalled();
});
