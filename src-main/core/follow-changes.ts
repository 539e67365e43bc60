import type { SubscriptionMessage } from '../contract/api.ts';
import { anyChange, changesOf } from '../contract/changes.ts';
import type { Stop, Store } from './ports.ts';

/**
 * Tells after every commit what kinds of rows it changed. Says first that anything may have changed, so that who was
 * away asks again. @returns ends it.
 */
export function followChanges(store: Store, deliver: (message: SubscriptionMessage) => void): Stop {
  const stop = store.onCommit((events) => {
    const changes = changesOf(events);
    if (changes !== null) deliver(changes);
  });
  deliver(anyChange(store.reads.lastSeq()));
  return stop;
}
