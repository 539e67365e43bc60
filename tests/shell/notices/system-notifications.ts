import { EventEmitter } from 'node:events';

/** The system's notifications, as a test plays them. */
export const system = {
  isThere: true,
  /** Why it refuses them; null: it shows them. */
  refusal: null as string | null,
  shown: [] as Notification[],
};

interface Options {
  readonly title: string;
  readonly body: string;
  readonly timeoutType: string;
}

/** Stands for Electron's class of that name. */
export class Notification extends EventEmitter {
  readonly options: Options;
  isClosed = false;

  constructor(options: Options) {
    super();
    this.options = options;
  }

  static isSupported(): boolean {
    return system.isThere;
  }

  show(): void {
    if (system.refusal !== null) {
      this.emit('failed', {}, system.refusal);
      return;
    }
    system.shown.push(this);
    this.emit('show');
  }

  close(): void {
    this.isClosed = true;
    this.emit('close');
  }
}
