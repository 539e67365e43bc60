import type { ProcessIdentity } from '../contract/task.ts';
import type { FoundProcess, ProcessTable, RunProgram } from './process-table.ts';
import { selectProcesses } from './select-processes.ts';

/** One process per line: PID, parent, creation time as a number that only identifies it. */
const listScript =
  'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) $($_.CreationDate.Ticks)" }';

/**
 * Processes of Windows by PowerShell. There are no groups and no signals, and environments of others cannot be read:
 * stragglers are found as descendants, whose record of their parent outlives it.
 */
export function createWindowsProcesses(run: RunProgram): ProcessTable {
  const list = async () =>
    parseList(await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', listScript]));
  const identify = async (pid: number): Promise<ProcessIdentity | null> => {
    const found = (await list()).find((row) => row.pid === pid);
    return found === undefined ? null : { pid, startMark: found.startMark };
  };
  return {
    identify,
    identifyChild: identify,
    canRun: async (pid) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    },
    find: async (query) => {
      const all = (await list()).filter(({ pid }) => pid !== process.pid);
      return selectProcesses(
        withoutFosterChildren(all),
        { ...query, roots: [...query.roots, ...query.groups] },
        new Set(),
      );
    },
    signal: async (target, signal) => {
      if ((await identify(target.pid))?.startMark !== target.startMark) {
        return 'gone';
      }
      if (signal === 'SIGSTOP') {
        return 'sent';
      }
      // Without /F a console program is not even asked; with /T its descendants end too.
      await run('taskkill.exe', ['/PID', String(target.pid), '/T', '/F']);
      return (await identify(target.pid))?.startMark === target.startMark ? 'refused' : 'sent';
    },
  };
}

/** Cuts the tie to a parent that is younger: then the parent's PID was reused. */
function withoutFosterChildren(all: readonly FoundProcess[]): FoundProcess[] {
  const born = new Map(all.map(({ pid, startMark }) => [pid, BigInt(startMark)]));
  return all.map((row) => {
    const parentBorn = born.get(row.parent);
    return parentBorn !== undefined && parentBorn > BigInt(row.startMark) ? { ...row, parent: 0 } : row;
  });
}

function parseList(output: string): FoundProcess[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const [, pid, parent, startMark] = /^(\d+) (\d+) (\d+)$/.exec(line.trim()) ?? [];
    return pid === undefined || startMark === undefined
      ? []
      : [{ pid: Number(pid), parent: Number(parent), group: Number(pid), startMark, stopped: false }];
  });
}
