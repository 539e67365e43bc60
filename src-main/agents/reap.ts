import type { ProcessIdentity } from '../contract/task.ts';
import type { ReapReport } from '../core/ports.ts';
import type { Marker } from './agent-host.ts';
import { endProcesses } from './end-processes.ts';
import type { ProcessTable } from './process-table.ts';

/** How long processes of a dead engine have to react to SIGTERM. */
const reapGraceMs = 500;

/**
 * Ends what an earlier engine left behind: the processes it knew, their groups and descendants, and whatever carries
 * the data folder's marker. A known PID that now belongs to another process (another start mark) is left alone.
 *
 * @param options.spared PIDs of ours that carry the marker too, such as the new host
 */
export async function reapProcesses(options: {
  readonly table: ProcessTable;
  readonly known: readonly ProcessIdentity[];
  readonly marker: Marker;
  readonly spared: readonly number[];
}): Promise<ReapReport> {
  const living: number[] = [];
  for (const { pid, startMark } of options.known) {
    if ((await options.table.identify(pid))?.startMark === startMark) {
      living.push(pid);
    }
  }
  // Every process we start leads a group of its own, so that its PID names the group as long as it lives.
  return endProcesses({
    table: options.table,
    query: { groups: living, roots: living, markers: [options.marker] },
    graceMs: reapGraceMs,
    spared: options.spared,
  });
}
