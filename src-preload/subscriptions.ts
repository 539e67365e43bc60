import { ipcRenderer } from 'electron';
import { refuse } from '../src-main/contract/errors.ts';
import type { HostDelivery } from '../src-main/contract/host.ts';
import { hostChannels } from '../src-main/contract/host.ts';

/** The page's side of one subscription. */
interface Subscriber {
  onMessage(message: unknown): void | Promise<void>;
  onEnded(error: unknown): void;
}

/** A subscriber, and the moment from which it may be told something. */
interface Started {
  readonly subscriber: Subscriber;
  readonly answered: Promise<unknown>;
}

/** What this document follows. */
export interface Subscriptions {
  /** @param ask tells the main process the number. @returns its answer. */
  start(subscriber: Subscriber, ask: (id: number) => Promise<unknown>): Promise<unknown>;
  end(id: number): void;
}

/** Listens on the one channel on which the main process delivers. */
export function createSubscriptions(): Subscriptions {
  const started = new Map<number, Started>();
  let nextId = firstId();

  ipcRenderer.on(hostChannels.delivery, (_event, delivery: HostDelivery) => {
    const entry = started.get(delivery.id);
    // One that the page has just ended, or that an earlier document of this window left behind.
    if (entry !== undefined) void deliver(entry, delivery);
  });

  async function deliver({ subscriber, answered }: Started, delivery: HostDelivery): Promise<void> {
    await answered;
    if (!started.has(delivery.id)) return;
    if ('ended' in delivery) {
      started.delete(delivery.id);
      subscriber.onEnded(delivery.ended);
      return;
    }
    try {
      await subscriber.onMessage(delivery.message);
    } catch {
      end(delivery.id);
      subscriber.onEnded(listenerFailed());
      return;
    }
    if (started.has(delivery.id)) ipcRenderer.send(hostChannels.next, delivery.id);
  }

  function end(id: number): void {
    if (started.delete(id)) ipcRenderer.send(hostChannels.unsubscribe, id);
  }

  return {
    async start(subscriber, ask) {
      const id = nextId;
      nextId += 1;
      const answered = ask(id);
      started.set(id, { subscriber, answered });
      const answer = await answered;
      if (!isOk(answer)) started.delete(id);
      return answer;
    },
    end,
  };
}

/** Numbers of two documents of one window never meet, so that a late message cannot reach the wrong subscriber. */
function firstId(): number {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return random * 2 ** 20;
}

function isOk(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true;
}

function listenerFailed() {
  return refuse('internal', 'The window could not take a message.', 'Reload the window.').error;
}
