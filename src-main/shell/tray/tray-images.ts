import { join } from 'node:path';
import type { TrayState } from './tray-state.ts';

/** What decides which drawing of a state is shown. */
export interface TrayPanel {
  readonly platform: NodeJS.Platform;
  /** Whether the panel that the icon is on is dark. */
  readonly isDark: boolean;
}

/**
 * The picture of a state. macOS colours a template itself; Linux takes one density whatever the screen has, and has
 * pictures of a size of their own; elsewhere Electron finds the densities beside the file.
 */
export function trayImage(folder: string, state: TrayState, { platform, isDark }: TrayPanel): string {
  if (platform === 'darwin') return join(folder, `${state}Template.png`);
  return join(folder, `${state}-${isDark ? 'dark' : 'light'}${platform === 'linux' ? '-24' : ''}.png`);
}

/** GNOME's panel is dark whatever the theme of windows is. */
export function hasDarkPanel(desktopNames: string | undefined): boolean {
  return (desktopNames ?? '').split(':').some((name) => name.toUpperCase() === 'GNOME');
}
