import type { MenuItemConstructorOptions, NativeImage } from 'electron';
import { Menu, nativeImage, nativeTheme, Tray } from 'electron';
import type { Settings } from '../../contract/settings.ts';
import type { DesktopClock } from '../desktop-clock.ts';
import type { DesktopStatus } from '../desktop-status.ts';
import type { PartTrouble } from '../part-reports.ts';
import { menuLabel } from './plain-label.ts';
import type { TrayPanel } from './tray-images.ts';
import { hasDarkPanel, trayImage } from './tray-images.ts';
import type { TrayAct, TrayEntry } from './tray-menu.ts';
import { trayMenu } from './tray-menu.ts';
import { toolTipOf, trayStateOf } from './tray-state.ts';

export interface TrayIconDependencies {
  readonly status: DesktopStatus;
  readonly clock: DesktopClock;
  /** Folder of the pictures. */
  readonly pictures: string;
  readonly carryOut: (act: TrayAct) => void;
  readonly report: (trouble: PartTrouble) => void;
  /** Whether the desktop shows icons now. */
  readonly isShown: () => Promise<boolean>;
}

/** The icon of the application in the tray of the system. */
export interface TrayIcon {
  /** Whether there is one that a person sees. */
  works(): boolean;
  /** Whether there is one, as soon as that is known: at login the tray may come later than Signalbox. */
  settled(): Promise<boolean>;
  stop(): void;
}

/** When a desktop that shows no icons is asked again, each counted from the time before. */
const askAgainMs = [500, 1_500, 3_000, 5_000] as const;

/** Puts the icon into the tray as soon as there is one. */
export function createTrayIcon(dependencies: TrayIconDependencies): TrayIcon {
  const { clock, report, isShown } = dependencies;
  let stopped = false;
  let stopPause = () => {};
  let drawn: { destroy(): void } | null = null;

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      stopPause = clock.after(ms, resolve);
    });
  }

  function draw(): boolean {
    try {
      drawn = drawTray(dependencies);
      report(null);
      return true;
    } catch (error) {
      report(missing(error instanceof Error ? error.message : String(error)));
      return false;
    }
  }

  async function search(): Promise<boolean> {
    for (const ms of [0, ...askAgainMs]) {
      if (ms > 0) await pause(ms);
      if (stopped) return false;
      if (await isShown()) return !stopped && draw();
      report(missing('nothing on this desktop shows the icons of applications'));
    }
    return false;
  }

  const found = search();
  return {
    works: () => drawn !== null,
    settled: () => found,
    stop() {
      stopped = true;
      stopPause();
      drawn?.destroy();
      drawn = null;
    },
  };
}

function missing(reason: string): PartTrouble {
  return {
    message: `Signalbox has no icon in the tray: ${reason}. Closing the last window asks to quit.`,
    remedy:
      process.platform === 'linux'
        ? 'On GNOME, install and switch on the extension "AppIndicator and KStatusNotifierItem Support", then start Signalbox again.'
        : 'Start Signalbox again; if that does not help, install it again.',
  };
}

/** @throws when the system gives no icon, or a picture is missing. */
function drawTray({ status, clock, pictures, carryOut }: TrayIconDependencies): { destroy(): void } {
  const images = new Map<string, NativeImage>();
  let settings: Settings | null = status.settings();
  let stopTimer = () => {};
  /** What is shown, to be compared. */
  const shown = { image: '', toolTip: '', menu: '' };

  function image(): string {
    return trayImage(pictures, trayStateOf(status.view()), panel());
  }

  function load(path: string): NativeImage {
    const picture = images.get(path) ?? nativeImage.createFromPath(path);
    images.set(path, picture);
    return picture;
  }

  const first = load(image());
  if (first.isEmpty()) throw new Error(`the picture ${image()} cannot be read`);
  const tray = new Tray(first);

  function update(): void {
    if (tray.isDestroyed()) return;
    const path = image();
    if (path !== shown.image) tray.setImage(load(path));
    const toolTip = toolTipOf(status.view());
    if (toolTip !== shown.toolTip) tray.setToolTip(toolTip);
    const entries = trayMenu(status.view(), settings, clock.now());
    const menu = JSON.stringify(entries);
    // A menu that a person has open would close.
    if (menu !== shown.menu)
      tray.setContextMenu(Menu.buildFromTemplate(entries.map((entry) => itemOf(entry, carryOut))));
    Object.assign(shown, { image: path, toolTip, menu });
    followMute();
  }

  /** Nothing is changed when a mute ends, but the menu is another one. */
  function followMute(): void {
    stopTimer();
    const left = (settings?.notifications.mutedUntil ?? 0) - clock.now();
    stopTimer = left > 0 ? clock.after(left, update) : () => {};
  }

  // A Mac shows the menu instead.
  if (process.platform !== 'darwin') tray.on('click', () => carryOut({ kind: 'open', route: null }));
  nativeTheme.on('updated', update);
  status.onView(update);
  status.onSettings((changed) => {
    settings = changed;
    update();
  });
  return {
    destroy() {
      stopTimer();
      nativeTheme.off('updated', update);
      tray.destroy();
    },
  };
}

function panel(): TrayPanel {
  const { platform, env } = process;
  const isDark =
    platform === 'linux'
      ? hasDarkPanel(env.XDG_CURRENT_DESKTOP) || nativeTheme.shouldUseDarkColors
      : nativeTheme.shouldUseDarkColorsForSystemIntegratedUI;
  return { platform, isDark };
}

function itemOf(entry: TrayEntry, carryOut: (act: TrayAct) => void): MenuItemConstructorOptions {
  if (entry.kind === 'line') return { type: 'separator' };
  const label = menuLabel(entry.label);
  if (entry.kind === 'menu') return { label, submenu: entry.entries.map((one) => itemOf(one, carryOut)) };
  const { act } = entry;
  return act === null ? { label, enabled: false } : { label, click: () => carryOut(act) };
}
