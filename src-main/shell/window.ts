import { join } from 'node:path';
import { app, BrowserWindow } from 'electron';

/** Opens a window on the interface. It shows itself once there is something to see. */
export function openWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 820,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Signalbox',
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  void loadInterface(window);
  return window;
}

/** Brings the window to the front; opens one when there is none. */
export function focusWindow(): void {
  const window = BrowserWindow.getAllWindows()[0] ?? openWindow();
  if (window.isMinimized()) {
    window.restore();
  }
  window.show();
  window.focus();
}

/** The development server when electron-vite runs one, the built files otherwise. */
function loadInterface(window: BrowserWindow): Promise<void> {
  const devServer = process.env.ELECTRON_RENDERER_URL;
  return !app.isPackaged && devServer !== undefined
    ? window.loadURL(devServer)
    : window.loadFile(join(import.meta.dirname, '../renderer/index.html'));
}
