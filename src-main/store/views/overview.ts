import type { ApiOutput } from '../../contract/api.ts';
import type { RunTrack } from '../../contract/api-runs.ts';
import { ok } from '../../contract/result.ts';
import type { StageState } from '../../contract/states.ts';
import { isRunEnded, runStates, taskStates } from '../../contract/states.ts';
import type { ViewAnswers } from '../../core/ports.ts';
import { decodeEach } from '../checked-row.ts';
import type { SqlValue, Statements } from '../connection.ts';
import { storedCounters } from '../counters.ts';
import { runSource } from '../list-pages.ts';
import { readPage } from '../read-page.ts';
import { decodeRunSummary, runSummarySelection } from '../run-table.ts';
import { endedAttempts } from './ended-attempts.ts';
import { quantilesOf } from './quantiles.ts';

/** How many runs of a kind the overview shows. */
const shown = 50;
const minuteMs = 60_000;
const minutes = 60;

const stagesSql = 'SELECT name, state FROM stages WHERE run_id = (SELECT ?) ORDER BY stage_index';
const finishedSql = `SELECT ${runSummarySelection} FROM runs r WHERE r.ended_at_ms > ? ORDER BY r.ended_at_ms DESC LIMIT ${shown}`;
const finishedTotalSql = 'SELECT count(*) FROM runs WHERE ended_at_ms > ?';

/** What a person wants to see first. */
export function viewOverview(
  statements: Statements,
  { since, now }: Parameters<ViewAnswers['getOverview']>[0],
): ReturnType<ViewAnswers['getOverview']> {
  const counters = storedCounters(statements);
  const states = runStates.filter((state) => !isRunEnded(state));
  const live = readPage(statements, {
    sourceOf: runSource,
    states,
    demands: [],
    columns: runSummarySelection,
    ascending: true,
    after: undefined,
    limit: shown,
  });
  const countAll = (scope: 'runs' | 'tasks', all: readonly string[]) =>
    all.reduce((sum, state) => sum + counters.value(scope, state), 0);
  return ok({
    live: decodeEach(statements, 'run', live.rows, (columns) => trackOf(statements, columns)),
    liveTotal: countAll('runs', states),
    finished: decodeEach(statements, 'run', statements.rows(finishedSql, since), (columns) =>
      decodeRunSummary(statements, columns),
    ),
    finishedTotal: statements.number(finishedTotalSql, since),
    deadTasks: counters.value('tasks', 'dead'),
    lastHour: lastHour(statements, now),
    isFirstStart: countAll('runs', runStates) + countAll('tasks', taskStates) === 0,
  });
}

function trackOf(statements: Statements, columns: readonly SqlValue[]): RunTrack {
  const run = decodeRunSummary(statements, columns);
  const stages = statements
    .rows(stagesSql, run.id)
    .map(([name, state]) => ({ name: String(name), state: state as StageState }));
  return { run, stages };
}

/** Attempts of the last hour, in parts of a minute that end now. */
function lastHour(statements: Statements, now: number): ApiOutput<'getOverview'>['lastHour'] {
  const from = Math.max(0, now - minutes * minuteMs);
  const parts = Array.from({ length: minutes }, (_, index) => ({
    at: from + index * minuteMs,
    completed: 0,
    failed: 0,
  }));
  const delays: number[] = [];
  // What ends this very moment belongs to the last part.
  for (const { completed, failed, endedAt, queueDelayMs } of endedAttempts(statements, from, now + 1)) {
    const part = parts[Math.min(minutes - 1, Math.floor((endedAt - from) / minuteMs))];
    if (part !== undefined && completed) part.completed += 1;
    if (part !== undefined && failed) part.failed += 1;
    delays.push(queueDelayMs);
  }
  return {
    minutes: parts,
    completed: parts.reduce((sum, part) => sum + part.completed, 0),
    failed: parts.reduce((sum, part) => sum + part.failed, 0),
    queueDelay: quantilesOf(delays),
  };
}
