import type { FoundProcess, ProcessQuery } from './process-table.ts';

/** The processes of a snapshot that meet the query. */
export function selectProcesses(
  all: readonly FoundProcess[],
  query: ProcessQuery,
  marked: ReadonlySet<number>,
): FoundProcess[] {
  const descendants = new Set<number>(query.roots);
  for (let before = -1; before !== descendants.size; ) {
    before = descendants.size;
    for (const { pid, parent } of all) {
      if (descendants.has(parent)) {
        descendants.add(pid);
      }
    }
  }
  const roots = new Set(query.roots);
  return all
    .filter(
      ({ pid, group }) => marked.has(pid) || query.groups.includes(group) || (descendants.has(pid) && !roots.has(pid)),
    )
    .map(({ pid, startMark, parent, group, stopped }) => ({ pid, startMark, parent, group, stopped }));
}
