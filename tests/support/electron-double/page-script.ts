/** The name under which Playwright puts the binding into a page; the script takes it away before the page runs. */
export const bindingName = 'signalboxElectronDouble';

/** What a page says through the binding. */
export type PageWord =
  | { readonly say: 'document' }
  | { readonly say: 'next' }
  | { readonly say: 'invoke' | 'send'; readonly channel: string; readonly values: unknown[] };

/** What comes back for `invoke`. A rejection crosses as its text. */
export type Answer = { readonly value: unknown } | { readonly error: string };
/** What comes back for `next`. */
export type Delivery = readonly { readonly channel: string; readonly values: unknown[] }[];

/**
 * The script that runs before a page's own: the preload with `electron` as a sandboxed preload has it. As there, it runs
 * in the page itself and in no frame within it, and the page sees nothing but what the preload exposes.
 */
export function pageScript(preload: string): string {
  return `(${runPreload})(${JSON.stringify(bindingName)}, (require, module, exports, process) => {${preload}\n});`;
}

type Preload = (
  require: (name: string) => unknown,
  module: object,
  exports: object,
  process: { readonly platform: string },
) => void;

/** Runs in the page: it may use nothing of this file. */
function runPreload(name: string, preload: Preload): void {
  const page = window as unknown as Record<string, unknown>;
  const say = page[name] as (word: PageWord) => Promise<unknown>;
  Reflect.deleteProperty(page, name);
  if (window.top !== window || location.href === 'about:blank') return;

  const listeners = new Map<string, ((event: object, ...values: unknown[]) => void)[]>();

  /** Functions cross as functions whose values are copied, everything else is copied and frozen. */
  function cross(value: unknown): unknown {
    if (typeof value === 'function') {
      return (...values: unknown[]) => {
        const result: unknown = value(...values.map(cross));
        return result instanceof Promise ? result.then(cross) : cross(result);
      };
    }
    return typeof value === 'object' && value !== null ? structuredClone(value) : value;
  }

  async function listen(): Promise<void> {
    await say({ say: 'document' });
    for (;;) {
      const deliveries = (await say({ say: 'next' })) as Delivery;
      for (const { channel, values } of deliveries) {
        for (const listener of listeners.get(channel) ?? []) listener({}, ...values);
      }
    }
  }
  void listen();

  const ipcRenderer = {
    async invoke(channel: string, ...values: unknown[]): Promise<unknown> {
      const answer = (await say({ say: 'invoke', channel, values: structuredClone(values) })) as Answer;
      if ('error' in answer) throw new Error(`Error invoking remote method '${channel}': ${answer.error}`);
      return answer.value;
    },
    send(channel: string, ...values: unknown[]): void {
      void say({ say: 'send', channel, values: structuredClone(values) });
    },
    on(channel: string, listener: (event: object, ...values: unknown[]) => void): void {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
    },
  };
  const contextBridge = {
    exposeInMainWorld(key: string, exposed: Record<string, unknown>): void {
      const value = Object.fromEntries(Object.entries(exposed).map(([field, own]) => [field, cross(own)]));
      Object.defineProperty(window, key, { value: Object.freeze(value), enumerable: true });
    },
  };
  const electron = { ipcRenderer, contextBridge };
  const module = { exports: {} };
  const load = (wanted: string) => {
    if (wanted !== 'electron') throw new Error(`module not found: ${wanted}`);
    return electron;
  };
  preload(load, module, module.exports, { platform: 'linux' });
}
