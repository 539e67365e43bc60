import type { RunFilter } from '../../contract/api-runs.ts';
import type { RunId } from '../../contract/ids.ts';
import { ok } from '../../contract/result.ts';
import { priorities, runStates } from '../../contract/states.ts';
import type { ViewAnswers } from '../../core/ports.ts';
import { decodeEach } from '../checked-row.ts';
import type { Statements } from '../connection.ts';
import { storedCounters } from '../counters.ts';
import { equal, runSource } from '../list-pages.ts';
import type { Fragment, Selection } from '../read-page.ts';
import { countRows } from '../read-page.ts';
import { decodeRunSummary, runSummarySelection } from '../run-table.ts';
import { lastPlace, readOrdered } from './ordered-page.ts';
import { contains } from './search-text.ts';
import { selectIds } from './select-ids.ts';

const inputsSql = '(SELECT i.inputs FROM run_inputs i WHERE i.run_id = r.id)';
const hadAgentSql =
  'EXISTS (SELECT 1 FROM tasks t CROSS JOIN attempts a ON a.task_id = t.id WHERE t.run_id = r.id AND a.agent_id = ?)';
const stateOrderSql = `CASE r.state ${runStates.map((state, index) => `WHEN '${state}' THEN ${index}`).join(' ')} END`;

/** Which runs a filter means. */
function selectRuns(filter: RunFilter): Selection {
  const demands: Fragment[] = [...equal('r.workflow', filter.workflow)];
  if (filter.priorities !== undefined) demands.push(ofPriorities('r.priority', filter.priorities));
  if (filter.agentId !== undefined) demands.push({ sql: hadAgentSql, values: [filter.agentId] });
  if (filter.createdAfter !== undefined) demands.push({ sql: 'r.created_at_ms >= ?', values: [filter.createdAfter] });
  if (filter.createdBefore !== undefined) demands.push({ sql: 'r.created_at_ms < ?', values: [filter.createdBefore] });
  if (filter.endedAfter !== undefined) demands.push({ sql: 'r.ended_at_ms >= ?', values: [filter.endedAfter] });
  if (filter.search !== undefined) {
    demands.push(contains(filter.search, ['r.id', 'r.workflow', 'r.folder', "r.failure ->> 'message'"], [inputsSql]));
  }
  return { sourceOf: runSource, states: filter.states, demands };
}

/** Demands one of some priorities. */
export function ofPriorities(column: string, wanted: readonly (typeof priorities)[number][]): Fragment {
  return {
    sql: `${column} IN (${wanted.map(() => '?').join(', ')})`,
    values: wanted.map((priority) => priorities.indexOf(priority)),
  };
}

/** Priorities descend from the most urgent one; rows without a time come last in either direction. */
function orderOf(by: string, ascending: boolean, now: number): readonly Fragment[] {
  const last = lastPlace(ascending);
  const orders: Readonly<Record<string, Fragment>> = {
    started: { sql: `coalesce(r.started_at_ms, ${last})`, values: [] },
    ended: { sql: `coalesce(r.ended_at_ms, ${last})`, values: [] },
    duration: { sql: `coalesce(coalesce(r.ended_at_ms, ?) - r.started_at_ms, ${last})`, values: [now] },
    progress: { sql: 'r.progress', values: [] },
    priority: { sql: '-r.priority', values: [] },
    workflow: { sql: 'r.workflow', values: [] },
    state: { sql: stateOrderSql, values: [] },
  };
  const order = orders[by];
  return order === undefined ? [] : [order];
}

/** Runs by any filter, in any order. */
export function viewRuns(
  statements: Statements,
  query: Parameters<ViewAnswers['listRuns']>[0],
): ReturnType<ViewAnswers['listRuns']> {
  const selection = selectRuns(query);
  const page = readOrdered(statements, query, { selection, columns: runSummarySelection, orderOf });
  if (!page.ok) return page;
  const { rows, next } = page.value;
  const runs = decodeEach(statements, 'run', rows, (columns) => decodeRunSummary(statements, columns));
  return ok({ runs, next, total: query.count ? countSelected(statements, selection, 'runs', runStates) : null });
}

/** Counts rows; when nothing but states is demanded, out of the counters that are kept anyway. */
export function countSelected(
  statements: Statements,
  selection: Selection,
  scope: 'runs' | 'tasks',
  all: readonly string[],
): number {
  if (selection.demands.length > 0) return countRows(statements, selection);
  const counters = storedCounters(statements);
  const states = new Set(selection.states ?? all);
  return [...states].reduce((sum, state) => sum + counters.value(scope, state), 0);
}

/** Ids of the runs that a filter means, oldest first. */
export function selectRunIds(
  statements: Statements,
  { filter, ...page }: Parameters<ViewAnswers['selectRunIds']>[0],
): ReturnType<ViewAnswers['selectRunIds']> {
  const { ids, upTo } = selectIds(statements, { ...page, selection: selectRuns(filter), table: 'runs', alias: 'r' });
  return ok({ ids: ids as RunId[], upTo });
}
