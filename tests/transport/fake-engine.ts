import type { ApiHandlers, Subscription, SubscriptionMessage } from '../../src-main/contract/api.ts';
import { apiNames } from '../../src-main/contract/api-names.ts';
import type { Event } from '../../src-main/contract/event.ts';
import type { ServedEngine } from '../../src-main/transport/serve-api.ts';

/** An engine whose events a test makes up, and whose entries answer what a test says. */
export interface FakeEngine extends ServedEngine {
  /** Commits an event and announces it. */
  commit(fields?: Partial<Record<string, unknown>>): void;
  announceLog(totalLines: number, complete?: boolean): void;
  /** How many subscriptions are open. */
  readonly subscriptions: number;
  /** Every call that reached a handler. */
  readonly calls: { name: string; input: unknown }[];
}

export function createFakeEngine(handlers: Partial<ApiHandlers> = {}): FakeEngine {
  const events: Event[] = [];
  const calls: FakeEngine['calls'] = [];
  const subscribers = new Set<{ subscription: Subscription; deliver: (message: SubscriptionMessage) => void }>();
  const own: Partial<ApiHandlers> = {
    listEvents: ({ afterSeq, limit }) => ({
      ok: true,
      value: { events: events.slice(afterSeq, afterSeq + limit), lastSeq: events.length },
    }),
    ...handlers,
  };
  const api = Object.fromEntries(
    apiNames.map((name) => [
      name,
      (input: never) => {
        calls.push({ name, input });
        const handler = own[name];
        if (handler === undefined) throw new Error(`no handler for ${name} in this test`);
        return handler(input);
      },
    ]),
  ) as unknown as ApiHandlers;
  return {
    api,
    calls,
    subscribe(subscription, deliver) {
      const subscriber = { subscription, deliver };
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
    commit(fields = {}) {
      const event = {
        seq: events.length + 1,
        at: 0,
        actor: 'engine',
        kind: 'engine.frozen',
        reason: 'test',
        ...fields,
      };
      events.push(event as Event);
      for (const { subscription, deliver } of subscribers) {
        if (subscription.topic === 'events') deliver({ topic: 'events', events: [event as Event] });
      }
    },
    announceLog(totalLines, complete = false) {
      for (const { subscription, deliver } of subscribers) {
        if (subscription.topic === 'log') {
          deliver({ topic: 'log', attemptId: subscription.attemptId, totalLines, complete });
        }
      }
    },
    get subscriptions() {
      return subscribers.size;
    },
  };
}
