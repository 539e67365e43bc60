import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import type { ProcessIdentity } from '../contract/task.ts';
import type { Marker } from './agent-host.ts';
import type { FoundProcess, ProcessQuery, ProcessTable } from './process-table.ts';
import { selectProcesses } from './select-processes.ts';
import { signalExactly } from './signal-exactly.ts';

/** The event loop gets its turn after so many processes that had to be read … */
const readsPerTurn = 64;
/** … each of which costs about as much as so many that are known from before. */
const looksPerRead = 8;
/** Snapshots begin at least this far apart, so that processes that end at about the same time share one. */
const betweenLooksMs = 4;
/** By proc_pid_stat(5), field 9: a thread of the kernel, which has no environment and starts no program of ours. */
const kernelThread = 0x20_0000;

interface Stat extends FoundProcess {
  readonly session: number;
  readonly zombie: boolean;
  readonly isKernelThread: boolean;
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
      const { processes, environments } = await snapshots.take(query);
      const marked = [...environments].filter(([, environment]) => hasMarker(environment, query.markers));
      return selectProcesses(processes, query, new Set(marked.map(([pid]) => pid)));
    },
    signal: (target, signal) => signalExactly(target, signal, (pid) => Promise.resolve(identify(pid))),
  };
}

/**
 * The processes of this user at one time that may meet one of the queries, and the environments of those that have one
 * of the variables asked for.
 */
interface Snapshot {
  readonly processes: readonly FoundProcess[];
  readonly environments: ReadonlyMap<number, string>;
}

/** What the queries of one snapshot ask for together. */
interface Asked {
  readonly names: Set<string>;
  readonly groups: Set<number>;
  /** Descendants are asked for: then every process counts, because any may be a link of the chain. */
  everybody: boolean;
}

/** A process that was read before. */
interface Known {
  /** Of its folder in /proc: the system makes a new one for a new process, also where that has the same PID. */
  readonly inode: number;
  readonly group: number;
  /** Never changes to one that existed before: whoever leaves a session begins one of his own. */
  readonly session: number;
  /**
   * Variables that it is known not to have. What descends from a marked process is marked from its birth, so that one
   * without a marker need not be looked at again.
   */
  readonly lacks: ReadonlySet<string>;
  /** The snapshot that it was last seen by. */
  seen: number;
}

/**
 * Takes snapshots. Whoever asks while one is being taken shares the next with all others that wait, so that a hundred
 * processes that end together cost two. Of a process that is known and cannot meet the queries only the inode is
 * looked at: a tenth of what it costs to read it.
 */
class Snapshots {
  private readonly bootId: string;
  private readonly uid = process.getuid?.() ?? -1;
  private current: Promise<unknown> = Promise.resolve();
  private next: { readonly asked: Asked; readonly snapshot: Promise<Snapshot> } | null = null;
  private readonly known = new Map<number, Known>();
  private count = 0;
  private begunAt = Number.NEGATIVE_INFINITY;

  constructor(bootId: string) {
    this.bootId = bootId;
  }

  take({ markers, groups, roots }: ProcessQuery): Promise<Snapshot> {
    if (this.next === null) {
      const asked: Asked = { names: new Set(), groups: new Set(), everybody: false };
      const look = async () => {
        const early = this.begunAt + betweenLooksMs - performance.now();
        if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
        this.begunAt = performance.now();
        this.next = null;
        return this.look(asked);
      };
      const snapshot = this.current.then(look, look);
      this.current = snapshot;
      this.next = { asked, snapshot };
    }
    const { asked, snapshot } = this.next;
    for (const { name } of markers) asked.names.add(name);
    for (const group of groups) asked.groups.add(group);
    asked.everybody ||= roots.length > 0;
    return snapshot;
  }

  private async look(asked: Asked): Promise<Snapshot> {
    const processes: FoundProcess[] = [];
    const environments = new Map<number, string>();
    this.count += 1;
    let work = 0;
    for (const name of readdirSync('/proc')) {
      const pid = Number(name);
      if (!(pid > 0) || pid === process.pid) continue;
      if (work >= readsPerTurn * looksPerRead) {
        work = 0;
        await new Promise((resolve) => setImmediate(resolve));
      }
      const facts = statSync(`/proc/${name}`, { throwIfNoEntry: false });
      work += 1;
      if (facts?.uid !== this.uid || this.isOutside(pid, facts.ino, asked)) continue;
      work += looksPerRead;
      const found = readStat(pid, this.bootId);
      if (found === null || found.zombie) continue;
      this.readEnvironment(found, facts.ino, asked.names, environments);
      processes.push(found);
    }
    this.forgetUnseen();
    return { processes, environments };
  }

  /** Whether a process is known to meet none of the queries. */
  private isOutside(pid: number, inode: number, { names, groups, everybody }: Asked): boolean {
    const known = this.known.get(pid);
    if (known?.inode !== inode) return false;
    known.seen = this.count;
    if (everybody || groups.has(known.group) || groups.has(known.session)) return false;
    for (const name of names) {
      if (!known.lacks.has(name)) return false;
    }
    return true;
  }

  /** Keeps the environment if it has one of the variables, and notes those that it does not have. */
  private readEnvironment(
    { pid, group, session, isKernelThread }: Stat,
    inode: number,
    names: ReadonlySet<string>,
    environments: Map<number, string>,
  ): void {
    const before = this.known.get(pid);
    const lacks = new Set(before?.inode === inode ? before.lacks : []);
    const open = [...names].filter((name) => !lacks.has(name));
    if (open.length > 0) {
      const environment = isKernelThread ? '' : `\0${readProc(`/proc/${pid}/environ`) ?? ''}`;
      const missing = open.filter((name) => !environment.includes(`\0${name}=`));
      if (missing.length < open.length) {
        environments.set(pid, environment);
      }
      // An empty environment may be one that is just being replaced (exec).
      for (const name of isKernelThread || environment.length > 1 ? missing : []) {
        lacks.add(name);
      }
    }
    this.known.set(pid, { inode, group, session, lacks, seen: this.count });
  }

  private forgetUnseen(): void {
    for (const [pid, { seen }] of this.known) {
      if (seen !== this.count) this.known.delete(pid);
    }
  }
}

/** @param environment begins with a NUL, as every variable in it does */
function hasMarker(environment: string, markers: readonly Marker[]): boolean {
  return markers.some(({ name, value }) => environment.includes(`\0${name}=${value}\0`));
}

/** Fields by proc_pid_stat(5). The name, field 2, is in parentheses and may itself hold parentheses and spaces. */
function readStat(pid: number, bootId: string): Stat | null {
  const text = readProc(`/proc/${pid}/stat`);
  if (text === null) {
    return null;
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = '', parent = '0', group = '0', session = '0'] = fields;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    // Field 22, clock ticks since boot, means something only together with the boot.
    startMark: `${bootId}:${fields[19]}`,
    stopped: state === 'T' || state === 't',
    zombie: state === 'Z' || state === 'X',
    isKernelThread: (Number(fields[6]) & kernelThread) !== 0,
  };
}

/** What files of /proc are read into; one that is larger makes it grow. */
let buffer = Buffer.allocUnsafeSlow(16 * 1024);

/**
 * Reads a file of /proc, which cannot say how long it is.
 *
 * @returns null when the process is gone, or not ours to look at.
 */
function readProc(path: string): string | null {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    let length = 0;
    for (;;) {
      const count = readSync(file, buffer, length, buffer.length - length, null);
      if (count === 0) return buffer.toString('latin1', 0, length);
      length += count;
      if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(length)]);
    }
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}
