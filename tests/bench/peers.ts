import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchOptions, Measurement, Row } from './measurement.ts';
import { fact, missing } from './measurement.ts';
import type { LocalServer } from './servers.ts';
import { startPostgres, startRedis } from './servers.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

const folderOfPeers = fileURLToPath(new URL('./peers', import.meta.url));
const peerTimeoutMs = 10 * 60_000;

/** What a queue's own program prints. */
interface QueueResult {
  readonly addOne: number;
  readonly addMany: number;
  readonly processOne: number;
  readonly processMany: number;
  readonly pickupMs: number;
}

/** What is given to a peer's program. */
interface PeerOptions {
  readonly folder: string;
  readonly redisPort?: number;
  readonly postgres?: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly database: string;
  };
  readonly counts: Readonly<Record<string, number>>;
}

/** Installs the peers where they are not: they are no dependency of the product. */
function install(): void {
  if (existsSync(join(folderOfPeers, 'node_modules'))) return;
  console.error('The peers are being installed into tests/bench/peers.');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folderOfPeers, stdio: 'ignore' });
}

async function runPeer<T>(program: string, options: PeerOptions): Promise<T> {
  const args = [join(folderOfPeers, `${program}.mjs`), JSON.stringify(options)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: peerTimeoutMs, cwd: folderOfPeers });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}

async function rowsOfQueue(name: string, program: string, options: PeerOptions): Promise<readonly Row[]> {
  const result = await runPeer<QueueResult>(program, options);
  return [
    fact(`${name}: add, one at a time`, result.addOne, 'jobs/s'),
    fact(`${name}: add, 64 callers`, result.addMany, 'jobs/s'),
    fact(`${name}: process, 1 worker`, result.processOne, 'jobs/s'),
    fact(`${name}: process, 64 workers`, result.processMany, 'jobs/s'),
    fact(`${name}: add → handler, p50`, result.pickupMs, 'ms'),
  ];
}

/** Runs what needs a server while it is there. @returns why not, as a row, where it is not installed. */
async function withServer(
  what: string,
  started: Promise<LocalServer | null>,
  work: (port: number) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const server = await started;
  if (server === null) return [missing(what, 'its server is not installed on this machine')];
  try {
    return await work(server.port);
  } finally {
    await server.stop();
  }
}

async function measure({ quick }: BenchOptions, folder: string): Promise<readonly Row[]> {
  install();
  const scale = quick ? 1 : 5;
  const counts = {
    addOne: 1_000 * scale,
    addMany: 8_000 * scale,
    processOne: 1_000 * scale,
    processMany: 8_000 * scale,
    pickup: 100 * scale,
    runs: 100 * scale,
  };
  const rows: Row[] = [];
  rows.push(...(await rowsOfQueue('plainjob (FULL)', 'plainjob', { folder, counts })));
  for (const fsync of ['always', 'everysec'] as const) {
    const name = `BullMQ (AOF ${fsync})`;
    const work = (redisPort: number) => rowsOfQueue(name, 'bullmq', { folder, redisPort, counts });
    rows.push(...(await withServer(name, startRedis(folder, fsync), work)));
  }
  const onPostgres = async (port: number) => {
    const postgres = { host: '127.0.0.1', port, user: 'postgres', database: 'postgres' };
    const { runMs } = await runPeer<{ runMs: number }>('dbos', { folder, postgres, counts });
    return [
      ...(await rowsOfQueue('graphile-worker (tuned)', 'graphile-worker', { folder, postgres, counts })),
      ...(await rowsOfQueue('pg-boss', 'pg-boss', { folder, postgres, counts })),
      fact('DBOS: three-stage run, end to end p50', runMs, 'ms'),
    ];
  };
  rows.push(...(await withServer('graphile-worker, pg-boss, DBOS', startPostgres(folder), onPostgres)));
  return rows;
}

/**
 * Other queues and engines on the same machine in the same run, each with an empty handler and 200 bytes of payload.
 * Durability: plainjob flushes every change (FULL); Redis flushes its append-only file with every write (always) or once
 * a second (everysec); PostgreSQL flushes every commit.
 */
export const peersMeasurement: Measurement = {
  name: 'peers',
  measure: (options) => inTemporaryFolder((folder) => measure(options, folder)),
};
