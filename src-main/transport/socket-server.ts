import { chmod, rm } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { maxConnections, wireProtocol } from '../contract/wire-terms.ts';
import type { ServedApi } from './serve-api.ts';
import type { ServedSession } from './served-session.ts';
import { serveConnection } from './socket-connection.ts';
import { isPipe } from './socket-path.ts';

export interface SocketServerDependencies {
  /** From `chooseSocketPath`. A file that an earlier engine left there is replaced. */
  readonly path: string;
  readonly served: ServedApi;
  readonly version: string;
  readonly pid: number;
}

export interface SocketServer {
  /** Tells every caller that the engine ends, closes the connections, and removes the socket. */
  close(): Promise<void>;
}

/**
 * Listens for other processes of the same person: commands in other terminals. The caller must hold the engine's
 * lock, so that no living engine listens at the path.
 * @throws when the path cannot be listened at.
 */
export async function startSocketServer(dependencies: SocketServerDependencies): Promise<SocketServer> {
  const { path, served, version, pid } = dependencies;
  const connections = new Set<ServedSession>();
  const server = createServer((socket: Socket) => {
    const connection = serveConnection({
      socket,
      served,
      hello: { say: 'hello', protocol: wireProtocol, version, pid },
    });
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
    if (connections.size > maxConnections) {
      connection.close({
        type: 'unavailable',
        message: `The engine has ${maxConnections} connections already.`,
        remedy: 'End commands that are no longer needed, and try again.',
      });
    }
  });
  if (!isPipe(path)) await rm(path, { force: true });
  await listen(server, path);
  // The folder is private already; this is the second lock on the same door.
  if (!isPipe(path)) await chmod(path, 0o600);
  return {
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of connections) {
        connection.close({
          type: 'unavailable',
          message: `The engine (process ${pid}) has ended.`,
          remedy: 'Try again: the next command starts an engine of its own. Stored work is not lost.',
        });
      }
      return closed;
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}
