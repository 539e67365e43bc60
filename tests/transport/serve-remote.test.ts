import { expect, test, vi } from 'vitest';
import type { SubscriptionMessage } from '../../src-main/contract/api.ts';
import type { ApiError } from '../../src-main/contract/errors.ts';
import type { Result } from '../../src-main/contract/result.ts';
import { ok } from '../../src-main/contract/result.ts';
import type { Feed, FeedListener } from '../../src-main/transport/feed.ts';
import { serveRemote } from '../../src-main/transport/serve-remote.ts';

const events = { topic: 'events', afterSeq: 0 } as const;
const gone: ApiError = { type: 'unavailable', message: 'Gone.', remedy: 'Wait.' };
const message: SubscriptionMessage = { topic: 'changes', lastSeq: 1, nouns: [], runIds: null };

/** An engine elsewhere, whose answer to `follow` a test gives. */
function remote() {
  const answer = Promise.withResolvers<Result<Feed, ApiError>>();
  const followers: FeedListener[] = [];
  const follow = vi.fn((_subscription: unknown, listener: FeedListener) => {
    followers.push(listener);
    return answer.promise;
  });
  const getStatus = vi.fn(async () => ok('status'));
  const served = serveRemote({ client: { getStatus } as never, follow });
  const listener = { deliver: vi.fn(), ended: vi.fn() };
  const settle = async (result: Result<Feed, ApiError>) => {
    answer.resolve(result);
    await answer.promise;
    await Promise.resolve();
  };
  return { served, follow, getStatus, followers, listener, settle };
}

test('calls go to the engine as they are; names that are none of its entries do not', async () => {
  const { served, getStatus } = remote();
  expect(await served.call('getStatus', { a: 1 })).toEqual(ok('status'));
  expect(getStatus).toHaveBeenCalledWith({ a: 1 });
  expect(await served.call('constructor', {})).toMatchObject({ ok: false, error: { type: 'notFound' } });
});

test('a subscription that does not fit is refused at once', () => {
  const { served, follow, listener } = remote();
  expect(served.follow({ topic: 'weather' }, listener)).toMatchObject({ ok: false, error: { type: 'invalidInput' } });
  expect(follow).not.toHaveBeenCalled();
});

test('a feed that the engine refuses ends with its refusal', async () => {
  const { served, listener, settle } = remote();
  expect(served.follow(events, listener).ok).toBe(true);
  await settle({ ok: false, error: gone });
  expect(listener.ended.mock.calls).toEqual([[gone]]);
});

test('messages are passed on until the feed ends, which is told once', async () => {
  const { served, listener, followers, settle } = remote();
  served.follow(events, listener);
  await settle(ok({ stop: vi.fn() }));
  void followers[0]?.deliver(message);
  followers[0]?.ended(gone);
  void followers[0]?.deliver(message);
  followers[0]?.ended(gone);
  expect(listener.deliver).toHaveBeenCalledOnce();
  expect(listener.ended).toHaveBeenCalledOnce();
});

test.each([true, false])('a feed that was stopped hears nothing more (answered before: %s)', async (isAnswered) => {
  const { served, listener, followers, settle } = remote();
  const stop = vi.fn();
  const feed = served.follow(events, listener);
  if (isAnswered) await settle(ok({ stop }));
  if (feed.ok) feed.value.stop();
  if (!isAnswered) await settle(ok({ stop }));
  void followers[0]?.deliver(message);
  followers[0]?.ended(gone);
  expect(stop).toHaveBeenCalledOnce();
  expect([listener.deliver.mock.calls, listener.ended.mock.calls]).toEqual([[], []]);
});

test('a feed that was stopped is not told that the engine refused it', async () => {
  const { served, listener, settle } = remote();
  const feed = served.follow(events, listener);
  if (feed.ok) feed.value.stop();
  await settle({ ok: false, error: gone });
  expect(listener.ended).not.toHaveBeenCalled();
});
