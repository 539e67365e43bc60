import type { Connection } from '../../src-main/store/connection.ts';
import { taskSpec } from '../support/samples.ts';

/** The n-th id of a kind, as `countingIds` writes them. */
export function idOf(kind: 'run' | 'task' | 'attempt', n: number): string {
  return `${kind}_${String(n).padStart(26, '0')}`;
}

const priorityCount = 4;

/**
 * Writes many tasks past the store, straight into its tables: as many rows as years of work leave, in a second. Every
 * tenth is queued and ready, every hundredth dead, the others completed; each has a title of its own.
 */
export function fillWithTasks(connection: Connection, count: number): void {
  const spec = JSON.stringify(taskSpec());
  const numbers = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)';
  const id = "'task_' || printf('%026d', i)";
  const state = "CASE WHEN i % 10 = 0 THEN 'queued' WHEN i % 100 = 1 THEN 'dead' ELSE 'completed' END";
  const failure = `CASE WHEN i % 100 = 1 THEN '{"category":"' || CASE WHEN i % 300 = 1 THEN 'crash' ELSE 'exit' END
    || '","class":"unknown","message":"broke at ' || i || '"}' END`;
  connection.pragma('foreign_keys = OFF');
  connection.transaction(() => {
    connection
      .prepare(
        `${numbers} INSERT INTO tasks (id, state, priority, position, available_at_ms, held, trace_id, attempts, failures,
           interruptions, fence, created_at_ms, started_at_ms, ended_at_ms, failure)
         SELECT ${id}, ${state}, i % ${priorityCount}, i, 0, 0, '${'1'.repeat(32)}', i % 7, 0, 0, 0, i,
           CASE WHEN i % 10 <> 0 THEN i + 10 END, CASE WHEN i % 10 <> 0 THEN i + 10 + i % 13 END, ${failure} FROM n`,
      )
      .run(count);
    connection
      .prepare(`${numbers} INSERT INTO task_specs SELECT ${id}, 'Title number ' || i || '_%', 'worker', ? FROM n`)
      .run(count, spec);
    connection
      .prepare(
        `${numbers} INSERT INTO ready_tasks SELECT 'lane' || i % 3, i % ${priorityCount}, i, ${id} FROM n WHERE i % 10 = 0`,
      )
      .run(count);
    connection.prepare("INSERT INTO counters SELECT 'tasks', state, count(*) FROM tasks GROUP BY state").run();
  })();
}
