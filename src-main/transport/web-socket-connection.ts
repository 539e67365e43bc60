import type { WebSocket } from '@fastify/websocket';
import type { Hello } from '../contract/wire.ts';
import type { ServedApi } from './serve-api.ts';
import type { Wire } from './served-session.ts';
import { closeGraceMs, ServedSession } from './served-session.ts';

export interface WebSocketDependencies {
  /** Owned by the session from now on. */
  readonly socket: WebSocket;
  readonly served: ServedApi;
  readonly hello: Hello;
}

/** Serves one page over a WebSocket, message by message. @returns the session, to close it. */
export function serveWebSocket({ socket, served, hello }: WebSocketDependencies): ServedSession {
  const wire: Wire = {
    send: (text) => socket.send(text, () => session.regulate()),
    unsentBytes: () => socket.bufferedAmount,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    end() {
      socket.resume();
      socket.close();
      // A page that reads nothing must not keep the host from ending.
      const timer = setTimeout(() => socket.terminate(), closeGraceMs);
      socket.once('close', () => clearTimeout(timer));
    },
  };
  const session = new ServedSession(wire, served);
  socket.on('message', (data, isBinary) => {
    if (!isBinary) session.take(String(data));
    else session.close({ type: 'invalidInput', message: 'A request was not text.', remedy: 'Send JSON as text.' });
  });
  // What breaks the protocol, or is longer than allowed, ends the connection; `close` follows.
  socket.on('error', () => {});
  socket.on('close', () => session.gone());
  session.greet(hello);
  return session;
}
