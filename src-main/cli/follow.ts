import type { Subscription, SubscriptionMessage } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import type { CliContext, Reached, Signal } from './cli-context.ts';
import { exitCodes, expectOk, RefusedError } from './refused.ts';

/**
 * Follows until the person ends it with Ctrl-C, which is the ordinary end of following.
 * @returns the exit code.
 * @throws RefusedError when the engine is lost.
 */
export async function followUntilSignal(
  context: CliContext,
  reached: Reached,
  subscription: Subscription,
  take: (message: SubscriptionMessage) => void,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<Signal>();
  const stopListening = context.onSignal(resolve);
  try {
    const listener = { deliver: take, ended: (error: ApiError) => reject(new RefusedError(error)) };
    const feed = expectOk(await reached.follow(subscription, listener));
    const signal = await promise;
    feed.stop();
    return signal === 'SIGINT' ? exitCodes.done : exitCodes[signal];
  } finally {
    stopListening();
  }
}
