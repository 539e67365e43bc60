import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { TaskState } from '../contract/states.ts';
import { isTaskLive } from '../contract/states.ts';
import { approvalSelection, decodeApproval } from './approval-table.ts';
import type { SqlValue, Statements } from './connection.ts';
import { decodePermission, permissionSelection } from './permission-table.ts';
import { decodeRunSummary, runSummarySelection } from './run-table.ts';
import { decodeTaskSummary, taskSummarySelection } from './task-table.ts';

/** Sorts behind every id. */
const beyondLastId = '~';

/** Where rows of one state are found: FROM clause and alias of the table that has the id. */
interface Source {
  readonly from: string;
  /** A condition that is true of these rows anyway, and tells SQLite that a partial index has them all. */
  readonly known?: string;
  readonly alias: string;
}

interface PageQuery {
  readonly selection: string;
  /** Null stands for all states. */
  readonly sourceOf: (state: string | null) => Source;
  readonly states: readonly string[] | undefined;
  /** Further demands: column → value; undefined demands nothing. */
  readonly demands: Readonly<Record<string, string | undefined>>;
  readonly after: string | undefined;
  readonly limit: number;
}

/**
 * Reads a page, newest first. Each state is read through its own index and the results are merged, so that the cost
 * depends on the page and not on how many rows there are; a page begins behind the last id of the one before.
 */
function readPage(statements: Statements, query: PageQuery): { rows: SqlValue[][]; next: string | null } {
  const demands = Object.entries(query.demands).filter(([, value]) => value !== undefined);
  const parts: string[] = [];
  const values: SqlValue[] = [];
  for (const state of query.states === undefined ? [null] : new Set(query.states)) {
    const { from, alias, known } = query.sourceOf(state);
    const conditions = demands.map(([column]) => `${alias}.${column} = (SELECT ?)`);
    values.push(...demands.map(([, value]) => value ?? null));
    if (state !== null) conditions.push(`${alias}.state = '${state}'`);
    if (known !== undefined) conditions.push(known);
    parts.push(
      `SELECT * FROM (SELECT ${query.selection} FROM ${from} ` +
        `WHERE ${[...conditions, `${alias}.id < (SELECT ?)`].join(' AND ')} ORDER BY ${alias}.id DESC LIMIT ? + 0)`,
    );
    values.push(query.after ?? beyondLastId, query.limit + 1);
  }
  if (parts.length === 0) return { rows: [], next: null };
  const found = statements.rows(`${parts.join(' UNION ALL ')} ORDER BY 1 DESC LIMIT ? + 0`, ...values, query.limit + 1);
  const rows = found.slice(0, query.limit);
  return { rows, next: found.length > rows.length ? String(rows.at(-1)?.[0]) : null };
}

/** Runs without their stages, newest first. */
export function listRuns(statements: Statements, query: ApiParsedInput<'listRuns'>): ApiOutput<'listRuns'> {
  const { rows, next } = readPage(statements, {
    ...query,
    after: query.after,
    states: query.states,
    selection: runSummarySelection,
    sourceOf: () => ({ from: 'runs r', alias: 'r' }),
    demands: { workflow: query.workflow },
  });
  return { runs: rows.map((columns) => decodeRunSummary(statements, columns)), next };
}

/** The index of tasks by state leaves live ones out, which come and go: there are as many as there are leases. */
function taskSource(state: string | null): Source {
  const specs = 'JOIN task_specs s ON s.task_id = t.id';
  if (state === null) return { from: `tasks t ${specs}`, alias: 't' };
  if (isTaskLive(state as TaskState)) {
    return { from: `leases l CROSS JOIN tasks t ON t.id = l.task_id ${specs}`, alias: 't' };
  }
  return { from: `tasks t ${specs}`, alias: 't', known: "t.state <> 'claimed' AND t.state <> 'running'" };
}

/** Tasks without their specifications, newest first. */
export function listTasks(statements: Statements, query: ApiParsedInput<'listTasks'>): ApiOutput<'listTasks'> {
  const { rows, next } = readPage(statements, {
    ...query,
    after: query.after,
    states: query.states,
    selection: `${taskSummarySelection}, s.title, s.agent_ref`,
    sourceOf: taskSource,
    demands: { run_id: query.runId },
  });
  return { tasks: rows.map(decodeTaskSummary), next };
}

/** Approvals, newest first. */
export function listApprovals(
  statements: Statements,
  query: ApiParsedInput<'listApprovals'>,
): ApiOutput<'listApprovals'> {
  const { rows, next } = readPage(statements, {
    ...query,
    after: query.after,
    states: query.states,
    selection: approvalSelection,
    sourceOf: () => ({ from: 'approvals a', alias: 'a' }),
    demands: {},
  });
  return { approvals: rows.map(decodeApproval), next };
}

/** What agents asked for, newest first. */
export function listPermissions(
  statements: Statements,
  query: ApiParsedInput<'listPermissions'>,
): ApiOutput<'listPermissions'> {
  const { rows, next } = readPage(statements, {
    ...query,
    after: query.after,
    states: query.states,
    selection: permissionSelection,
    sourceOf: () => ({ from: 'permissions p', alias: 'p' }),
    demands: {},
  });
  return { permissions: rows.map(decodePermission), next };
}
