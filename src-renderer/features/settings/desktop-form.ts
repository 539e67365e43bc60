import type { DesktopSettings } from '../../../src-main/contract/desktop-settings.ts';
import type { Settings } from '../../../src-main/contract/settings.ts';
import { isSameShortcut } from './accelerator.ts';
import type { Read } from './settings-form.ts';
import { checkSettings } from './settings-form.ts';

/** What the desktop application does besides showing the window, as it is being chosen. */
export interface DesktopForm {
  readonly closeToTray: boolean;
  readonly startAtLogin: boolean;
  readonly preventSleep: boolean;
  readonly updates: DesktopSettings['updates'];
  /** In Electron's notation; null: none. */
  readonly windowShortcut: string | null;
  readonly freezeShortcut: string | null;
}

/** How updates come, as a person chooses it. */
export const updateWords: Readonly<
  Record<DesktopSettings['updates'], { readonly label: string; readonly hint: string }>
> = {
  off: { label: 'Off', hint: 'Nothing is looked for. This is right where a package manager keeps Signalbox new.' },
  tell: { label: 'Tell me', hint: 'It says that there is one, and you decide.' },
  download: {
    label: 'Download',
    hint: 'It is fetched and checked, and put in place when you quit. Live work is never ended for it.',
  },
};

/** The desktop's settings in the form. */
export function desktopOf({ desktop: { shortcuts, ...rest } }: Settings): DesktopForm {
  return { ...rest, windowShortcut: shortcuts.window, freezeShortcut: shortcuts.freeze };
}

/** Settings with those of the form, or what is wrong with them. */
export function readDesktop(form: DesktopForm, before: Settings, isMac: boolean): Read {
  const { windowShortcut, freezeShortcut, ...rest } = form;
  // The schema compares the texts; the same keys can be written in several ways.
  if (windowShortcut !== null && freezeShortcut !== null && isSameShortcut(windowShortcut, freezeShortcut, isMac)) {
    return { faults: { freezeShortcut: 'It must differ from the one that shows the window.' } };
  }
  const shortcuts = { window: windowShortcut, freeze: freezeShortcut };
  return checkSettings({ ...before, desktop: { ...before.desktop, ...rest, shortcuts } });
}
