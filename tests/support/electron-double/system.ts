import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { desktop } from './desktop-link.ts';

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

export const nativeTheme = Object.assign(new EventEmitter(), {
  shouldUseDarkColors: true,
  shouldUseDarkColorsForSystemIntegratedUI: true,
  themeSource: 'system',
});

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
  createFromPath: (path: string) => ({ path, isEmpty: () => !existsSync(path), setTemplateImage: () => {} }),
};

desktop.handle('user.theme', (theme: 'dark' | 'light') => {
  nativeTheme.shouldUseDarkColors = theme === 'dark';
  nativeTheme.shouldUseDarkColorsForSystemIntegratedUI = theme === 'dark';
  nativeTheme.emit('updated');
});
desktop.handle('user.shutdown', () => powerMonitor.emit('shutdown'));
