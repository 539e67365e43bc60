import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import { hostChannels } from '../contract/host.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import { IpcGuest } from './ipc-guest.ts';
import type { ServedApi } from './serve-api.ts';

export interface IpcServerDependencies {
  readonly ipcMain: Pick<IpcMain, 'handle' | 'on' | 'removeHandler' | 'removeListener'>;
  readonly served: ServedApi;
  /** Whether an engine is known to be there; false: a call finds out, and waits for one a little. */
  readonly isThere: () => boolean;
  /** The origins of pages that may ask. */
  readonly origins: readonly string[];
  /** Whether these are the contents of one of our windows. */
  readonly isOurs: (contents: WebContents) => boolean;
  /** Where a request of somebody else is written. */
  readonly logger: { warn(message: string, facts?: Readonly<Record<string, unknown>>): void };
}

/** How many strangers are written to the log: a flood of them must not fill it. */
const maxLoggedStrangers = 20;

/**
 * Serves the contract to the windows of this process. Only the page itself of one of our windows is answered: no frame
 * in it, no other origin, no other contents. What a page follows ends with the page.
 * @returns stops serving.
 */
export function startIpcServer(dependencies: IpcServerDependencies): () => void {
  const { ipcMain, isThere } = dependencies;
  const guests = new Map<WebContents, IpcGuest>();
  const admit = createDoor(dependencies, guests);

  ipcMain.handle(hostChannels.call, (event, name: unknown, request: unknown) => {
    const guest = admit(event);
    return guest === null ? stranger() : guest.call(name, request);
  });
  ipcMain.handle(hostChannels.subscribe, (event, id: unknown, request: unknown): Result<unknown, ApiError> => {
    const guest = admit(event);
    return guest === null ? stranger() : guest.follow(id, request);
  });
  // Windows ask several times a second: while all is well, nothing is looked up for it.
  ipcMain.handle(hostChannels.ping, (event) => {
    const guest = admit(event);
    if (guest === null) return stranger();
    return isThere() ? ok(null) : guest.call('getStatus', '{}');
  });
  const onNext = (event: IpcMainEvent, id: unknown) => admit(event)?.letGoOn(id);
  const onUnsubscribe = (event: IpcMainEvent, id: unknown) => admit(event)?.stop(id);
  ipcMain.on(hostChannels.next, onNext);
  ipcMain.on(hostChannels.unsubscribe, onUnsubscribe);

  return () => {
    ipcMain.removeHandler(hostChannels.call);
    ipcMain.removeHandler(hostChannels.subscribe);
    ipcMain.removeHandler(hostChannels.ping);
    ipcMain.removeListener(hostChannels.next, onNext);
    ipcMain.removeListener(hostChannels.unsubscribe, onUnsubscribe);
    for (const guest of guests.values()) guest.stopAll();
    guests.clear();
  };
}

/** @returns who asks; null for somebody who may not. */
function createDoor(
  { served, origins, isOurs, logger }: IpcServerDependencies,
  guests: Map<WebContents, IpcGuest>,
): (event: IpcMainInvokeEvent | IpcMainEvent) => IpcGuest | null {
  let strangers = 0;

  function isAllowed({ sender, senderFrame }: IpcMainInvokeEvent | IpcMainEvent): boolean {
    // A frame that is gone, or one that is embedded in the page, has nothing to ask.
    if (senderFrame === null || senderFrame.parent !== null || sender.isDestroyed()) return false;
    return origins.includes(senderFrame.origin) && isOurs(sender);
  }

  function enter(contents: WebContents): IpcGuest {
    const guest = new IpcGuest(contents, served);
    guests.set(contents, guest);
    // The page is another one, or there is none any more: nobody takes what it followed.
    contents.on('did-navigate', () => guest.stopAll());
    contents.on('render-process-gone', () => guest.stopAll());
    contents.once('destroyed', () => {
      guest.stopAll();
      guests.delete(contents);
    });
    return guest;
  }

  return (event) => {
    if (isAllowed(event)) return guests.get(event.sender) ?? enter(event.sender);
    strangers += 1;
    if (strangers <= maxLoggedStrangers) {
      logger.warn('A request that did not come from a page of Signalbox was refused', {
        origin: event.senderFrame?.origin ?? 'none',
      });
    }
    return null;
  };
}

function stranger() {
  return refuse('refused', 'Only pages of Signalbox may ask the engine.', 'Use the window of Signalbox.');
}
