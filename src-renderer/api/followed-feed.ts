import type { SubscriptionInput, SubscriptionMessage } from '../../src-main/contract/api.ts';
import type { FollowListener } from './link.ts';

/** A subscription that outlives connections: it knows how far it has got. */
export interface FollowedFeed {
  /** What to ask for now, so that the next message is the one after the last that was delivered. */
  readonly subscription: () => SubscriptionInput;
  /** Passes on what is new in a message; resolves when the listener has room for the next one. */
  readonly take: (message: SubscriptionMessage) => Promise<void>;
  readonly listener: FollowListener;
}

/** Keeps count of what a subscription has delivered. */
export function createFollowedFeed(subscription: SubscriptionInput, listener: FollowListener): FollowedFeed {
  let lastSeq = subscription.topic === 'events' ? subscription.afterSeq : 0;
  return {
    listener,
    subscription: () => (subscription.topic === 'events' ? { ...subscription, afterSeq: lastSeq } : subscription),
    async take(message) {
      if (message.topic !== 'events') {
        await listener.deliver(message);
        return;
      }
      const fresh = message.events.filter(({ seq }) => seq > lastSeq);
      lastSeq = fresh.at(-1)?.seq ?? lastSeq;
      if (fresh.length > 0) await listener.deliver({ topic: 'events', events: fresh });
    },
  };
}
