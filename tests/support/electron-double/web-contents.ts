import { EventEmitter } from 'node:events';
import { desktop } from './desktop-link.ts';
import { preventable } from './preventable.ts';
import { session } from './session.ts';
import { toOwn } from './wire.ts';

type OpenHandler = (details: { url: string }) => { action: 'allow' | 'deny' };

const all = new Map<number, WebContents>();

/** The page of a window, as the main process sees it. */
export class WebContents extends EventEmitter {
  readonly id: number;
  readonly session = session.defaultSession;
  /** For tests: what the window was created with. */
  readonly preferences: object;
  #url = '';
  #isDestroyed = false;
  #openHandler: OpenHandler = () => ({ action: 'allow' });

  constructor(id: number, preferences: object) {
    super();
    this.id = id;
    this.preferences = preferences;
    all.set(id, this);
  }

  static find(id: number): WebContents | undefined {
    return all.get(id);
  }

  async loadURL(url: string): Promise<void> {
    this.#url = url;
    await desktop.ask('page.load', this.id, url);
  }

  reload(): void {
    desktop.tell('page.reload', this.id);
  }

  getURL(): string {
    return this.#url;
  }

  send(channel: string, ...values: unknown[]): void {
    desktop.tell('page.send', this.id, channel, structuredClone(values));
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  forcefullyCrashRenderer(): void {
    desktop.tell('page.crash', this.id);
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  /** For the double: what becomes of `window.open`. */
  decideOpen(url: string): 'allow' | 'deny' {
    return this.#openHandler({ url }).action;
  }

  /** For the double: another document was loaded. */
  navigated(url: string): void {
    this.#url = toOwn(url);
    this.emit('did-navigate', preventable(), this.#url, 200, 'OK');
  }

  /** For the double: the page went somewhere within its document. */
  moved(url: string): void {
    this.#url = toOwn(url);
  }

  /** For the double: the window is gone. */
  end(): void {
    this.#isDestroyed = true;
    all.delete(this.id);
    this.emit('destroyed');
  }
}

desktop.handle('page.navigated', (id: number, url: string) => all.get(id)?.navigated(url));
desktop.handle('page.moved', (id: number, url: string) => all.get(id)?.moved(url));
desktop.handle('page.gone', (id: number) =>
  all.get(id)?.emit('render-process-gone', preventable(), { reason: 'crashed', exitCode: 5 }),
);
desktop.handle('page.decideOpen', (id: number, url: string) => all.get(id)?.decideOpen(url) ?? 'deny');
desktop.handle('page.mayNavigate', (id: number, url: string, isMainFrame: boolean) => {
  const event = preventable({ url: toOwn(url), isMainFrame });
  if (isMainFrame) all.get(id)?.emit('will-navigate', event, event.url);
  all.get(id)?.emit('will-frame-navigate', event);
  return !event.defaultPrevented;
});
desktop.handle('user.preferences', (id: number) => all.get(id)?.preferences);
