/** Stands for the module `electron` in a main process that runs on Node; see README.md beside it. */
// biome-ignore-all lint/performance/noBarrelFile: what stands for a module has its exports in one place.
export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export { dialog } from './dialog.ts';
export { globalShortcut } from './global-shortcut.ts';
export { ipcMain } from './ipc-main.ts';
export { Menu, MenuItem } from './menu.ts';
export { Notification } from './notification.ts';
export { protocol, session } from './session.ts';
export {
  nativeImage,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  screen,
  shell,
} from './system.ts';
export { Tray } from './tray.ts';
