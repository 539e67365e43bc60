import type { Subscription, SubscriptionMessage } from '../contract/api.ts';
import type { Event } from '../contract/event.ts';
import type { Clock, Logger, Stop, Store } from './ports.ts';

type EventSubscription = Extract<Subscription, { topic: 'events' }>;

/** Events per message when a subscriber catches up. */
const catchUpPage = 500;

function isWanted(event: Event, filter: EventSubscription): boolean {
  if (filter.kinds?.includes(event.kind) === false || filter.actors?.includes(event.actor) === false) return false;
  return (['runId', 'taskId', 'attemptId', 'agentId'] as const).every((key) => {
    const wanted = filter[key];
    return wanted === undefined || (event as Readonly<Record<string, unknown>>)[key] === wanted;
  });
}

/**
 * Delivers committed events to subscribers, each from the number it asked for, in order, without gap or repetition.
 * A subscriber that is behind is served pages from the store, one per turn, so that a long history blocks nobody.
 */
export class EventBus {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #subscribers = new Set<(events: readonly Event[]) => void>();
  readonly #stop: Stop;

  constructor(deps: { store: Store; clock: Clock; logger: Logger }) {
    this.#store = deps.store;
    this.#clock = deps.clock;
    this.#logger = deps.logger;
    this.#stop = deps.store.onCommit((events) => {
      for (const notify of this.#subscribers) notify(events);
    });
  }

  /** @returns ends the subscription. */
  subscribe(filter: EventSubscription, deliver: (message: SubscriptionMessage) => void): Stop {
    let cursor = filter.afterSeq;
    let open = true;
    let turn: Stop | null = null;
    const send = (events: readonly Event[]) => {
      const wanted = events.filter((event) => event.seq > cursor && isWanted(event, filter));
      if (wanted.length === 0) return;
      try {
        deliver({ topic: 'events', events: wanted });
      } catch (error) {
        this.#logger.error('A subscriber failed and was dropped.', { error });
        end();
      }
    };
    const catchUp = () => {
      turn = null;
      const page = this.#store.reads.listEvents({ ...indexedOf(filter), afterSeq: cursor, limit: catchUpPage });
      const lastOfFull = page.events[catchUpPage - 1];
      send(page.events);
      cursor = Math.max(cursor, lastOfFull?.seq ?? page.lastSeq);
      if (lastOfFull !== undefined && open) turn = this.#clock.after(0, catchUp);
    };
    const notify = (events: readonly Event[]) => {
      const first = events[0];
      const last = events.at(-1);
      if (!open || turn !== null || first === undefined || last === undefined) return;
      if (first.seq > cursor + 1) {
        turn = this.#clock.after(0, catchUp);
        return;
      }
      send(events);
      cursor = Math.max(cursor, last.seq);
    };
    const end = () => {
      open = false;
      turn?.();
      this.#subscribers.delete(notify);
    };
    this.#subscribers.add(notify);
    turn = this.#clock.after(0, catchUp);
    return end;
  }

  close(): void {
    this.#stop();
    this.#subscribers.clear();
  }
}

/** What of a filter an index answers; the rest is left to `isWanted`, so that no page has to look through everything. */
function indexedOf({ runId, taskId, attemptId, agentId }: EventSubscription) {
  return { runId, taskId, attemptId, agentId };
}
