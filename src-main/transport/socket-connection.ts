import type { Socket } from 'node:net';
import type { ApiError } from '../contract/errors.ts';
import type { Hello } from '../contract/wire.ts';
import { maxRequestLength } from '../contract/wire-terms.ts';
import type { LineFault } from './line-framer.ts';
import { createLineFramer } from './line-framer.ts';
import type { ServedApi } from './serve-api.ts';
import type { Wire } from './served-session.ts';
import { closeGraceMs, ServedSession } from './served-session.ts';

export interface ConnectionDependencies {
  /** Owned by the connection from now on. */
  readonly socket: Socket;
  readonly served: ServedApi;
  readonly hello: Hello;
}

/** Serves one caller over a socket, line by line. @returns the session, to close it. */
export function serveConnection({ socket, served, hello }: ConnectionDependencies): ServedSession {
  const framer = createLineFramer(maxRequestLength);
  const session = new ServedSession(asWire(socket), served);
  socket.on('data', (chunk: Buffer) => {
    if (session.isClosing) return;
    const { lines, fault } = framer.push(chunk);
    for (const line of lines) session.take(line);
    if (fault !== null) session.close(faultError(fault));
  });
  socket.on('drain', () => session.regulate());
  // A caller that vanished is no error of the engine's; `close` follows.
  socket.on('error', () => {});
  socket.on('close', () => session.gone());
  session.greet(hello);
  return session;
}

function asWire(socket: Socket): Wire {
  return {
    send: (text) => void socket.write(`${text}\n`),
    unsentBytes: () => socket.writableLength,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    end() {
      socket.end();
      // A caller that reads nothing must not keep the engine from ending.
      socket.setTimeout(closeGraceMs, () => socket.destroy());
      socket.resume();
    },
  };
}

function faultError(fault: LineFault): ApiError {
  if (fault === 'notText') {
    return { type: 'invalidInput', message: 'A request was not UTF-8 text.', remedy: 'Send one JSON value per line.' };
  }
  return {
    type: 'invalidInput',
    message: `A request was longer than ${maxRequestLength / 1024 / 1024} MiB.`,
    remedy: 'Send less at once, or put long text into a file and name the file.',
  };
}
