import type { Browser, Page } from '@playwright/test';
import type { Desktop } from '../../support/electron-double/desktop.ts';

/** Where the interface is shown: in a browser, in the desktop application on a double of Electron, or on the real one. */
export type HostKind = 'browser' | 'electron-double' | 'electron';

export interface HostOptions {
  readonly browser: Browser;
  readonly dataFolder: string;
  /** Further words of the command line. */
  readonly args: readonly string[];
  /** Told of every page as soon as there is one. */
  readonly onPage: (page: Page) => void;
}

/** The application, started. */
export interface Host {
  readonly kind: HostKind;
  /** The process that shows the interface. */
  readonly pid: number;
  /** The page of the first window: another one after it has crashed. */
  page(): Page;
  openSecondWindow(): Promise<Page>;
  /** Null where there is none that a test can drive. */
  readonly desktop: Desktop | null;
  /** The link that let the browser in, which is used up; null where there is none. */
  readonly entryUrl: string | null;
  /** Ends it as the system does: live work is parked. Harmless when it has ended. */
  end(): Promise<void>;
}

/** The environment of the processes under test: nothing of the test runner, nothing that would lead to other data. */
export function cleanEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:SIGNALBOX_|NODE_OPTIONS$|PW_|TEST_|DEBUG$|FORCE_COLOR$)/.test(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, value ?? '']));
}
