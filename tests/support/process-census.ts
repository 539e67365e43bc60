/** Looks at the processes of this machine, past the engine: a test must not believe what the engine says of itself. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dataMarkerName } from '../../src-main/agents/agent-host.ts';
import { dataMarkerOf } from '../../src-main/agents/host-client.ts';
import { notYet, until } from './until.ts';

/** A living process. */
export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  /** Clock ticks since boot: together with the PID, who it is. */
  readonly started: string;
  readonly command: string;
}

/** Every living process that an engine of this data folder started, whoever its parent is now. The engine is none. */
export function processesOf(dataFolder: string): SeenProcess[] {
  const mark = `\0${dataMarkerName}=${dataMarkerOf(dataFolder)}\0`;
  return listPids().flatMap((pid) => {
    const environment = read(`/proc/${pid}/environ`);
    if (environment === null || !`\0${environment}`.includes(mark)) return [];
    return see(pid) ?? [];
  });
}

/** Whether this process lives: one that has ended and only waits to be noticed does not. */
export function isAlive(pid: number): boolean {
  return see(pid) !== null;
}

/** Waits until none of these lives. @throws with those that do. */
export function waitUntilGone(pids: readonly number[], timeoutMs = 10_000): Promise<true> {
  return until(
    'the end of processes',
    () => {
      const left = pids.flatMap((pid) => see(pid) ?? []);
      return left.length === 0 ? true : notYet(left);
    },
    timeoutMs,
  );
}

/** Waits until no process of this data folder is left. @throws with those that are. */
export function waitUntilNone(dataFolder: string, timeoutMs = 10_000): Promise<true> {
  return until(
    'the end of all processes of the data folder',
    () => {
      const left = processesOf(dataFolder);
      return left.length === 0 ? true : notYet(left);
    },
    timeoutMs,
  );
}

/** Every living descendant of a process. */
export function descendantsOf(root: number): SeenProcess[] {
  const all = listPids().flatMap((pid) => see(pid) ?? []);
  const found = new Set([root]);
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => pid !== root && found.has(pid));
}

/** What this process holds open: files, pipes and sockets, by what they lead to. */
export function openDescriptors(): string[] {
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`);
    } catch {
      return []; // the descriptor by which the folder itself was read
    }
  });
}

function listPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** @returns null when it is gone, or has ended and was only not waited for yet. */
function see(pid: number): SeenProcess | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  const command = (read(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim();
  return { pid, parent: Number(fields[1]), started: String(fields[19]), command };
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
