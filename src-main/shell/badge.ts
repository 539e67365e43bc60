import type { App, BrowserWindow, NativeImage } from 'electron';

export interface BadgeDependencies {
  readonly platform: NodeJS.Platform;
  readonly app: Pick<App, 'setBadgeCount'>;
  readonly windows: () => readonly Pick<BrowserWindow, 'setOverlayIcon'>[];
  /** Sign beside the icon in the task bar of Windows. */
  readonly overlay: () => NativeImage;
}

/** How many questions wait, at the icon of the application. */
export interface Badge {
  show(count: number): void;
  /** A window that has just opened shows it, too. */
  showOn(window: Pick<BrowserWindow, 'setOverlayIcon'>): void;
}

export function createBadge({ platform, app, windows, overlay }: BadgeDependencies): Badge {
  let shown = 0;

  function mark(window: Pick<BrowserWindow, 'setOverlayIcon'>): void {
    window.setOverlayIcon(shown === 0 ? null : overlay(), describe(shown));
  }

  return {
    show(count) {
      if (count === shown) return;
      shown = count;
      // Where the desktop shows no numbers this does nothing, and nobody misses it: window and tray have them.
      if (platform !== 'win32') app.setBadgeCount(count);
      else for (const window of windows()) mark(window);
    },
    showOn(window) {
      if (platform === 'win32' && shown > 0) mark(window);
    },
  };
}

/** Read aloud to who cannot see the sign. */
function describe(count: number): string {
  if (count === 0) return '';
  return count === 1 ? 'One question waits for you' : `${count} questions wait for you`;
}
