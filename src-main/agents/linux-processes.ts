import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { ProcessIdentity } from '../contract/task.ts';
import type { Marker } from './agent-host.ts';
import type { FoundProcess, ProcessTable } from './process-table.ts';
import { selectProcesses } from './select-processes.ts';
import { signalExactly } from './signal-exactly.ts';

/** The event loop gets its turn after so many processes. */
const perTurn = 64;

interface Stat extends FoundProcess {
  readonly zombie: boolean;
}

/** Processes by /proc: nothing is started to look, so that the main process may use it too. */
export function createLinuxProcesses(): ProcessTable {
  const bootId = readProc('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  const uid = process.getuid?.() ?? -1;
  const identify = (pid: number): ProcessIdentity | null => {
    const found = readStat(pid, bootId);
    return found === null || found.zombie ? null : { pid, startMark: found.startMark };
  };
  return {
    identify: (pid) => Promise.resolve(identify(pid)),
    // Looks before it returns: until the next turn of the event loop a child cannot have been waited for.
    identifyChild: (pid) => {
      const found = readStat(pid, bootId);
      return Promise.resolve(found === null ? null : { pid, startMark: found.startMark });
    },
    canRun: (pid) => {
      const found = readStat(pid, bootId);
      return Promise.resolve(found !== null && !found.zombie && !found.stopped);
    },
    find: async (query) => {
      const all: Stat[] = [];
      const marked = new Set<number>();
      for (const [index, pid] of listPids().entries()) {
        if (index % perTurn === perTurn - 1) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        const found = pid === process.pid || !isOwnedBy(pid, uid) ? null : readStat(pid, bootId);
        if (found !== null && !found.zombie) {
          all.push(found);
          if (query.markers.length > 0 && hasMarker(pid, query.markers)) {
            marked.add(pid);
          }
        }
      }
      return selectProcesses(all, query, marked);
    },
    signal: (target, signal) => signalExactly(target, signal, (pid) => Promise.resolve(identify(pid))),
  };
}

function hasMarker(pid: number, markers: readonly Marker[]): boolean {
  const environment = readProc(`/proc/${pid}/environ`);
  return (
    environment !== null &&
    environment !== '' &&
    markers.some(({ name, value }) => `\0${environment}`.includes(`\0${name}=${value}\0`))
  );
}

function listPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function isOwnedBy(pid: number, uid: number): boolean {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === uid;
}

/** Fields by proc_pid_stat(5). The name, field 2, is in parentheses and may itself hold parentheses and spaces. */
function readStat(pid: number, bootId: string): Stat | null {
  const text = readProc(`/proc/${pid}/stat`);
  if (text === null) {
    return null;
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = '', parent = '0', group = '0'] = fields;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    // Field 22, clock ticks since boot, means something only together with the boot.
    startMark: `${bootId}:${fields[19]}`,
    stopped: state === 'T' || state === 't',
    zombie: state === 'Z' || state === 'X',
  };
}

/** @returns null when the process is gone, or not ours to look at. */
function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
