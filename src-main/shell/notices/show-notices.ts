import { Notification } from 'electron';
import type { NoticeReason } from '../../contract/desktop-settings.ts';
import type { PartTrouble } from '../part-reports.ts';
import type { Notice, ShownNotice } from './notice.ts';

export interface NoticeScreenDependencies {
  readonly platform: NodeJS.Platform;
  /** Brings the window to the front, at a route of the interface. */
  readonly open: (route: string) => void;
  /** Says whether notices can be shown; null: they can. */
  readonly report: (trouble: PartTrouble) => void;
}

/** Notices that are no longer held cannot be clicked any more; nobody clicks the hundredth. */
const mostHeld = 100;

const nothing: ShownNotice = { close: () => {} };

/** How the system presents what is of a reason. */
const urgency: Readonly<Record<NoticeReason, 'low' | 'normal'>> = {
  finished: 'low',
  failed: 'normal',
  stuck: 'normal',
  needsYou: 'normal',
  trouble: 'normal',
  update: 'low',
};

/** Shows notices with the system's own service. Where there is none, or it refuses, health says so, and work goes on. */
export function createNoticeScreen({ platform, open, report }: NoticeScreenDependencies) {
  /** What nothing refers to is collected, and its clicks are lost. */
  const held = new Set<Notification>();

  function hold(notification: Notification): void {
    held.add(notification);
    for (const oldest of held) if (held.size > mostHeld) held.delete(oldest);
  }

  return function show(notice: Notice): ShownNotice {
    if (!Notification.isSupported()) {
      report(missing);
      return nothing;
    }
    const { reason, title, route } = notice;
    const notification = new Notification({
      title,
      body: platform === 'linux' ? withoutMarkup(notice.body) : notice.body,
      silent: false,
      urgency: urgency[reason],
      // Who is asked something finds the question when they come back.
      timeoutType: reason === 'needsYou' ? 'never' : 'default',
    });
    notification.on('click', () => {
      held.delete(notification);
      open(route);
    });
    notification.on('close', () => held.delete(notification));
    notification.on('show', () => report(null));
    notification.on('failed', (_event, error) => {
      held.delete(notification);
      report(refused(error));
    });
    hold(notification);
    notification.show();
    return {
      close() {
        if (held.delete(notification)) notification.close();
      },
    };
  };
}

/** Desktops of Linux take a body as markup; texts of agents are none. */
function withoutMarkup(text: string): string {
  return text.replaceAll('<', '‹').replaceAll('>', '›');
}

const missing: PartTrouble = {
  message: 'This desktop has no service for notifications: nothing can be told while the window is closed.',
  remedy:
    'Install one, such as the notification daemon of your desktop, and start Signalbox again. Inbox and tray show all.',
};

function refused(error: string): PartTrouble {
  return {
    message: `The desktop refuses notifications: ${error.slice(0, 300)}.`,
    remedy: "Allow Signalbox to send them, in the system's settings for notifications. Inbox and tray show all.",
  };
}
