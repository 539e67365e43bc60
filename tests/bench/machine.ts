import { statfsSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, tmpdir, totalmem } from 'node:os';
import Database from 'better-sqlite3';

/** What the figures were measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  readonly sqlite: string;
  /** Where the databases and logs of the measurements were. */
  readonly folder: string;
  readonly filesystem: string;
  /** How busy the machine was before the run, by the system's one-minute average: others may work on it. */
  readonly loadBefore: number;
}

/** Names of the numbers by which Linux tells file systems apart; others are told by their number. */
const filesystems: Readonly<Record<number, string>> = {
  61267: 'ext4',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  16914836: 'tmpfs (memory: nothing is durable)',
  2035054128: 'overlayfs',
};

/** Looks at the machine, before anything is measured. */
export function describeMachine(): Machine {
  const type = statfsSync(tmpdir()).type;
  const memory = new Database(':memory:');
  const sqlite = String(memory.prepare('SELECT sqlite_version()').pluck().get());
  memory.close();
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    sqlite,
    folder: tmpdir(),
    filesystem: filesystems[type] ?? `type 0x${type.toString(16)}`,
    loadBefore: loadavg()[0] ?? 0,
  };
}
