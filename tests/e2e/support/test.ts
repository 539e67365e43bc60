import type { Page } from '@playwright/test';
import { test as base, expect } from '@playwright/test';
import type { ApiClient } from '../../../src-main/contract/api.ts';
import type { SignalboxHost } from '../../../src-main/contract/host.ts';
import type { Desktop } from '../../support/electron-double/desktop.ts';
import { waitUntilGone, waitUntilNone } from '../../support/process-census.ts';
import { connectToEngine } from './engine-client.ts';
import { makeFolder, removeFolder } from './folder.ts';
import type { Host, HostKind, HostOptions } from './host.ts';
import { startBrowserHost } from './hosts/browser-host.ts';
import { startDoubleHost } from './hosts/double-host.ts';
import { startElectronHost } from './hosts/electron-host.ts';
import { Trouble } from './trouble.ts';

/** The window of a page of the desktop application, as a script of the page sees it. */
export type Bridged = Window & { readonly signalboxHost: SignalboxHost };

/** The application as a test has it, the same on every host. */
export interface App {
  readonly host: HostKind;
  /** The page of the first window. Ask again after a crash: it is another one then. */
  readonly page: Page;
  /** The contract, past the window. */
  readonly api: ApiClient;
  /** The data folder, new for every test. */
  readonly engineFolder: string;
  /** The process that shows the interface. */
  readonly pid: number;
  /** The desktop, where a test can drive one: on the double. */
  readonly desktop: Desktop | null;
  /** The link that let the browser in, which is used up; null on other hosts. */
  readonly entryUrl: string | null;
  /** Leads the first window to a route, like `/runs`. */
  goTo(route: string): Promise<void>;
  openSecondWindow(): Promise<Page>;
  reloadWindow(): Promise<void>;
  /** For a test that makes a page complain on purpose: every other complaint fails the test. */
  forgive(pattern: RegExp): void;
  /** Ends the application, with its engine; for tests that start it again. */
  end(): Promise<void>;
}

export interface StartOptions {
  /** Further words of the command line. */
  readonly args?: readonly string[];
}

interface Fixtures {
  /** The host of the project. */
  readonly hostKind: HostKind;
  /** A data folder that is removed after the test. */
  readonly engineFolder: string;
  readonly trouble: Trouble;
  /** Starts the application; a test may start it again when it has ended. */
  readonly startApp: (options?: StartOptions) => Promise<App>;
  /** The application, started. */
  readonly app: App;
}

const starts: Readonly<Record<HostKind, (options: HostOptions) => Promise<Host>>> = {
  browser: startBrowserHost,
  'electron-double': startDoubleHost,
  electron: startElectronHost,
};

/** Playwright's test with the application. */
export const test = base.extend<Fixtures>({
  hostKind: ['browser', { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures are needed.
  engineFolder: async ({}, use) => {
    const folder = makeFolder();
    await use(folder);
    // Whatever the engine says of itself: nothing that it started may be left.
    await waitUntilNone(folder);
    removeFolder(folder);
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  trouble: async ({}, use) => {
    const trouble = new Trouble();
    await use(trouble);
    expect(trouble.left(), 'what pages complained of').toEqual([]);
  },
  startApp: async ({ browser, hostKind, engineFolder, trouble }, use) => {
    const ends: (() => Promise<void>)[] = [];
    await use(async ({ args = [] } = {}) => {
      const onPage = (page: Page) => trouble.watch(page);
      const host = await starts[hostKind]({ browser, dataFolder: engineFolder, args, onPage });
      ends.push(() => host.end());
      const engine = await connectToEngine(engineFolder);
      const end = once(async () => {
        engine.close();
        await host.end();
        await waitUntilGone([host.pid]);
      });
      ends.push(end);
      return createApp(host, engine.api, engineFolder, trouble, end);
    });
    for (const end of ends.toReversed()) await end();
  },
  app: async ({ startApp }, use) => {
    await use(await startApp());
  },
});

export { expect };

function createApp(host: Host, api: ApiClient, engineFolder: string, trouble: Trouble, end: () => Promise<void>): App {
  return {
    host: host.kind,
    get page() {
      return host.page();
    },
    api,
    engineFolder,
    pid: host.pid,
    desktop: host.desktop,
    entryUrl: host.entryUrl,
    async goTo(route) {
      await host.page().evaluate((hash) => {
        location.hash = hash;
      }, route);
    },
    openSecondWindow: () => host.openSecondWindow(),
    async reloadWindow() {
      await host.page().reload();
    },
    forgive: (pattern) => trouble.forgive(pattern),
    end,
  };
}

/** What is asked for again has the same end. */
function once(action: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | null = null;
  return () => {
    result ??= action();
    return result;
  };
}
