import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { attemptIdSchema, runIdSchema } from '../../src-main/contract/ids.ts';
import type { StoreReads } from '../../src-main/core/ports.ts';
import { Statements } from '../../src-main/store/connection.ts';
import { storedCounters } from '../../src-main/store/counters.ts';
import { createReads } from '../../src-main/store/store-reads.ts';
import { openTestStore } from './open-test-store.ts';

/** How SQLite would carry out the statements of a read: what it searches, and what it has to read as a whole. */
async function planOf(read: (reads: StoreReads) => unknown): Promise<string[]> {
  const { file } = await openTestStore();
  const statements: string[] = [];
  const connection = new Database(file, { readonly: true, verbose: (sql) => statements.push(String(sql)) });
  onTestFinished(() => void connection.close());
  const prepared = new Statements(connection);
  read(createReads(prepared, storedCounters(prepared)));
  return [...statements].flatMap((sql) =>
    connection
      .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => detail)
      .filter((detail) => /^(SEARCH|SCAN) (?!\(subquery|CONSTANT)/.test(detail)),
  );
}

const runId = runIdSchema.parse(`run_${'0'.repeat(26)}`);
const attemptId = attemptIdSchema.parse(`attempt_${'0'.repeat(26)}`);
const specs = 'SEARCH s USING INDEX sqlite_autoindex_task_specs_1 (task_id=?)';

const cases: readonly (readonly [string, (reads: StoreReads) => unknown, readonly string[]])[] = [
  [
    'tasks of a state',
    (reads) => reads.listTasks({ limit: 10, states: ['completed'] }),
    ['SEARCH t USING INDEX tasks_by_state (state=? AND id<?)', specs],
  ],
  [
    'live tasks',
    (reads) => reads.listTasks({ limit: 10, states: ['running'] }),
    ['SCAN attempts USING INDEX attempts_live', 'SEARCH t USING INDEX sqlite_autoindex_tasks_1 (id=?)', specs],
  ],
  [
    'all tasks',
    (reads) => reads.listTasks({ limit: 10 }),
    ['SEARCH t USING INDEX sqlite_autoindex_tasks_1 (id<?)', specs],
  ],
  [
    'tasks of a run',
    (reads) => reads.listTasks({ limit: 10, runId }),
    ['SEARCH t USING INDEX tasks_of_run (run_id=? AND id<?)', specs],
  ],
  [
    'runs of a state',
    (reads) => reads.listRuns({ limit: 10, states: ['failed'] }),
    ['SEARCH r USING INDEX runs_by_state (state=? AND id<?)'],
  ],
  [
    'runs of a workflow',
    (reads) => reads.listRuns({ limit: 10, workflow: 'app' }),
    ['SEARCH r USING INDEX runs_by_workflow (workflow=? AND id<?)'],
  ],
  ['open approvals', (reads) => reads.openApprovals(), ['SEARCH a USING INDEX approvals_by_state (state=?)']],
  ['live attempts', (reads) => reads.liveAttempts(), ['SCAN attempts USING INDEX attempts_live']],
  ['ready tasks', (reads) => reads.readyHeads('a//', 3), ['SEARCH ready_tasks USING PRIMARY KEY (route=?)']],
  [
    'events of an attempt',
    (reads) => reads.listEvents({ afterSeq: 5, limit: 10, attemptId }),
    [
      'SEARCH events USING INDEX events_of_task (task_id=? AND rowid>?)',
      'SEARCH attempts USING INDEX sqlite_autoindex_attempts_1 (id=?)',
      'SEARCH events',
      'SEARCH counters USING PRIMARY KEY (scope=? AND key=?)',
    ],
  ],
];

it.each(cases)('reads %s through an index, whose size does not matter', async (_, read, plan) => {
  expect(await planOf(read)).toEqual(plan);
});
