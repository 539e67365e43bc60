import type { ProcessIdentity } from '../contract/task.ts';
import type { Marker } from './agent-host.ts';
import { createLinuxProcesses } from './linux-processes.ts';
import { createPsProcesses } from './ps-processes.ts';
import { createWindowsProcesses } from './windows-processes.ts';

/** A live process that was found. */
export interface FoundProcess extends ProcessIdentity {
  readonly parent: number;
  /** Its process group; its own PID where the system has no groups. */
  readonly group: number;
  /** Suspended by a signal or a debugger. */
  readonly stopped: boolean;
}

/** What to look for; a process that meets one of them is found. */
export interface ProcessQuery {
  readonly groups: readonly number[];
  /** Descendants of these, as long as the chain of living parents reaches them. */
  readonly roots: readonly number[];
  readonly markers: readonly Marker[];
}

/** The system's processes. Zombies count as gone: they hold nothing and cannot be killed. */
export interface ProcessTable {
  /** @returns null when there is no such process. */
  identify(pid: number): Promise<ProcessIdentity | null>;
  /** The same for a child just started: one that has ended already, but was not waited for, is identified too. */
  identifyChild(pid: number): Promise<ProcessIdentity | null>;
  /** Whether a process exists and is not suspended. */
  canRun(pid: number): Promise<boolean>;
  /** Never finds the process that asks. Only processes of the same user are looked at. */
  find(query: ProcessQuery): Promise<FoundProcess[]>;
  /**
   * Sends a signal to exactly this process: one that has its PID but another start mark is left alone.
   *
   * @returns `refused` when the system does not permit it
   */
  signal(process: ProcessIdentity, signal: NodeJS.Signals): Promise<'sent' | 'gone' | 'refused'>;
}

/** Runs a system's own program and gives what it printed; empty when it failed. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>;

export function openProcessTable(options: {
  readonly platform: NodeJS.Platform;
  readonly run: RunProgram;
}): ProcessTable {
  switch (options.platform) {
    case 'linux':
      return createLinuxProcesses();
    case 'win32':
      return createWindowsProcesses(options.run);
    default:
      return createPsProcesses(options.run);
  }
}
