import type { RunSummary } from '../contract/api-runs.ts';
import type { AgentId } from '../contract/ids.ts';
import type { Run, Stage } from '../contract/run.ts';
import { runSchema } from '../contract/run.ts';
import { isRunEnded, runStates } from '../contract/states.ts';
import { decodeChecked } from './checked-row.ts';
import type { SqlValue, Statements } from './connection.ts';
import { RowTable } from './row-table.ts';

type RunRow = Omit<Run, 'inputs' | 'stages'>;

const table = new RowTable<RunRow>({
  table: 'runs',
  key: 'id',
  columns: {
    id: ['id', 'plain'],
    workflow: ['workflow', 'plain'],
    workflowHash: ['workflow_hash', 'plain'],
    state: ['state', 'plain'],
    priority: ['priority', 'priority'],
    requestId: ['request_id', 'plain'],
    traceId: ['trace_id', 'plain'],
    folder: ['folder', 'plain'],
    rerunOf: ['rerun_of', 'json'],
    progress: ['progress', 'plain'],
    waitingFor: ['waiting_for', 'plain'],
    pauseRequestedAt: ['pause_requested_at_ms', 'plain'],
    cancelRequestedAt: ['cancel_requested_at_ms', 'plain'],
    cancelReason: ['cancel_reason', 'plain'],
    createdAt: ['created_at_ms', 'plain'],
    startedAt: ['started_at_ms', 'plain'],
    endedAt: ['ended_at_ms', 'plain'],
    failure: ['failure', 'json'],
  },
});

const stageTable = new RowTable<Stage>({
  table: 'stages',
  owner: 'run_id',
  key: 'index',
  columns: {
    index: ['stage_index', 'plain'],
    name: ['name', 'plain'],
    needs: ['needs', 'json'],
    state: ['state', 'plain'],
    taskId: ['task_id', 'plain'],
    approvalId: ['approval_id', 'plain'],
    tolerated: ['tolerated', 'flag'],
    inherited: ['inherited', 'flag'],
    startedAt: ['started_at_ms', 'plain'],
    endedAt: ['ended_at_ms', 'plain'],
    gates: ['gates', 'json'],
    failure: ['failure', 'json'],
    reason: ['reason', 'plain'],
    outputs: ['outputs', 'json'],
  },
});

const openStates = runStates.filter((state) => !isRunEnded(state));
const inputsSql = '(SELECT i.inputs FROM run_inputs i WHERE i.run_id = r.id)';
const selectSql = `SELECT ${table.selection('r')}, ${inputsSql} FROM runs r`;
const loadSql = `${selectSql} WHERE r.id = ?`;
const byRequestSql = `${selectSql} WHERE r.request_id = ?`;
const openSql = `${selectSql} WHERE r.state IN (${openStates.map((state) => `'${state}'`).join(', ')}) ORDER BY r.id`;
const stagesSql = `SELECT ${stageTable.selection()} FROM stages WHERE run_id = (SELECT ?) ORDER BY stage_index`;
const currentStagesSql =
  "SELECT name FROM stages WHERE run_id = (SELECT ?) AND state IN ('running', 'waiting') ORDER BY stage_index";
const agentsSql = `
SELECT a.agent_id FROM tasks t CROSS JOIN attempts a ON a.task_id = t.id
WHERE t.run_id = (SELECT ?) GROUP BY a.agent_id ORDER BY min(a.id) LIMIT 10`;
const failedSinceSql = "SELECT count(*) FROM runs WHERE ended_at_ms >= ? AND state = 'failed'";
const insertInputsSql = 'INSERT INTO run_inputs (run_id, inputs) VALUES (?, ?)';

function decodeRun(statements: Statements, columns: readonly SqlValue[]): Run {
  const row = table.decode(columns);
  const stages = statements.rows(stagesSql, row.id).map((stage) => stageTable.decode(stage));
  const run: Run = { ...row, inputs: JSON.parse(String(columns[table.width])), stages };
  return decodeChecked(runSchema, `run ${row.id}`, run);
}

/** What a run's list entry needs of it, without inputs and stages. */
export const runSummarySelection = table.selection('r');

/** Decodes {@link runSummarySelection}, and looks up which stages and agents are at work. */
export function decodeRunSummary(statements: Statements, columns: readonly SqlValue[]): RunSummary {
  const row = table.decode(columns);
  return {
    ...row,
    currentStages: statements.rows(currentStagesSql, row.id).map(([name]) => String(name)),
    agents: statements.rows(agentsSql, row.id).map(([agentId]) => agentId as AgentId),
  };
}

/** A run by its id; null when there is none. */
export function loadRun(statements: Statements, id: string): Run | null {
  const columns = statements.row(loadSql, id);
  return columns === undefined ? null : decodeRun(statements, columns);
}

/** The run that a request started; null when none did. */
export function runByRequestId(statements: Statements, requestId: string): Run | null {
  const columns = statements.row(byRequestSql, requestId);
  return columns === undefined ? null : decodeRun(statements, columns);
}

/** How many runs failed at this time or later, out of an index. */
export function countFailedSince(statements: Statements, at: number): number {
  return statements.number(failedSinceSql, at);
}

/** Runs that have not ended, oldest first. */
export function openRuns(statements: Statements): readonly Run[] {
  return statements.rows(openSql).map((columns) => decodeRun(statements, columns));
}

/** Stores a new run with its stages, or writes the stages and columns that changed. */
export function saveRun(statements: Statements, before: Run | null, after: Run): void {
  if (before === null) {
    table.insert(statements, after);
    statements.run(insertInputsSql, after.id, JSON.stringify(after.inputs));
    for (const stage of after.stages) stageTable.insert(statements, stage, after.id);
    return;
  }
  table.update(statements, before, after);
  for (const [index, stage] of after.stages.entries()) {
    const known = before.stages[index];
    if (known !== undefined && known !== stage) stageTable.update(statements, known, stage, after.id);
  }
}
