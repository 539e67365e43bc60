import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { Session } from 'electron';
import { expect, test } from 'vitest';
import { offerDownloads } from '../../src-main/shell/offer-downloads.ts';
import { lockDownSession } from '../../src-main/shell/security.ts';

/** What the dialog of a download begins with. */
function offered(fileName: string): unknown {
  const session = new EventEmitter();
  offerDownloads(session as unknown as Session, '/home/me/Downloads');
  let options: unknown = null;
  const setSaveDialogOptions = (given: unknown) => {
    options = given;
  };
  session.emit('will-download', {}, { getFilename: () => fileName, setSaveDialogOptions });
  return options;
}

test('a download is offered in the folder for downloads, under the name that it has', () => {
  expect(offered('attempt_1.log')).toEqual({
    title: 'Save the log',
    defaultPath: join('/home/me/Downloads', 'attempt_1.log'),
    filters: [{ name: 'Log', extensions: ['log'] }],
  });
  expect(offered('events.jsonl')).toMatchObject({ title: 'Save', filters: [] });
  expect(offered('../../.bashrc')).toMatchObject({ defaultPath: join('/home/me/Downloads', '.bashrc') });
});

test('a download from elsewhere is prevented', () => {
  const session = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: () => {},
    setPermissionCheckHandler: () => {},
    setDevicePermissionHandler: () => {},
    webRequest: { onBeforeRequest: () => {} },
  });
  lockDownSession(session as unknown as Session, ['app://signalbox']);
  const prevented = ['app://signalbox/download/log/attempt_1', 'https://attacker.invalid/x.log'].map((url) => {
    let isPrevented = false;
    const preventDefault = () => {
      isPrevented = true;
    };
    session.emit('will-download', { preventDefault }, { getURL: () => url });
    return isPrevented;
  });
  expect(prevented).toEqual([false, true]);
});
