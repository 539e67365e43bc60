import type { Statements } from '../connection.ts';

const pageSize = 500;
/** How the folder that was made for a run or a task is called. */
const ownerName = /(?:run|task)_[0-9a-z]{26}/g;

/** Runs, also ended ones, which may be rerun in their folder; and tasks that may still be done. */
const pagesSql = {
  run: `SELECT id, folder FROM runs WHERE id > ? ORDER BY id LIMIT ${pageSize}`,
  task: `
SELECT t.id, CASE WHEN t.state IN ('blocked', 'queued', 'claimed', 'running') THEN s.spec ->> '$.folder' END
FROM tasks t JOIN task_specs s ON s.task_id = t.id WHERE t.id > ? ORDER BY t.id LIMIT ${pageSize}`,
} as const;

/**
 * Ids of runs and tasks that a page of others names in its folders: a rerun works in the folder of the run that it
 * repeats, and a person may send a task into the folder of another.
 * @param after the last id of the page before; '' at first.
 */
export function ownersInFolders(statements: Statements, after: string) {
  const noun = after.startsWith('task') ? 'task' : 'run';
  const page = statements.rows(pagesSql[noun], after);
  const ids = page.flatMap(([id, folder]) => (String(folder).match(ownerName) ?? []).filter((named) => named !== id));
  const last = page.length < pageSize ? undefined : page[pageSize - 1]?.[0];
  const afterLast = noun === 'run' ? 'task' : null;
  return { next: last === undefined ? afterLast : String(last), ids };
}
