import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';

/** What the bus says when it is asked whether something shows icons. */
export type NotifierHost = 'shows' | 'missing' | 'silent';

/** A session bus of D-Bus, as far as one question goes: it lets everybody in and gives one answer. */
export class SessionBus {
  /** May change while it runs. */
  host: NotifierHost;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** @param path where it listens. */
  static async listen(path: string, host: NotifierHost = 'shows'): Promise<SessionBus> {
    const bus = new SessionBus(host);
    await new Promise<void>((resolve) => bus.#server.listen(path, resolve));
    return bus;
  }

  private constructor(host: NotifierHost) {
    this.host = host;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    let received: Buffer = Buffer.alloc(0);
    let isIn = false;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      received = Buffer.concat([received, data]);
      if (!isIn) {
        const text = received.toString('latin1');
        if (text.endsWith('\r\n') && text.startsWith('\0AUTH EXTERNAL ') && !text.includes('BEGIN')) {
          socket.write('OK 0123456789abcdef\r\n');
        }
        const begin = text.indexOf('BEGIN\r\n');
        if (begin === -1) return;
        received = received.subarray(begin + 'BEGIN\r\n'.length);
        isIn = true;
      }
      received = this.#answerAll(socket, received);
    });
  }

  /** @returns what is left. */
  #answerAll(socket: Socket, received: Buffer): Buffer {
    let rest = received;
    while (rest.length >= 16) {
      const body = rest.readUInt32LE(4);
      const length = ((16 + rest.readUInt32LE(12) + 7) & ~7) + body;
      if (rest.length < length) break;
      const isHello = rest.subarray(0, length).includes('Hello');
      // Every connection is told its name by a signal as well.
      if (isHello) socket.write(Buffer.concat([answer(rest.readUInt32LE(8), 'nothing'), signal()]));
      else if (this.host !== 'silent')
        socket.write(answer(rest.readUInt32LE(8), this.host === 'shows' ? 'yes' : 'error'));
      rest = rest.subarray(length);
    }
    return rest;
  }
}

function answer(serial: number, kind: 'yes' | 'error' | 'nothing'): Buffer {
  const to = Buffer.from([5, 1, 0x75, 0, 0, 0, 0, 0]);
  to.writeUInt32LE(serial, 4);
  const signature = kind === 'yes' ? [8, 1, 0x67, 0, 1, 0x76, 0] : [];
  const body = kind === 'yes' ? [1, 0x62, 0, 0, 1, 0, 0, 0] : [];
  // A field of a text comes first, as a real bus may send it.
  const sender = [7, 1, 0x73, 0, 4, 0, 0, 0, ...Buffer.from('bus.'), 0, 0, 0, 0];
  return message(kind === 'error' ? 3 : 2, Buffer.from([...sender, ...to, ...signature]), Buffer.from(body));
}

function signal(): Buffer {
  return message(4, Buffer.from([8, 1, 0x67, 0, 1, 0x73, 0]), Buffer.from([2, 0, 0, 0, 0x3a, 0x31, 0]));
}

function message(type: number, fields: Buffer, body: Buffer): Buffer {
  const fixed = Buffer.from([0x6c, type, 1, 1, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0]);
  fixed.writeUInt32LE(body.length, 4);
  fixed.writeUInt32LE(fields.length, 12);
  return Buffer.concat([fixed, fields, Buffer.alloc(-fields.length & 7), body]);
}
