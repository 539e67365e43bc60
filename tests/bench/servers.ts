/** Redis and PostgreSQL for the peers, where they are installed: in a folder of the run's own, on loopback, and ended. */
import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';

/** A server that answers on a port of loopback. */
export interface LocalServer {
  readonly port: number;
  stop(): Promise<void>;
}

const startTimeoutMs = 20_000;

/** Where a program is, or null: on the PATH, or where Debian keeps the programs of PostgreSQL. */
function find(program: string): string | null {
  const folders = (process.env.PATH ?? '').split(':');
  const debian = '/usr/lib/postgresql';
  if (existsSync(debian)) folders.push(...readdirSync(debian).map((version) => join(debian, version, 'bin')));
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path)) ?? null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return address.port;
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function serve(child: ChildProcess, port: number, signal: NodeJS.Signals): Promise<LocalServer> {
  const ended = once(child, 'exit');
  const deadline = performance.now() + startTimeoutMs;
  while (!(await connects(port))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${child.spawnfile} did not answer on port ${port}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const stop = async () => {
    child.kill(signal);
    await ended;
  };
  return { port, stop };
}

/** @param fsync when Redis makes its append-only file durable. @returns null where it is not installed. */
export async function startRedis(folder: string, fsync: 'always' | 'everysec'): Promise<LocalServer | null> {
  const program = find('redis-server');
  if (program === null) return null;
  const port = await freePort();
  const data = join(folder, `redis-${fsync}`);
  mkdirSync(data);
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', data, '--save', ''];
  args.push('--appendonly', 'yes', '--appendfsync', fsync);
  return serve(spawn(program, args, { stdio: 'ignore' }), port, 'SIGTERM');
}

/** With its own defaults for durability (fsync and synchronous_commit on). @returns null where it is not installed. */
export async function startPostgres(folder: string): Promise<LocalServer | null> {
  const initdb = find('initdb');
  const postgres = find('postgres');
  if (initdb === null || postgres === null) return null;
  const data = join(folder, 'postgres');
  mkdirSync(data, { mode: 0o700 });
  const identity = serverUser();
  if (identity !== null) {
    // PostgreSQL refuses to be run by root: the package's own user must reach its folder.
    chmodSync(folder, 0o711);
    chownSync(data, identity.uid, identity.gid);
  }
  const own = { cwd: data, ...(identity ?? {}) };
  execFileSync(initdb, ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8'], { stdio: 'ignore', ...own });
  const port = await freePort();
  const args = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', data, '-c', 'max_connections=200'];
  return serve(spawn(postgres, args, { stdio: 'ignore', ...own }), port, 'SIGINT');
}

/** Whose rights PostgreSQL gets when this is run by root; null: one's own will do. */
function serverUser(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
