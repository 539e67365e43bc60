import { join } from 'node:path';
import { _electron } from '@playwright/test';
import { findElectron } from '../find-runtimes.ts';
import type { Host, HostOptions } from '../host.ts';
import { cleanEnvironment } from '../host.ts';

const root = join(import.meta.dirname, '../../../..');

/** The desktop application on the real runtime. */
export async function startElectronHost({ dataFolder, args, onPage }: HostOptions): Promise<Host> {
  const electron = findElectron();
  if ('reason' in electron) throw new Error(electron.reason);
  const application = await _electron.launch({
    executablePath: electron.path,
    args: [root, '--data', dataFolder, ...args],
    env: cleanEnvironment(),
  });
  application.on('window', onPage);
  const page = await application.firstWindow();
  return {
    kind: 'electron',
    pid: Number(application.process().pid),
    desktop: null,
    entryUrl: null,
    page: () => page,
    async openSecondWindow() {
      const opened = application.waitForEvent('window');
      await application.evaluate(({ Menu }) => {
        const file = Menu.getApplicationMenu()?.items.find(({ label }) => label === '&File');
        file?.submenu?.items.find(({ label }) => label === 'New Window')?.click();
      });
      return opened;
    },
    async end() {
      application.process().kill('SIGTERM');
      await application.close();
    },
  };
}
