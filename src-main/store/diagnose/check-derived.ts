import { agentStates, runStates, taskStates } from '../../contract/states.ts';
import type { Statements } from '../connection.ts';
import type { CounterScope } from '../counters.ts';
import { storedCounters } from '../counters.ts';
import type { Check, DiagnoseReader } from './check.ts';
import { faulty, healthy } from './check.ts';

const waitingSql = "SELECT count(*) FROM tasks WHERE state = 'queued' AND held = 0";
const placesSql = 'SELECT (SELECT count(*) FROM ready_tasks) + (SELECT count(*) FROM delayed_tasks)';
const liveSql = "SELECT count(*) FROM tasks WHERE state IN ('claimed', 'running')";
const leasesSql = `
SELECT count(*) FROM tasks t JOIN attempts a ON a.id = t.attempt_id
WHERE t.state IN ('claimed', 'running') AND a.ended_at_ms IS NULL AND a.lease_expires_at_ms IS NOT NULL
  AND a.task_id = t.id AND a.agent_id = t.agent_id AND a.fence = t.fence`;

/** As many places in the queue as there are waiting tasks; that each is right is checked with its task. */
export const queueCheck: Check = {
  name: 'queue',
  look: (reader) =>
    reader.inOneState(() => {
      const waiting = reader.statements.number(waitingSql);
      const places = reader.statements.number(placesSql);
      if (waiting === places) return healthy(`${waiting} tasks wait, each in one place.`);
      return faulty(`${waiting} tasks wait, but the queue has ${places} places.`);
    }),
};

/** Every live task has a lease, which is its current attempt. */
export const leaseCheck: Check = {
  name: 'leases',
  look: (reader) =>
    reader.inOneState(() => {
      const live = reader.statements.number(liveSql);
      const leases = reader.statements.number(leasesSql);
      if (live === leases) return healthy(`${live} live tasks hold a lease each.`);
      return faulty(`${live} tasks are live, and ${leases} of them hold a lease.`);
    }),
};

/** The counters are what counting the rows gives. */
export const counterCheck: Check = {
  name: 'counters',
  look: (reader) =>
    reader.inOneState(() => {
      const fault =
        wrongState(reader, 'runs', runStates) ??
        wrongState(reader, 'tasks', taskStates) ??
        wrongState(reader, 'agents', agentStates) ??
        wrongState(reader, 'permissions', ['open']) ??
        wrongTally(reader.statements, 'leases', 'tasks', "state IN ('claimed', 'running')") ??
        wrongTally(reader.statements, 'attemptsCompleted', 'attempts', "state = 'completed'") ??
        wrongTally(reader.statements, 'attemptsFailed', 'attempts', "state IN ('failed', 'timed_out')");
      return fault === null ? healthy('The counters agree with the rows.') : faulty(fault);
    }),
};

function wrongState({ statements }: DiagnoseReader, table: CounterScope, states: readonly string[]): string | null {
  const counters = storedCounters(statements);
  const counted = new Map(
    statements
      .rows(`SELECT state, count(*) FROM ${table} GROUP BY state`)
      .map(([state, count]) => [String(state), Number(count)]),
  );
  const wrong = states.find((state) => counters.value(table, state) !== (counted.get(state) ?? 0));
  if (wrong === undefined) return null;
  return `The counter of ${wrong} ${table} says ${counters.value(table, wrong)}; there are ${counted.get(wrong) ?? 0}.`;
}

function wrongTally(statements: Statements, scope: CounterScope, table: string, condition: string): string | null {
  const tallies = statements.rows(
    `SELECT agent_id, count(*) FROM ${table} WHERE ${condition} GROUP BY agent_id
     UNION ALL SELECT key, -value FROM counters WHERE scope = ?`,
    scope,
  );
  const sums = new Map<string, number>();
  for (const [agentId, count] of tallies) sums.set(String(agentId), (sums.get(String(agentId)) ?? 0) + Number(count));
  const wrong = [...sums].find(([, sum]) => sum !== 0);
  return wrong === undefined ? null : `The counter of ${scope} of agent ${wrong[0]} is off by ${Math.abs(wrong[1])}.`;
}
