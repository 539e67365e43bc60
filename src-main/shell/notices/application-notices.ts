import { app, BrowserWindow, powerMonitor } from 'electron';
import type { Settings } from '../../contract/settings.ts';
import { systemClock } from '../../engine/system-clock.ts';
import type { SteadyEngine } from '../../reach/steady-engine.ts';
import type { PartReports } from '../part-reports.ts';
import { lookUpThing } from './look-up-thing.ts';
import type { News } from './notice.ts';
import { NoticeFeed } from './notice-feed.ts';
import { openNoticeRecord } from './notice-record.ts';
import { Notices } from './notices.ts';
import { createNoticeScreen } from './show-notices.ts';
import { TroubleWatch } from './trouble-watch.ts';

/** Notifications of the application: what a person is told while they do not look. */
export interface ApplicationNotices {
  /** Begins to follow the engine; what happened since the last start becomes one summary for each reason. */
  start(): void;
  /** Tells what no event tells, once. */
  tell(news: News): void;
  /** Nothing is shown any more. What was not told yet is told after the next start. */
  stop(): void;
}

export interface ApplicationNoticesOptions {
  readonly engine: Pick<SteadyEngine, 'served' | 'state' | 'onState'>;
  readonly parts: PartReports;
  /** Brings the window to the front, at a route of the interface. */
  readonly open: (route: string) => void;
  /** Where it is kept what was told. */
  readonly recordFile: string;
  /** Told the settings when they are known, and when they may have changed. */
  readonly onSettings: (settings: Settings) => void;
}

/** As the installer names the application to Windows, which shows no notification of a program without a name. */
const applicationId = 'app.signalbox.desktop';

export function createApplicationNotices(options: ApplicationNoticesOptions): ApplicationNotices {
  const { engine, parts, open, recordFile, onSettings } = options;
  const { platform } = process;
  if (platform === 'win32') app.setAppUserModelId(applicationId);
  const notices = new Notices({
    clock: systemClock,
    record: openNoticeRecord(recordFile),
    show: createNoticeScreen({ platform, open, report: (trouble) => parts.report('notifications', trouble) }),
    lookUp: (thing, reason) => lookUpThing(engine.served, thing, reason),
    isLookedAt,
  });
  const troubles = new TroubleWatch((message) => parts.has(message));
  const feed = new NoticeFeed({ engine, clock: systemClock, notices, troubles, onSettings });
  return {
    start() {
      // Timers stand still while the machine sleeps: quiet hours may have ended.
      powerMonitor.on('resume', () => notices.look());
      feed.start();
    },
    tell: (news) => void notices.tell(news),
    stop: () => feed.stop(),
  };
}

/** Whether the window in front shows this route, or a part of it. */
function isLookedAt(route: string): boolean {
  const url = BrowserWindow.getFocusedWindow()?.webContents.getURL() ?? '';
  const [, shown = ''] = url.split('#');
  return shown === route || shown.startsWith(`${route}/`);
}
