import { connect } from 'node:net';
import { join } from 'node:path';
import { callMessage, readReply } from './bus-messages.ts';

/** How long the session bus may be silent. */
const usualPatienceMs = 2_000;

/** Where the session bus listens; null: nobody says, or not in a way that Node can connect to. */
export function sessionBusPath(env: Readonly<Record<string, string | undefined>>): string | null {
  const addresses = env.DBUS_SESSION_BUS_ADDRESS ?? '';
  if (addresses === '') return env.XDG_RUNTIME_DIR === undefined ? null : join(env.XDG_RUNTIME_DIR, 'bus');
  for (const address of addresses.split(';')) {
    const match = /^unix:(?:[^,]*,)*?(path|abstract)=([^,]+)/.exec(address);
    const [, kind, escaped = ''] = match ?? [];
    if (kind === undefined) continue;
    const name = decodeEscapes(escaped);
    if (name !== null) return kind === 'path' ? name : `\0${name}`;
  }
  return null;
}

function decodeEscapes(escaped: string): string | null {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return null;
  }
}

/**
 * Whether something on this desktop shows the icons of applications. Electron's tray says nothing when there is none:
 * it shows no icon, and a person would have no way back to the window.
 * @param path from {@link sessionBusPath}.
 */
export function hasNotifierHost(path: string, patienceMs = usualPatienceMs): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let received: Buffer = Buffer.alloc(0);
    let isIn = false;
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(patienceMs, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.on('connect', () => {
      const user = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
      socket.write(`\0AUTH EXTERNAL ${user}\r\n`);
    });
    socket.on('data', (data) => {
      received = Buffer.concat([received, data]);
      if (!isIn) {
        const end = received.indexOf('\r\n');
        if (end === -1) return;
        if (!received.subarray(0, end).toString().startsWith('OK')) return finish(false);
        received = received.subarray(end + 2);
        isIn = true;
        socket.write('BEGIN\r\n');
        for (const message of question) socket.write(message);
      }
      const answer = answerIn(received);
      if (answer !== null) finish(answer);
    });
  });
}

const questionSerial = 2;

/** Every connection says hello first. */
const question = [
  callMessage(1, {
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
    member: 'Hello',
    texts: [],
  }),
  callMessage(questionSerial, {
    destination: 'org.kde.StatusNotifierWatcher',
    path: '/StatusNotifierWatcher',
    interface: 'org.freedesktop.DBus.Properties',
    member: 'Get',
    texts: ['org.kde.StatusNotifierWatcher', 'IsStatusNotifierHostRegistered'],
  }),
];

/** @returns null while the answer is not there. */
function answerIn(received: Buffer): boolean | null {
  let rest = received;
  for (;;) {
    const reply = readReply(rest);
    if (reply === null) return null;
    if (reply.to === questionSerial) return reply.isTrue;
    rest = rest.subarray(reply.length);
  }
}
