import { join } from 'node:path';
import type { WebContents, BrowserWindow as Window } from 'electron';
import { BrowserWindow, screen } from 'electron';
import { watchPage } from './page-trouble.ts';
import { resourceFolder } from './resource-folder.ts';
import { minimalSize, placeWindow, readWindowState, writeWindowState } from './window-state.ts';

/** The windows of the application; each shows the whole interface, and the engine needs none of them. */
export interface Windows {
  /** Opens one more, at a route of the interface, or at its start. */
  open(route?: string): void;
  /**
   * Brings the window that was used last to the front, and leads it to the route. When there is none it opens one;
   * without a route that shows what the last one showed.
   */
  show(route?: string): void;
  count(): number;
  owns(contents: WebContents): boolean;
}

export interface WindowsOptions {
  /** Where the interface is loaded from, without a route. */
  readonly address: string;
  /** Where it is kept how the window was left. */
  readonly stateFile: string;
  /** Asked when the last window is about to close. @returns whether it stays open. */
  readonly keepLast: () => boolean;
  /** The person's session is about to end, or ends: at most once for each. Only Windows says so, and only to windows. */
  readonly onSessionEnd: () => void;
}

/** A further window covers the one before it not quite. */
const offset = 24;

/** Remembers no window but those that are open. */
export function createWindows({ address, stateFile, keepLast, onSessionEnd }: WindowsOptions): Windows {
  /** The one that was used last comes last. */
  const open = new Set<Window>();
  /** Every window is told the same. */
  const heard = new Set<string>();
  /** Where the window was that closed last. */
  let left = '';

  function hear(word: 'query-session-end' | 'session-end'): void {
    if (heard.has(word)) return;
    heard.add(word);
    onSessionEnd();
  }

  function use(window: Window): void {
    open.delete(window);
    open.add(window);
  }

  function openWindow(route = ''): void {
    const before = [...open].at(-1);
    const window = createWindow(stateFile, before);
    use(window);
    watchPage(window);
    window.on('focus', () => use(window));
    window.on('close', (event) => {
      writeWindowState(stateFile, { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
      left = new URL(window.webContents.getURL() || address).hash.slice(1);
      if (open.size === 1 && keepLast()) event.preventDefault();
    });
    window.on('closed', () => open.delete(window));
    // Soon nothing of this process will be left, whatever it answers: it begins to park at the first word.
    window.on('query-session-end', () => hear('query-session-end'));
    window.on('session-end', () => hear('session-end'));
    load(window, address, route);
  }

  return {
    open: openWindow,
    show(route) {
      const window = [...open].at(-1);
      if (window === undefined) {
        openWindow(route ?? left);
        return;
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
      if (route !== undefined) load(window, address, route);
    },
    count: () => open.size,
    owns: (contents) => [...open].some((window) => !window.isDestroyed() && window.webContents === contents),
  };
}

/** A route is a fragment of the address: a page that is loaded already only goes there. */
function load(window: Window, address: string, route: string): void {
  window.loadURL(route === '' ? address : `${address}#${route}`).catch(() => {
    // Replaced by another address, or by a reload, or closed meanwhile; what cannot be loaded at all shows itself.
  });
}

function createWindow(stateFile: string, before: Window | undefined): Window {
  const { isMaximized, ...bounds } = placeWindow(readWindowState(stateFile), workAreas());
  const corner = before?.getNormalBounds();
  const window = new BrowserWindow({
    ...bounds,
    ...(corner === undefined ? {} : { x: corner.x + offset, y: corner.y + offset }),
    minWidth: minimalSize.width,
    minHeight: minimalSize.height,
    show: false,
    title: 'Signalbox',
    // Elsewhere the program's own file has it; here only an installed desktop entry would, which an AppImage has not.
    ...(process.platform === 'linux' ? { icon: join(resourceFolder('icons'), 'png', '256x256.png') } : {}),
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (isMaximized && before === undefined) window.maximize();
  window.once('ready-to-show', () => window.show());
  return window;
}

/** The main display's first. */
function workAreas() {
  const main = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== main.id);
  return [main, ...others].map(({ workArea }) => workArea);
}
