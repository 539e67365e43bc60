import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { app } from './app.ts';
import { desktop } from './desktop-link.ts';
import { preventable } from './preventable.ts';
import { WebContents } from './web-contents.ts';
import type { WindowFacts, WindowView } from './wire.ts';

interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
  readonly x?: number;
  readonly y?: number;
  readonly show?: boolean;
  readonly webPreferences?: { readonly preload?: string };
}

/** The one used last comes last. */
const open = new Map<number, BrowserWindow>();
/** Null while another application is in front. */
let focused: number | null = null;
let nextId = 1;

/** A window that is a page of Chromium; where it is and how it looks is only remembered. */
export class BrowserWindow extends EventEmitter {
  readonly id = nextId++;
  readonly webContents: WebContents;
  #bounds: WindowView['bounds'];
  #isVisible: boolean;
  #isMaximized = false;
  #isMinimized = false;
  #isDestroyed = false;

  constructor(options: WindowOptions = {}) {
    super();
    const { width = 800, height = 600, x = 100, y = 100, show = true } = options;
    this.#bounds = { x, y, width, height };
    this.#isVisible = show;
    this.webContents = new WebContents(this.id, options.webPreferences ?? {});
    open.set(this.id, this);
    app.addWindow(this);
    const preload = options.webPreferences?.preload;
    const facts: WindowFacts = {
      id: this.id,
      width,
      height,
      preload: preload === undefined ? '' : readFileSync(preload, 'utf8'),
    };
    desktop.tell('window.create', facts);
    app.emit('web-contents-created', preventable(), this.webContents);
    app.emit('browser-window-created', preventable(), this);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...open.values()];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return focused === null ? null : (open.get(focused) ?? null);
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...open.values()].find(({ webContents }) => webContents === contents) ?? null;
  }

  static fromId(id: number): BrowserWindow | null {
    return open.get(id) ?? null;
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }

  close(): void {
    if (this.#isDestroyed) return;
    const event = preventable();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.blur();
    open.delete(this.id);
    this.webContents.end();
    desktop.tell('window.destroy', this.id);
    this.emit('closed');
    app.removeWindow(this);
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  show(): void {
    this.#isVisible = true;
    this.emit('show');
    this.focus();
  }

  hide(): void {
    this.#isVisible = false;
    this.emit('hide');
  }

  isVisible(): boolean {
    return this.#isVisible;
  }

  focus(): void {
    open.delete(this.id);
    open.set(this.id, this);
    if (focused === this.id) return;
    if (focused !== null) open.get(focused)?.blur();
    focused = this.id;
    this.emit('focus');
    app.emit('browser-window-focus', preventable(), this);
  }

  blur(): void {
    if (focused !== this.id) return;
    focused = null;
    this.emit('blur');
    app.emit('browser-window-blur', preventable(), this);
  }

  isFocused(): boolean {
    return BrowserWindow.getFocusedWindow() === this;
  }

  minimize(): void {
    this.#isMinimized = true;
  }

  restore(): void {
    this.#isMinimized = false;
  }

  isMinimized(): boolean {
    return this.#isMinimized;
  }

  maximize(): void {
    this.#isMaximized = true;
  }

  unmaximize(): void {
    this.#isMaximized = false;
  }

  isMaximized(): boolean {
    return this.#isMaximized;
  }

  getBounds(): WindowView['bounds'] {
    return this.#bounds;
  }

  getNormalBounds(): WindowView['bounds'] {
    return this.#bounds;
  }

  setBounds(bounds: Partial<WindowView['bounds']>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    this.emit('resize');
  }

  /** For tests. */
  view(): WindowView {
    return {
      id: this.id,
      bounds: this.#bounds,
      isVisible: this.#isVisible,
      isFocused: this.isFocused(),
      isMaximized: this.#isMaximized,
      isMinimized: this.#isMinimized,
    };
  }
}

desktop.handle('user.windows', () => BrowserWindow.getAllWindows().map((window) => window.view()));
desktop.handle('user.close', (id: number) => open.get(id)?.close());
desktop.handle('user.focus', (id: number) => open.get(id)?.focus());
desktop.handle('user.minimize', (id: number) => open.get(id)?.minimize());
desktop.handle('user.lookElsewhere', () => BrowserWindow.getFocusedWindow()?.blur());
desktop.handle('user.maximize', (id: number) => open.get(id)?.maximize());
desktop.handle('user.setBounds', (id: number, bounds: WindowView['bounds']) => open.get(id)?.setBounds(bounds));
desktop.handle('user.hang', (id: number, isHanging: boolean) =>
  open.get(id)?.emit(isHanging ? 'unresponsive' : 'responsive'),
);
desktop.handle('user.endSession', (word: 'query-session-end' | 'session-end') => {
  for (const window of open.values()) window.emit(word);
});
desktop.handle('page.ready', (id: number) => open.get(id)?.emit('ready-to-show'));
