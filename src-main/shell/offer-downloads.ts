import { basename, join } from 'node:path';
import type { DownloadItem, Session } from 'electron';

/**
 * Asks a person where a download goes, and begins with their folder for downloads and the name that the server gives.
 * Without this the system's dialog begins in whatever folder was used last by any program.
 */
export function offerDownloads(session: Pick<Session, 'on'>, folder: string): void {
  session.on('will-download', (_event, item) => item.setSaveDialogOptions(saveOptions(item, folder)));
}

function saveOptions(item: Pick<DownloadItem, 'getFilename'>, folder: string) {
  const name = basename(item.getFilename());
  const isLog = name.endsWith('.log');
  return {
    title: isLog ? 'Save the log' : 'Save',
    defaultPath: join(folder, name),
    filters: isLog ? [{ name: 'Log', extensions: ['log'] }] : [],
  };
}
