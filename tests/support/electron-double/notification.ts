import { EventEmitter } from 'node:events';
import { desktop } from './desktop-link.ts';

interface NotificationOptions {
  readonly title: string;
  readonly body: string;
  readonly silent?: boolean;
  readonly urgency?: string;
  readonly timeoutType?: string;
}

/** What the desktop makes of notifications: shows them, refuses each, or has no service for them. */
type NotificationService = 'shows' | 'refuses' | 'missing';

function serviceAtStart(): NotificationService {
  const said = process.env.SIGNALBOX_DOUBLE_NOTIFICATIONS;
  return said === 'refuses' || said === 'missing' ? said : 'shows';
}

/** A notification that a test can see and click. */
export class Notification extends EventEmitter {
  static readonly #shown = new Map<number, Notification>();
  static #next = 1;
  static #service = serviceAtStart();
  readonly #id = Notification.#next++;
  readonly options: NotificationOptions;

  constructor(options: NotificationOptions) {
    super();
    this.options = options;
  }

  static isSupported(): boolean {
    return Notification.#service !== 'missing';
  }

  static use(service: NotificationService): void {
    Notification.#service = service;
  }

  static click(id: number): void {
    Notification.#shown.get(id)?.emit('click');
  }

  static dismiss(id: number): void {
    Notification.#shown.get(id)?.close();
  }

  show(): void {
    if (Notification.#service === 'refuses') {
      this.emit('failed', {}, 'the desktop refuses');
      return;
    }
    Notification.#shown.set(this.#id, this);
    desktop.tell('record', 'notification', { id: this.#id, ...this.options });
    this.emit('show');
  }

  close(): void {
    if (!Notification.#shown.delete(this.#id)) return;
    desktop.tell('record', 'notificationClosed', this.#id);
    this.emit('close');
  }
}

desktop.handle('user.notification', (id: number) => Notification.click(id));
desktop.handle('user.dismissNotification', (id: number) => Notification.dismiss(id));
desktop.handle('user.notificationService', (service: NotificationService) => Notification.use(service));
