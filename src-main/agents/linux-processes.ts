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
  const snapshots = new Snapshots(bootId);
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
      const { processes, environments } = await snapshots.take(query.markers.map(({ name }) => name));
      const marked = [...environments].filter(([, environment]) => hasMarker(environment, query.markers));
      return selectProcesses(processes, query, new Set(marked.map(([pid]) => pid)));
    },
    signal: (target, signal) => signalExactly(target, signal, (pid) => Promise.resolve(identify(pid))),
  };
}

/** All processes of this user at one time, and the environments of those that have one of the variables asked for. */
interface Snapshot {
  readonly processes: readonly FoundProcess[];
  readonly environments: ReadonlyMap<number, string>;
}

/**
 * Takes snapshots. Whoever asks while one is being taken shares the next with all others that wait, so that a hundred
 * processes that end together cost two.
 */
class Snapshots {
  private readonly bootId: string;
  private readonly uid = process.getuid?.() ?? -1;
  private current: Promise<unknown> = Promise.resolve();
  private next: { readonly names: Set<string>; readonly snapshot: Promise<Snapshot> } | null = null;
  /**
   * By PID: the variables that a process is known not to have, or null when it belongs to somebody else. What descends
   * from a marked process is marked from its birth, so that one without a marker need not be looked at again.
   */
  private known = new Map<number, { readonly startMark: string; readonly lacks: ReadonlySet<string> | null }>();

  constructor(bootId: string) {
    this.bootId = bootId;
  }

  /** @param names variables whose values will be asked for */
  take(names: readonly string[]): Promise<Snapshot> {
    if (this.next === null) {
      const asked = new Set<string>();
      const look = () => {
        this.next = null;
        return this.look([...asked]);
      };
      const snapshot = this.current.then(look, look);
      this.current = snapshot;
      this.next = { names: asked, snapshot };
    }
    for (const name of names) {
      this.next.names.add(name);
    }
    return this.next.snapshot;
  }

  private async look(names: readonly string[]): Promise<Snapshot> {
    const processes: FoundProcess[] = [];
    const environments = new Map<number, string>();
    const before = this.known;
    this.known = new Map();
    for (const [index, pid] of listPids().entries()) {
      if (index % perTurn === perTurn - 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      const found = pid === process.pid ? null : readStat(pid, this.bootId);
      if (found !== null && !found.zombie && this.isOurs(found, names, before.get(pid), environments)) {
        processes.push(found);
      }
    }
    return { processes, environments };
  }

  private isOurs(
    { pid, startMark }: Stat,
    names: readonly string[],
    before: { readonly startMark: string; readonly lacks: ReadonlySet<string> | null } | undefined,
    environments: Map<number, string>,
  ): boolean {
    const known = before?.startMark === startMark ? before : undefined;
    const isOurs = known === undefined ? isOwnedBy(pid, this.uid) : known.lacks !== null;
    if (!isOurs) {
      this.known.set(pid, { startMark, lacks: null });
      return false;
    }
    const lacks = new Set(known?.lacks);
    if (!names.every((name) => lacks.has(name))) {
      const environment = `\0${readProc(`/proc/${pid}/environ`) ?? ''}`;
      const missing = names.filter((name) => !environment.includes(`\0${name}=`));
      if (missing.length < names.length) {
        environments.set(pid, environment);
      }
      // An empty environment may be one that is just being replaced (exec).
      for (const name of environment.length > 1 ? missing : []) {
        lacks.add(name);
      }
    }
    this.known.set(pid, { startMark, lacks });
    return true;
  }
}

/** @param environment begins with a NUL, as every variable in it does */
function hasMarker(environment: string, markers: readonly Marker[]): boolean {
  return markers.some(({ name, value }) => environment.includes(`\0${name}=${value}\0`));
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
