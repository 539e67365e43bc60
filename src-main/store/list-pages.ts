import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { TaskState } from '../contract/states.ts';
import { isTaskLive } from '../contract/states.ts';
import type { RunPage, TaskPage } from '../core/ports.ts';
import { approvalSelection, decodeApproval } from './approval-table.ts';
import { decodeEach } from './checked-row.ts';
import type { SqlValue, Statements } from './connection.ts';
import { decodePermission, permissionSelection } from './permission-table.ts';
import type { Fragment, PageQuery, Source } from './read-page.ts';
import { readPage } from './read-page.ts';
import { decodeRunSummary, runSummarySelection } from './run-table.ts';
import { decodeTaskSummary, taskSummarySelection } from './task-table.ts';

/** A page in the order of ids, newest first, whose `after` and `next` are ids. */
function readNewest(
  statements: Statements,
  query: Omit<PageQuery, 'after'> & { readonly after: string | undefined },
): { rows: SqlValue[][]; next: string | null } {
  const after = query.after === undefined ? undefined : [query.after];
  const { rows, last } = readPage(statements, { ...query, after });
  return { rows, next: last === null ? null : String(last[0]) };
}

/** A column that must have a value; none when there is no value. */
export function equal(column: string, value: string | undefined): readonly Fragment[] {
  return value === undefined ? [] : [{ sql: `${column} = (SELECT ?)`, values: [value] }];
}

/** Where runs are found, of one state or of all. */
export function runSource(): Source {
  return { from: 'runs r', alias: 'r' };
}

/** Runs without their stages, newest first. */
export function listRuns(statements: Statements, query: RunPage): ApiOutput<'listRuns'> {
  const { rows, next } = readNewest(statements, {
    ...query,
    after: query.after,
    states: query.states,
    columns: runSummarySelection,
    sourceOf: runSource,
    demands: equal('r.workflow', query.workflow),
  });
  return {
    runs: decodeEach(statements, 'run', rows, (columns) => decodeRunSummary(statements, columns)),
    next,
    total: null,
  };
}

/** What {@link decodeTaskSummary} expects, out of {@link taskSource}. */
export const taskColumns = `${taskSummarySelection}, s.title, s.agent_ref`;

/** The index of tasks by state leaves live ones out, which come and go: there are as many as there are live attempts. */
export function taskSource(state: string | null): Source {
  const specs = 'JOIN task_specs s ON s.task_id = t.id';
  if (state === null) return { from: `tasks t ${specs}`, alias: 't' };
  if (isTaskLive(state as TaskState)) {
    return {
      from: `(SELECT task_id FROM attempts INDEXED BY attempts_live WHERE ended_at_ms IS NULL) l CROSS JOIN tasks t ON t.id = l.task_id ${specs}`,
      alias: 't',
    };
  }
  return { from: `tasks t ${specs}`, alias: 't', known: "t.state <> 'claimed' AND t.state <> 'running'" };
}

/** Tasks without their specifications, newest first. */
export function listTasks(statements: Statements, query: TaskPage): ApiOutput<'listTasks'> {
  const { rows, next } = readNewest(statements, {
    ...query,
    after: query.after,
    states: query.states,
    columns: taskColumns,
    sourceOf: taskSource,
    demands: equal('t.run_id', query.runId),
  });
  return { tasks: decodeEach(statements, 'task', rows, decodeTaskSummary), next, total: null };
}

/** Approvals, newest first. */
export function listApprovals(
  statements: Statements,
  query: ApiParsedInput<'listApprovals'>,
): ApiOutput<'listApprovals'> {
  const { rows, next } = readNewest(statements, {
    ...query,
    after: query.after,
    states: query.states,
    columns: approvalSelection,
    sourceOf: () => ({ from: 'approvals a', alias: 'a' }),
    demands: [],
  });
  return { approvals: decodeEach(statements, 'approval', rows, decodeApproval), next };
}

/** What agents asked for, newest first. */
export function listPermissions(
  statements: Statements,
  query: ApiParsedInput<'listPermissions'>,
): ApiOutput<'listPermissions'> {
  const { rows, next } = readNewest(statements, {
    ...query,
    after: query.after,
    states: query.states,
    columns: permissionSelection,
    sourceOf: () => ({ from: 'permissions p', alias: 'p' }),
    demands: [],
  });
  return { permissions: decodeEach(statements, 'permission', rows, decodePermission), next };
}
