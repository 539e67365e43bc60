/**
 * What the preload of the desktop window exposes to the page as `window.signalboxHost`: all that the page can do
 * besides drawing. Values cross as copies; nothing here rejects.
 */
export interface SignalboxHost {
  readonly kind: 'electron';
  /** As Node names it (`linux`, `darwin`, `win32`): it decides which modifier key shortcuts show. */
  readonly platform: string;
  /** Calls an entry of the contract; resolves to a Result with the entry's output. */
  call(name: string, input: unknown): Promise<unknown>;
  /**
   * Follows. The next message comes after `onMessage`'s promise resolved, and none before `subscribe` itself resolved:
   * to a Result with the number that `unsubscribe` takes. `onEnded` is told the ApiError when the subscription ended
   * by itself, and not after `unsubscribe`.
   */
  subscribe(
    subscription: unknown,
    onMessage: (message: unknown) => void | Promise<void>,
    onEnded: (error: unknown) => void,
  ): Promise<unknown>;
  /** Asks for a sign of life of the engine, which costs it nothing; resolves to a Result, `unavailable` without one. */
  ping(): Promise<unknown>;
  /** Ends a subscription; nothing is delivered after this. An unknown number is ignored. */
  unsubscribe(id: number): void;
}

/**
 * The channels between the preload and the main process. Requests cross as JSON text: its length can be bounded before
 * it is read, and what a page sends is data and nothing else, as on every other wire.
 */
export const hostChannels = {
  /** Invoked with a name and JSON; answers a Result. */
  call: 'signalbox:call',
  /** Invoked with a number that the preload chose and JSON; answers a Result with that number. */
  subscribe: 'signalbox:subscribe',
  /** Answers a Result: whether there is an engine. */
  ping: 'signalbox:ping',
  /** The number's last message was taken; only then comes the next one. */
  next: 'signalbox:next',
  /** Ends the number's subscription. */
  unsubscribe: 'signalbox:unsubscribe',
  /** From the main process: a {@link HostDelivery}. */
  delivery: 'signalbox:delivery',
} as const;

/** One message of a subscription, or its end. */
export type HostDelivery =
  | { readonly id: number; readonly message: unknown }
  | { readonly id: number; readonly ended: unknown };
