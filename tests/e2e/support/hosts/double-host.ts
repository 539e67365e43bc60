import { join } from 'node:path';
import { Desktop } from '../../../support/electron-double/desktop.ts';
import type { Host, HostOptions } from '../host.ts';
import { cleanEnvironment } from '../host.ts';

const main = join(import.meta.dirname, '../../../../out/main/index.js');

/** The built desktop application on the double of Electron. */
export async function startDoubleHost({ browser, dataFolder, args, onPage }: HostOptions): Promise<Host> {
  const desktop = await Desktop.start({
    browser,
    main,
    args: ['--data', dataFolder, ...args],
    env: cleanEnvironment(),
    onPage,
  });
  try {
    await desktop.waitForWindows(1);
  } catch (error) {
    await desktop.dispose();
    throw error;
  }
  return {
    kind: 'electron-double',
    pid: desktop.pid,
    desktop,
    entryUrl: null,
    page() {
      const [page] = desktop.pages;
      if (page === undefined) throw new Error('the application has no window now');
      return page;
    },
    async openSecondWindow() {
      await desktop.user('menu', ['File', 'New Window']);
      const pages = await desktop.waitForWindows(2);
      return pages[1] ?? Promise.reject(new Error('there is no second window'));
    },
    end: () => desktop.dispose(),
  };
}
