import { expect, test, vi } from 'vitest';
import type { SubscriptionMessage } from '../../src-main/contract/api.ts';
import { feedSpacingMs } from '../../src-main/transport/feed.ts';
import { serveApi } from '../../src-main/transport/serve-api.ts';
import { createFakeEngine } from './fake-engine.ts';
import { createManualTimer } from './manual-timer.ts';

const attemptId = `attempt_${'0'.repeat(26)}`;
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function follow(deliver: (message: SubscriptionMessage) => Promise<void> | void) {
  const engine = createFakeEngine();
  const timer = createManualTimer();
  const logger = { error: vi.fn() };
  const ended = vi.fn();
  const served = serveApi({ engine, timer, logger, createReference: () => 'ref-1' });
  const result = served.follow({ topic: 'log', attemptId }, { deliver, ended });
  if (!result.ok) throw new Error(result.error.message);
  return { engine, timer, logger, ended, feed: result.value };
}

test('growth is told at once, and then at most once per spacing, with the newest count', async () => {
  const totals: number[] = [];
  const { engine, timer, feed } = follow(
    (message) => void totals.push(message.topic === 'log' ? message.totalLines : 0),
  );
  engine.announceLog(1);
  await settle();
  for (let lines = 2; lines <= 50; lines += 1) engine.announceLog(lines);
  await settle();
  expect(totals).toEqual([1]);
  timer.advance(feedSpacingMs);
  await settle();
  expect(totals).toEqual([1, 50]);
  feed.stop();
});

test('a listener that is not ready misses counts, never the last one', async () => {
  const busy = Promise.withResolvers<void>();
  const totals: number[] = [];
  const { engine, timer, feed } = follow((message) => {
    totals.push(message.topic === 'log' ? message.totalLines : 0);
    return totals.length === 1 ? busy.promise : undefined;
  });
  engine.announceLog(1);
  engine.announceLog(2);
  engine.announceLog(3, true);
  timer.advance(feedSpacingMs);
  await settle();
  expect(totals).toEqual([1]);
  busy.resolve();
  await settle();
  timer.advance(feedSpacingMs);
  await settle();
  expect(totals).toEqual([1, 3]);
  feed.stop();
});

test('R43 a stopped feed tells nothing more and leaves no timer and no subscription', async () => {
  const deliver = vi.fn();
  const { engine, timer, feed } = follow(deliver);
  engine.announceLog(1);
  await settle();
  feed.stop();
  engine.announceLog(2);
  timer.advance(feedSpacingMs);
  await settle();
  expect(deliver).toHaveBeenCalledOnce();
  expect(timer.running).toBe(0);
  expect(engine.subscriptions).toBe(0);
});

test('a listener that fails ends its feed, logged once', async () => {
  const { engine, logger, ended } = follow(() => Promise.reject(new Error('broken listener')));
  engine.announceLog(1);
  await settle();
  expect(ended).toHaveBeenCalledOnce();
  expect(logger.error).toHaveBeenCalledOnce();
  expect(engine.subscriptions).toBe(0);
});
