import { readFileSync } from 'node:fs';
import pidusage from 'pidusage';

/** What one process has used since it began, and holds now. */
export interface ProcessUsage {
  readonly cpuMs: number;
  readonly memoryBytes: number;
  /** What its children used that have ended and were waited for; 0 where the system does not tell. */
  readonly endedChildrenMs: number;
}

/** Reads what processes use; those that have ended, or may not be looked at, are absent. */
export type ReadUsage = (pids: readonly number[]) => Promise<ReadonlyMap<number, ProcessUsage>>;

/** USER_HZ: the kernel counts for programs in hundredths of a second on every architecture in use. */
const msPerTick = 10;
/** The event loop gets its turn after so many processes. */
const perTurn = 32;

/** From /proc: nothing is started to look. */
export const readLinuxUsage: ReadUsage = async (pids) => {
  const found = new Map<number, ProcessUsage>();
  for (const [index, pid] of pids.entries()) {
    if (index % perTurn === perTurn - 1) await new Promise((resolve) => setImmediate(resolve));
    const stat = readProc(`/proc/${pid}/stat`);
    const status = readProc(`/proc/${pid}/status`);
    if (stat === null || status === null) continue;
    // Fields by proc_pid_stat(5), counted from the third: the second, in parentheses, may itself hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const cpuMs = (Number(fields[11]) + Number(fields[12])) * msPerTick;
    const endedChildrenMs = (Number(fields[13]) + Number(fields[14])) * msPerTick;
    found.set(pid, {
      cpuMs,
      endedChildrenMs,
      memoryBytes: Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024,
    });
  }
  return found;
};

/** By the system's own program, which pidusage starts and reads. */
export const readSystemUsage: ReadUsage = async (pids) => {
  // It refuses all of them when none is left.
  const found = pids.length === 0 ? {} : await pidusage([...pids]).catch(() => ({}));
  return new Map(
    Object.values<{ pid: number; ctime: number; memory: number } | null>(found).flatMap((usage) =>
      usage === null ? [] : [[usage.pid, { cpuMs: usage.ctime, memoryBytes: usage.memory, endedChildrenMs: 0 }]],
    ),
  );
};

/** @returns null when the process is gone. */
function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
