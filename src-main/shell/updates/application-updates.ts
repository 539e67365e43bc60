import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import { systemClock } from '../../engine/system-clock.ts';
import type { News } from '../notices/notice.ts';
import type { PartReports } from '../part-reports.ts';
import type { Quitting } from '../quitting.ts';
import { loadElectronUpdater } from './electron-updater.ts';
import { updateSource } from './update-source.ts';
import type { UpdateBox } from './updates.ts';
import { Updates } from './updates.ts';

export interface ApplicationUpdatesOptions {
  readonly parts: PartReports;
  readonly quitting: Quitting;
  readonly tell: (news: News) => void;
}

/** Updates of this application, as it was installed. */
export function createApplicationUpdates({ parts, quitting, tell }: ApplicationUpdatesOptions): Updates {
  const { env, platform, execPath } = process;
  return new Updates({
    source: updateSource({
      isPackaged: app.isPackaged,
      platform,
      env,
      packageType: readPackageType(),
      execPath,
      isWindowsStore: process.windowsStore === true,
    }),
    version: app.getVersion(),
    loadUpdater: loadElectronUpdater,
    after: systemClock.after,
    box,
    tell,
    report: (trouble) => parts.report('updates', trouble),
    quit: (instead) => quitting.request(instead),
  });
}

/** electron-builder writes it into the packages of Linux. */
function readPackageType(): string | null {
  try {
    return readFileSync(join(process.resourcesPath, 'package-type'), 'utf8').trim();
  } catch {
    return null;
  }
}

const box: UpdateBox = async ({ type, message, detail, buttons }) => {
  const options = {
    type,
    title: 'Updates of Signalbox',
    message,
    detail,
    buttons: [...buttons],
    defaultId: 0,
    cancelId: buttons.length - 1,
    noLink: true,
  };
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const { response } = await (window === undefined
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(window, options));
  return buttons[response] ?? buttons[0];
};
