import { createServer } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { callMessage, readReply } from '../../../src-main/shell/tray/bus-messages.ts';
import { hasNotifierHost, sessionBusPath } from '../../../src-main/shell/tray/notifier-host.ts';
import type { NotifierHost } from '../../support/electron-double/session-bus.ts';
import { SessionBus } from '../../support/electron-double/session-bus.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function ask(host: NotifierHost): Promise<boolean> {
  const path = join(temporaryFolder(), 'bus');
  const bus = await SessionBus.listen(path, host);
  onTestFinished(() => bus.close());
  return hasNotifierHost(path, host === 'silent' ? 50 : 5_000);
}

describe('whether a desktop shows icons', () => {
  test('is what its session bus says', async () => {
    expect(await ask('shows')).toBe(true);
    expect(await ask('missing')).toBe(false);
  });

  test('is no where there is no bus, where it lets nobody in, and where it says nothing', async () => {
    const folder = temporaryFolder();
    expect(await hasNotifierHost(join(folder, 'nothing'))).toBe(false);
    const path = join(folder, 'closed');
    const server = createServer((socket) => socket.end('REJECTED EXTERNAL\r\n'));
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(path, resolve));
    expect(await hasNotifierHost(path)).toBe(false);
    expect(await ask('silent')).toBe(false);
  });

  test('is asked at the address of the session, in each of its forms', () => {
    const at = (address: string) =>
      sessionBusPath({ DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: '/run/user/1' });
    expect(at('unix:path=/run/user/1000/bus')).toBe('/run/user/1000/bus');
    expect(at('unix:guid=12,path=/tmp/a%20b')).toBe('/tmp/a b');
    expect(at('tcp:host=here;unix:abstract=/tmp/dbus-x,guid=3')).toBe('\0/tmp/dbus-x');
    expect(at('unix:path=/broken%zz')).toBeNull();
    expect(at('')).toBe('/run/user/1/bus');
    expect(sessionBusPath({})).toBeNull();
  });

  test('a message is read as a whole or not at all, whatever bytes come', () => {
    const call = callMessage(7, { destination: 'a.b', path: '/a', interface: 'a.b', member: 'M', texts: ['x', 'yy'] });
    expect(readReply(call)).toEqual({ to: 0, isTrue: false, length: call.length });
    for (let cut = 0; cut < call.length; cut += 1) expect(readReply(call.subarray(0, cut))).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const reply = readReply(Buffer.from(bytes));
        expect(reply === null || reply.length <= bytes.length).toBe(true);
      }),
    );
  });
});
