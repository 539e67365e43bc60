import { EventEmitter } from 'node:events';
import { desktop } from './desktop-link.ts';
import { WebContents } from './web-contents.ts';
import type { PageMessage } from './wire.ts';
import { toOwn } from './wire.ts';

type Handler = (event: unknown, ...values: unknown[]) => unknown;

class IpcMain extends EventEmitter {
  readonly #handlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.#handlers.set(channel, handler);
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  /** For the double: a message of a page. */
  async receive({ windowId, kind, channel, values, origin, isMainFrame }: PageMessage): Promise<unknown> {
    const sender = WebContents.find(windowId);
    if (sender === undefined) throw new Error('the window is gone');
    const senderFrame = { origin: toOwn(origin), url: toOwn(origin), parent: isMainFrame ? null : {} };
    const event = { sender, senderFrame };
    if (kind === 'send') {
      this.emit(channel, event, ...values);
      return undefined;
    }
    const handler = this.#handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    return structuredClone(await handler(event, ...values));
  }
}

export const ipcMain = new IpcMain();

desktop.handle('page.message', (message: PageMessage) => ipcMain.receive(message));
