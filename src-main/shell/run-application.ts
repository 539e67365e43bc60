import { join } from 'node:path';
import { app, ipcMain, Menu, powerMonitor, session } from 'electron';
import type { SteadyEngine } from '../reach/steady-engine.ts';
import { startIpcServer } from '../transport/ipc-server.ts';
import type { Links } from './links.ts';
import { cancelWork, findLiveWork } from './live-work.ts';
import { menuTemplate } from './menu.ts';
import { offerDownloads } from './offer-downloads.ts';
import { askBeforeQuitting } from './quit-question.ts';
import type { Quitting } from './quitting.ts';
import { createQuitting } from './quitting.ts';
import { lockDownSession } from './security.ts';
import { interfacePlace, serveInterface } from './serve-interface.ts';
import type { Windows } from './windows.ts';
import { createWindows } from './windows.ts';

const isMac = process.platform === 'darwin';

/** Shows the engine in windows, until the person quits. The application is ready, and no other start holds it. */
export function runApplication(engine: SteadyEngine, links: Links): void {
  const { address, origin } = interfacePlace();
  const origins = [origin];
  const quitting = createQuitting({
    findLiveWork: () => findLiveWork(engine),
    ask: askBeforeQuitting,
    cancelWork: () => cancelWork(engine),
    closeEngine: (options) => engine.close(options),
    exit: () => app.quit(),
  });
  const windows = createWindows({
    address,
    stateFile: join(app.getPath('userData'), 'window-state.json'),
    keepLast: () => keepLast(quitting),
    onSessionEnd: () => quitting.park(),
  });

  lockDownSession(session.defaultSession, origins);
  offerDownloads(session.defaultSession, app.getPath('downloads'));
  serveInterface(engine.served);
  startIpcServer({
    ipcMain,
    served: engine.served,
    isThere: () => engine.state().role !== 'lost',
    origins,
    isOurs: (contents) => windows.owns(contents),
    logger: { warn: (message, facts) => process.emitWarning(`${message}: ${JSON.stringify(facts)}`) },
  });
  setMenu(windows);
  followApplication(windows);
  followEnd(quitting);
  windows.open(links.lead((route) => windows.show(route)));
}

/** Without a window there is no way back to the work, but on a Mac: closing the last one is quitting. */
function keepLast(quitting: Quitting): boolean {
  if (isMac || quitting.isOver()) return false;
  quitting.request();
  return true;
}

function setMenu(windows: Windows): void {
  const template = menuTemplate({
    isMac,
    isDeveloped: !app.isPackaged,
    openWindow: () => windows.open(),
    goTo: (route) => windows.show(route),
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

/** The dock leads to a window. */
function followApplication(windows: Windows): void {
  app.on('activate', () => {
    if (windows.count() === 0) windows.open();
  });
  // Quitting decides when the application ends, not its last window.
  app.on('window-all-closed', () => {});
}

/** However the end is announced, it goes through one door. */
function followEnd(quitting: Quitting): void {
  app.on('before-quit', (event) => {
    if (quitting.isOver()) return;
    event.preventDefault();
    quitting.request();
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => quitting.park());
  powerMonitor.on('shutdown', () => quitting.park());
}
