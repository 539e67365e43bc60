import type { App } from 'electron';
import type { PartTrouble } from './part-reports.ts';

/** The word with which a start opens no window. */
const hiddenOption = '--hidden';

/** How this application is started again. */
export interface OwnStart {
  /** Absolute path of the program. */
  readonly program: string;
  /** Without the program; with `--hidden`. */
  readonly args: readonly string[];
}

/** Makes the system start Signalbox when the person logs in, or not. @returns what is in the way; null: nothing. */
export type StartAtLogin = (isWanted: boolean) => PartTrouble;

/** What starts this application at the next login. @param dataFolder null: the usual one, which needs no word. */
export function ownStart(program: string, dataFolder: string | null): OwnStart {
  return { program, args: [hiddenOption, ...(dataFolder === null ? [] : ['--data', dataFolder])] };
}

/** Whether a start comes from {@link StartAtLogin}, or asks for the same. */
export function isHiddenStart(argv: readonly string[]): boolean {
  return argv.includes(hiddenOption);
}

type LoginItems = Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>;

/** macOS starts an application without words; how it was started is asked when it is. */
export function startAtLoginOnMac(app: LoginItems, dataFolder: string | null): StartAtLogin {
  return (isWanted) => {
    if (isWanted && dataFolder !== null) {
      app.setLoginItemSettings({ openAtLogin: false });
      return {
        message: 'Signalbox is not started at login: macOS starts it without --data, so with another data folder.',
        remedy: 'Switch "desktop.startAtLogin" off in the settings of this data folder.',
      };
    }
    if (app.getLoginItemSettings().openAtLogin !== isWanted) app.setLoginItemSettings({ openAtLogin: isWanted });
    const { status } = app.getLoginItemSettings();
    if (!isWanted || status === 'enabled') return null;
    return {
      message: `Signalbox is not started at login: macOS says "${status}".`,
      remedy: 'Allow Signalbox under System Settings > General > Login Items.',
    };
  };
}

/** Windows keeps a command line in its registry; a person may switch it off in the Task Manager, and that stays. */
export function startAtLoginOnWindows(app: LoginItems, { args }: OwnStart): StartAtLogin {
  const item = { args: args.map(quoteForWindows) };
  return (isWanted) => {
    if (app.getLoginItemSettings(item).openAtLogin !== isWanted) {
      app.setLoginItemSettings({ ...item, openAtLogin: isWanted });
    }
    const { openAtLogin, executableWillLaunchAtLogin } = app.getLoginItemSettings(item);
    if (!isWanted || (openAtLogin && executableWillLaunchAtLogin)) return null;
    return {
      message: 'Signalbox is not started at login: Windows has switched it off, or does not let it be added.',
      remedy: 'Switch Signalbox on under Settings > Apps > Startup.',
    };
  };
}

/** Electron joins the words with spaces as they are. A path holds no quotation mark; one at its end needs care. */
function quoteForWindows(word: string): string {
  return /\s/.test(word) ? `"${word.replace(/\\+$/, '$&$&')}"` : word;
}
