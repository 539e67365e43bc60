import { app } from 'electron';
import { systemClock } from '../../engine/system-clock.ts';
import type { Updater } from './updates.ts';

/** An installer that could not be started must not leave an application without an engine. */
const endAnywayMs = 15_000;

/** The updater that knows the releases. It takes a while to load, and most starts do not need it. */
export async function loadElectronUpdater(): Promise<Updater> {
  const { default: electronUpdater } = await import('electron-updater');
  const { autoUpdater } = electronUpdater;
  autoUpdater.autoDownload = false;
  autoUpdater.autoInstallOnAppQuit = true;
  autoUpdater.allowDowngrade = false;
  autoUpdater.disableWebInstaller = true;
  // What goes wrong rejects.
  autoUpdater.logger = null;
  return {
    async find() {
      const result = await autoUpdater.checkForUpdates();
      return result?.isUpdateAvailable === true ? result.updateInfo.version : null;
    },
    async download() {
      await autoUpdater.downloadUpdate();
    },
    installAndRestart() {
      systemClock.after(endAnywayMs, () => app.quit());
      autoUpdater.quitAndInstall(true, true);
    },
  };
}
