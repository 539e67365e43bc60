import { app, BrowserWindow } from 'electron';
import { lockDownContents } from './shell/security.ts';
import { focusWindow, openWindow } from './shell/window.ts';

// A second start hands over to the first: one process owns the database.
if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => focusWindow());
  app.on('web-contents-created', (_event, contents) => lockDownContents(contents));
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) {
      openWindow();
    }
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') {
      app.quit();
    }
  });
  await app.whenReady();
  openWindow();
} else {
  app.quit();
}
