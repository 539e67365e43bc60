import { EventEmitter } from 'node:events';
import { desktop } from './desktop-link.ts';
import type { Menu } from './menu.ts';

/** The icon of the application in the tray. With SIGNALBOX_DOUBLE_TRAY=throws the system has none. */
export class Tray extends EventEmitter {
  static current: Tray | null = null;
  #menu: Menu | null = null;
  #isDestroyed = false;

  constructor(image: { readonly path?: string }) {
    super();
    if (process.env.SIGNALBOX_DOUBLE_TRAY === 'throws') throw new Error('the system refuses');
    Tray.current = this;
    this.setImage(image);
  }

  setImage(image: { readonly path?: string }): void {
    desktop.tell('record', 'trayImage', image.path ?? '');
  }

  setToolTip(text: string): void {
    desktop.tell('record', 'trayToolTip', text);
  }

  setContextMenu(menu: Menu | null): void {
    this.#menu = menu;
    desktop.tell('record', 'trayMenu', menu?.facts() ?? []);
  }

  clickMenu(path: readonly string[]): void {
    this.#menu?.find(path).click();
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  destroy(): void {
    this.#isDestroyed = true;
    Tray.current = null;
  }
}

desktop.handle('user.tray', () => Tray.current?.emit('click'));
desktop.handle('user.trayMenu', (path: string[]) => Tray.current?.clickMenu(path));
