import type { ProcessIdentity } from '../contract/task.ts';
import type { FoundProcess, ProcessTable, RunProgram } from './process-table.ts';
import { selectProcesses } from './select-processes.ts';
import { signalExactly } from './signal-exactly.ts';

/** `Sat Nov 21 07:40:32 2026`, as ps prints it with LC_ALL=C: five words. */
const line = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)(.*)$/;
const columns = 'pid=,ppid=,pgid=,state=,lstart=';

interface Row extends FoundProcess {
  readonly zombie: boolean;
  /** The command and, where it was asked for, the environment. */
  readonly rest: string;
}

/** Processes by the program ps, for macOS and other systems without /proc. */
export function createPsProcesses(run: RunProgram): ProcessTable {
  const list = async (args: readonly string[]) => parsePs(await run('ps', args)).filter(({ zombie }) => !zombie);
  const one = async (pid: number) => (await list(['-o', columns, '-p', String(pid)])).find((row) => row.pid === pid);
  const identify = async (pid: number): Promise<ProcessIdentity | null> => {
    const found = await one(pid);
    return found === undefined ? null : { pid, startMark: found.startMark };
  };
  return {
    identify,
    identifyChild: identify,
    canRun: async (pid) => (await one(pid))?.stopped === false,
    find: async (query) => {
      // -x: without a terminal too; -E: with the environment; -ww: however long.
      const rows = await list(['-xEww', '-U', String(process.getuid?.() ?? 0), '-o', `${columns},command=`]);
      const others = rows.filter(({ pid }) => pid !== process.pid);
      const marked = others.filter(({ rest }) =>
        query.markers.some(({ name, value }) => `${rest} `.includes(` ${name}=${value} `)),
      );
      return selectProcesses(others, query, new Set(marked.map(({ pid }) => pid)));
    },
    signal: (target, signal) => signalExactly(target, signal, identify),
  };
}

function parsePs(output: string): Row[] {
  return output.split('\n').flatMap((text) => {
    const [, pid, parent, group, state = '', start = '', rest = ''] = line.exec(text) ?? [];
    return pid === undefined
      ? []
      : [
          {
            pid: Number(pid),
            parent: Number(parent),
            group: Number(group),
            startMark: start.replace(/\s+/g, ' '),
            stopped: state.startsWith('T'),
            zombie: state.startsWith('Z'),
            rest,
          },
        ];
  });
}
