import { join } from 'node:path';
import { app, ipcMain, Menu, powerMonitor, session } from 'electron';
import type { SteadyEngine } from '../reach/steady-engine.ts';
import { startIpcServer } from '../transport/ipc-server.ts';
import type { DesktopPresence } from './desktop-presence.ts';
import { startDesktopPresence } from './desktop-presence.ts';
import type { Links } from './links.ts';
import { cancelWork, findLiveWork } from './live-work.ts';
import { menuTemplate } from './menu.ts';
import { createApplicationNotices } from './notices/application-notices.ts';
import { offerDownloads } from './offer-downloads.ts';
import type { PartReports } from './part-reports.ts';
import { createPartReports } from './part-reports.ts';
import { askBeforeQuitting } from './quit-question.ts';
import type { Quitting } from './quitting.ts';
import { createQuitting } from './quitting.ts';
import { lockDownSession } from './security.ts';
import { interfacePlace, serveInterface } from './serve-interface.ts';
import { createApplicationUpdates } from './updates/application-updates.ts';
import type { Updates } from './updates/updates.ts';
import type { Windows } from './windows.ts';
import { createWindows } from './windows.ts';

const isMac = process.platform === 'darwin';

/** How the application was started. */
export interface ApplicationStart {
  readonly links: Links;
  /** It shows no window, but its icon in the tray. */
  readonly isHidden: boolean;
  /** From `unusualFolder`. */
  readonly unusualFolder: string | null;
}

/** Shows the engine in windows, until the person quits. The application is ready, and no other start holds it. */
export function runApplication(engine: SteadyEngine, start: ApplicationStart): void {
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
    keepLast: () => keepLast(quitting, presence),
    onSessionEnd: () => quitting.park(),
  });

  const reports = createPartReports(engine);
  const presence = startDesktopPresence({ engine, windows, quitting, reports, unusualFolder: start.unusualFolder });

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
  setMenu(windows, tellPerson(engine, windows, quitting, reports));
  followApplication(windows);
  followEnd(quitting);
  showFirst(windows, start, presence);
}

/** Nobody is left without a window and without an icon. */
function showFirst(windows: Windows, { links, isHidden }: ApplicationStart, presence: DesktopPresence): void {
  const route = links.lead((later) => windows.show(later));
  if (!isHidden || route !== undefined) {
    windows.open(route);
    return;
  }
  void presence.hasTray().then((hasTray) => {
    if (!hasTray && windows.count() === 0) windows.open();
  });
}

/** Where neither the tray nor a Mac's dock leads back to the work, closing the last window is quitting. */
function keepLast(quitting: Quitting, presence: DesktopPresence): boolean {
  if (isMac || quitting.isOver() || presence.staysInTray()) return false;
  quitting.request();
  return true;
}

/** What tells the person something while they do not look. @returns updates, for who asks for them. */
function tellPerson(engine: SteadyEngine, windows: Windows, quitting: Quitting, parts: PartReports): Updates {
  const notices = createApplicationNotices({
    engine,
    parts,
    open: (route) => windows.show(route),
    recordFile: join(app.getPath('userData'), 'notices.json'),
    onSettings: ({ desktop }) => updates.setMode(desktop.updates),
  });
  const updates = createApplicationUpdates({ parts, quitting, tell: (news) => notices.tell(news) });
  notices.start();
  app.on('will-quit', () => {
    notices.stop();
    updates.stop();
  });
  return updates;
}

function setMenu(windows: Windows, updates: Updates): void {
  const template = menuTemplate({
    isMac,
    isDeveloped: !app.isPackaged,
    openWindow: () => windows.open(),
    goTo: (route) => windows.show(route),
    checkForUpdates: () => void updates.checkNow(),
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
