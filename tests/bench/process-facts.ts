import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What the system tells of a process and of all it started, as sums. */
export interface ProcessFacts {
  readonly processes: number;
  /** Memory, with the shares of what several processes have in common (proportional set size). */
  readonly memoryBytes: number;
  /** Processor time since each began, in ms. */
  readonly cpuMs: number;
  /** How often their threads went to sleep by themselves, which is how often they were woken. */
  readonly wakeUps: number;
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Reads `/proc`; a process that ends meanwhile is left out. Linux only. @param alone without those it started. */
export function lookAtProcess(pid: number, alone = false): ProcessFacts {
  const pids = alone ? [pid] : [pid, ...descendants(pid)];
  const all = pids.map(factsOf).filter((facts) => facts !== null);
  return {
    processes: all.length,
    memoryBytes: all.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
    cpuMs: all.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    wakeUps: all.reduce((sum, { wakeUps }) => sum + wakeUps, 0),
  };
}

function descendants(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    (read(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function factsOf(pid: number): Omit<ProcessFacts, 'processes'> | null {
  const stat = read(`/proc/${pid}/stat`);
  const memory = read(`/proc/${pid}/smaps_rollup`);
  if (stat === null || memory === null) return null;
  // The name in brackets may hold anything; what follows it begins with field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => read(`/proc/${pid}/task/${thread}/status`) ?? '');
  return {
    memoryBytes: 1_024 * numberAfter(memory, 'Pss:'),
    cpuMs: (1_000 * ticks) / ticksPerSecond,
    wakeUps: threads.reduce((sum, thread) => sum + numberAfter(thread, 'voluntary_ctxt_switches:'), 0),
  };
}

function numberAfter(text: string, label: string): number {
  return Number(new RegExp(`^${label}\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
