import { homedir } from 'node:os';
import { join } from 'node:path';
import { app, BrowserWindow, globalShortcut, nativeImage, powerSaveBlocker } from 'electron';
import type { DesktopPart } from '../contract/api-engine.ts';
import type { Settings } from '../contract/settings.ts';
import type { SteadyEngine } from '../reach/steady-engine.ts';
import { configFolder, startAtLoginOnLinux } from './autostart-file.ts';
import { createBadge } from './badge.ts';
import { tellBriefly } from './brief-notice.ts';
import { desktopClock } from './desktop-clock.ts';
import type { DesktopMemory } from './desktop-memory.ts';
import { openDesktopMemory } from './desktop-memory.ts';
import type { DesktopStatus } from './desktop-status.ts';
import { followDesktopStatus } from './desktop-status.ts';
import { createFreezeSwitch } from './freeze-switch.ts';
import type { PartReports, PartTrouble } from './part-reports.ts';
import type { Quitting } from './quitting.ts';
import { resourceFolder } from './resource-folder.ts';
import { createShortcuts } from './shortcuts.ts';
import { createSleepGuard } from './sleep-guard.ts';
import type { StartAtLogin } from './start-at-login.ts';
import { ownStart, startAtLoginOnMac, startAtLoginOnWindows } from './start-at-login.ts';
import { hasNotifierHost, sessionBusPath } from './tray/notifier-host.ts';
import { createTrayActs } from './tray/tray-acts.ts';
import type { TrayIcon } from './tray/tray-icon.ts';
import { createTrayIcon } from './tray/tray-icon.ts';
import { openQuestions } from './tray/tray-state.ts';
import type { Windows } from './windows.ts';

export interface DesktopPresenceOptions {
  readonly engine: SteadyEngine;
  readonly windows: Windows;
  readonly quitting: Quitting;
  readonly reports: PartReports;
  /** From `unusualFolder`. */
  readonly unusualFolder: string | null;
}

/** Signalbox outside of its windows: tray, badge, sleep, shortcuts, login. */
export interface DesktopPresence {
  /** Asked when the last window closes. @returns whether the tray leads back; that is explained once ever. */
  staysInTray(): boolean;
  /** Whether there is an icon in the tray, as soon as that is known. */
  hasTray(): Promise<boolean>;
}

/** Starts all of it. What the system lacks or refuses is reported; nothing of it holds up the work or the windows. */
export function startDesktopPresence(options: DesktopPresenceOptions): DesktopPresence {
  const { engine, windows, reports } = options;
  const memory = openDesktopMemory(join(app.getPath('userData'), 'desktop-memory.json'), desktopClock.now());
  const look = followLook(memory);
  const status = followDesktopStatus({ engine, after: desktopClock.after, lookedAt: look.lookedAt });
  look.onLook(() => status.looked());
  const tray = startTray(options, status);
  followSleep(status, reports);
  followBadge(status);
  followShortcuts(status, options);
  if (app.isPackaged) followLogin(status, options);
  app.on('will-quit', () => {
    status.stop();
    tray.stop();
  });
  return {
    staysInTray() {
      if (!tray.works() || status.settings()?.desktop.closeToTray !== true) return false;
      explainClosing(memory, windows);
      return true;
    },
    hasTray: () => tray.settled(),
  };
}

function reporter(reports: PartReports, part: DesktopPart): (trouble: PartTrouble) => void {
  return (trouble) => reports.report(part, trouble);
}

/** When the person looks at a window of ours, and when they did last. */
function followLook(memory: DesktopMemory) {
  let isLooking = false;
  let tell = () => {};

  function look(isNow: boolean): void {
    if (!isNow && !isLooking) return;
    isLooking = isNow;
    memory.write({ lookedAt: desktopClock.now() });
    if (isNow) tell();
  }

  app.on('browser-window-focus', () => look(true));
  app.on('browser-window-blur', () => look(false));
  app.on('browser-window-created', (_event, window) => {
    window.on('closed', () => look(BrowserWindow.getFocusedWindow() !== null));
  });
  return {
    lookedAt: () => (isLooking ? null : memory.read().lookedAt),
    onLook(listener: () => void) {
      tell = listener;
    },
  };
}

function startTray({ engine, windows, quitting, reports }: DesktopPresenceOptions, status: DesktopStatus): TrayIcon {
  return createTrayIcon({
    status,
    clock: desktopClock,
    pictures: resourceFolder('tray'),
    carryOut: createTrayActs({
      served: engine.served,
      openWindow: (route) => windows.show(route),
      quit: () => quitting.request(),
      tellRefusal: ({ message, remedy }) => tellBriefly({ title: 'That was not done', body: `${message} ${remedy}` }),
      now: desktopClock.now,
    }),
    report: reporter(reports, 'tray'),
    isShown: isTrayShown,
  });
}

/** Only on Linux may there be nothing that shows icons, and Electron does not say so. */
async function isTrayShown(): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const path = sessionBusPath(process.env);
  return path !== null && hasNotifierHost(path);
}

function explainClosing(memory: DesktopMemory, windows: Windows): void {
  if (memory.read().isClosingExplained) return;
  memory.write({ isClosingExplained: true });
  tellBriefly({
    title: 'Signalbox goes on in the tray',
    body: 'Work goes on without a window. Its icon in the tray opens one, and quits. Settings > Desktop changes that.',
    onClick: () => windows.show(),
  });
}

function followSleep(status: DesktopStatus, reports: PartReports): void {
  const guard = createSleepGuard({ blocker: powerSaveBlocker, report: reporter(reports, 'sleep') });
  const update = () => {
    const { status: engineStatus, isLost } = status.view();
    const isLive = !isLost && engineStatus !== null && engineStatus.slots.used > 0;
    guard.keepAwake(isLive && status.settings()?.desktop.preventSleep === true);
  };
  status.onView(update);
  status.onSettings(update);
}

function followBadge(status: DesktopStatus): void {
  const badge = createBadge({
    platform: process.platform,
    app,
    windows: () => BrowserWindow.getAllWindows(),
    overlay: () => nativeImage.createFromPath(join(resourceFolder('tray'), 'needs-you-dark.png')),
  });
  app.on('browser-window-created', (_event, window) => badge.showOn(window));
  status.onView((view) => badge.show(view.status === null ? 0 : openQuestions(view.status)));
}

function followShortcuts(status: DesktopStatus, { engine, windows, reports }: DesktopPresenceOptions): void {
  const shortcuts = createShortcuts({
    registry: globalShortcut,
    report: reporter(reports, 'shortcuts'),
    acts: { window: () => windows.show(), freeze: createFreezeSwitch({ served: engine.served, tell: tellBriefly }) },
  });
  status.onSettings(({ desktop }) => shortcuts.use(desktop.shortcuts));
  app.on('will-quit', () => shortcuts.stop());
}

function followLogin(status: DesktopStatus, { reports, unusualFolder }: DesktopPresenceOptions): void {
  const apply = chooseStartAtLogin(unusualFolder);
  let applied: Settings['desktop']['startAtLogin'] | null = null;
  status.onSettings(({ desktop: { startAtLogin } }) => {
    if (startAtLogin === applied) return;
    applied = startAtLogin;
    reports.report('start at login', apply(startAtLogin));
  });
}

/** An AppImage is started by its own file: the program in it is gone when it ends. */
function chooseStartAtLogin(unusualFolder: string | null): StartAtLogin {
  const { platform, env, execPath } = process;
  if (platform === 'darwin') return startAtLoginOnMac(app, unusualFolder);
  const start = ownStart(env.APPIMAGE ?? execPath, unusualFolder);
  if (platform === 'win32') return startAtLoginOnWindows(app, start);
  return startAtLoginOnLinux({ configFolder: configFolder(env, homedir()), start, dataFolder: unusualFolder });
}
