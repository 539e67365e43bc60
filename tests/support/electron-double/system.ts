import { EventEmitter } from 'node:events';
import { desktop } from './desktop-link.ts';
import type { Menu } from './menu.ts';

/** One display, as most people have. */
const display = {
  id: 1,
  bounds: { x: 0, y: 0, width: 1920, height: 1080 },
  workArea: { x: 0, y: 0, width: 1920, height: 1040 },
};

export const screen = Object.assign(new EventEmitter(), {
  getPrimaryDisplay: () => display,
  getAllDisplays: () => [display],
});

export const powerMonitor = new EventEmitter();

/** Blockers that are on, by their number. */
const blockers = new Set<number>();
let nextBlocker = 1;

export const powerSaveBlocker = {
  start(type: string): number {
    const id = nextBlocker++;
    blockers.add(id);
    desktop.tell('record', 'powerSaveBlocker', { type, on: blockers.size });
    return id;
  },
  stop(id: number): void {
    blockers.delete(id);
    desktop.tell('record', 'powerSaveBlocker', { on: blockers.size });
  },
  isStarted: (id: number) => blockers.has(id),
};

export const nativeTheme = Object.assign(new EventEmitter(), { shouldUseDarkColors: true, themeSource: 'system' });

export const shell = {
  openExternal(url: string): Promise<void> {
    desktop.tell('record', 'openExternal', url);
    return Promise.resolve();
  },
  showItemInFolder(path: string): void {
    desktop.tell('record', 'showItemInFolder', path);
  },
};

export const nativeImage = {
  createFromPath: (path: string) => ({ path, isEmpty: () => false, setTemplateImage: () => {} }),
};

/** The icon of the application in the tray. */
export class Tray extends EventEmitter {
  static current: Tray | null = null;
  #menu: Menu | null = null;

  constructor(image: { readonly path?: string }) {
    super();
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

  destroy(): void {
    Tray.current = null;
  }
}

desktop.handle('user.tray', () => Tray.current?.emit('click'));
desktop.handle('user.trayMenu', (path: string[]) => Tray.current?.clickMenu(path));
desktop.handle('user.shutdown', () => powerMonitor.emit('shutdown'));
