import type { Condensable } from '../../core/ports-history.ts';
import type { SqlValue, Statements } from '../connection.ts';
import type { Removed } from './forgotten.ts';
import { countRemovedEvents } from './forgotten.ts';

/** So many of a living schedule's times are kept, however old. */
const keptFirings = 100;

/** Kinds that name a breaker, a schedule or a rule only in their facts. */
const namedKinds = ['breaker.%', 'schedule.%', 'permission.rule%', 'workflow.registered'];
const pageSql = `
SELECT seq, at_ms, kind, run_id, task_id, agent_id,
 CASE WHEN ${namedKinds.map((kind) => `kind LIKE '${kind}'`).join(' OR ')} THEN data END
FROM events WHERE seq > ? ORDER BY seq LIMIT ?`;

const oldestKeptSql = `SELECT due_at_ms FROM firings WHERE schedule_id = ? ORDER BY due_at_ms DESC LIMIT 1 OFFSET ${keptFirings - 1}`;

/** How far back and in which way events are looked through. */
export interface Sweep {
  /** Wall clock, ms: what is younger stays. */
  readonly before: number;
  /** Wall clock, ms: an event of the future comes of a clock that was wrong, and ends nothing. */
  readonly now: number;
  /** Rows that were condensed since: their older events may go. */
  readonly condensed: readonly Condensable[];
}

export interface Swept {
  /** Where to go on; null: everything that is old was looked at. */
  readonly next: number | null;
  /** Rows that would have to be condensed before this many events of theirs may go; one entry for each event. */
  readonly condensable: readonly Condensable[];
}

/** What of an event's facts decides about it; each is there in the kinds that have it. */
interface Facts {
  readonly hash?: string;
  readonly ruleId?: string;
  readonly breakerId?: string;
  readonly scheduleId?: string;
  readonly dueAt?: number;
  readonly outcome?: string;
}

interface StoredEvent {
  readonly at: number;
  readonly kind: string;
  readonly runId: SqlValue;
  readonly taskId: SqlValue;
  readonly agentId: SqlValue;
  readonly facts: Facts;
}

/** What becomes of an event: it goes, it stays, or it goes once its row is condensed. */
type Fate = 'goes' | 'stays' | Condensable;

/**
 * Looks at the next events, oldest first, and removes those which no row needs any more. What is removed is always
 * the beginning of a row's history, so that the rest still gives the row, or nothing where there is none.
 * @param budget how many events are looked at.
 */
export function sweepEvents(
  statements: Statements,
  after: number,
  sweep: Sweep,
  budget: number,
  removed: Removed,
): Swept {
  const page = statements.rows(pageSql, after, budget);
  const condensed = new Set(sweep.condensed.map(keyOf));
  const condensable: Condensable[] = [];
  let last = after;
  let gone = 0;
  let highest = 0;
  let reachedYoung = page.length < budget;
  for (const [seq, at, kind, runId, taskId, agentId, data] of page) {
    if (Number(at) >= sweep.before && Number(at) <= sweep.now) {
      reachedYoung = true;
      break;
    }
    last = Number(seq);
    if (Number(at) > sweep.now) continue;
    const facts: Facts = data == null ? {} : JSON.parse(String(data));
    const event = {
      at: Number(at),
      kind: String(kind),
      runId: runId ?? null,
      taskId: taskId ?? null,
      agentId: agentId ?? null,
      facts,
    };
    const fate = fateOf(statements, event);
    if (fate === 'stays') continue;
    if (fate !== 'goes' && !condensed.has(keyOf(fate))) {
      condensable.push(fate);
      continue;
    }
    if (event.kind === 'schedule.fired') removeFiring(statements, facts);
    statements.run('DELETE FROM events WHERE seq = ?', last);
    highest = last;
    gone += 1;
  }
  countRemovedEvents(statements, gone, highest);
  removed.events += gone;
  return { next: reachedYoung ? null : last, condensable };
}

function keyOf({ kind, id }: Condensable): string {
  return `${kind} ${id}`;
}

function fateOf(statements: Statements, event: StoredEvent): Fate {
  const { kind, facts } = event;
  switch (kind) {
    case 'engine.started':
    case 'engine.stopped':
    case 'engine.restored':
    case 'engine.thawed':
    case 'history.pruned':
    case 'settings.changed':
      return 'goes';
    case 'engine.frozen':
      return exists(statements, 'engine', 'frozen_at_ms', event.at) ? 'stays' : 'goes';
    case 'command.refused': {
      const isOfRun = event.runId !== null && exists(statements, 'runs', 'id', event.runId);
      return isOfRun || (event.taskId !== null && exists(statements, 'tasks', 'id', event.taskId)) ? 'stays' : 'goes';
    }
    case 'workflow.registered':
      return exists(statements, 'workflow_versions', 'hash', String(facts.hash)) ? 'stays' : 'goes';
    case 'permission.ruleAdded':
    case 'permission.ruleRemoved':
      return exists(statements, 'permission_rules', 'id', String(facts.ruleId)) ? 'stays' : 'goes';
    case 'schedule.fired':
      return fateOfFiring(statements, facts);
    default:
      return fateOfHistory(statements, event);
  }
}

/** Events of agents, breakers and schedules; all others belong to a run or a task, and go with it. */
function fateOfHistory(statements: Statements, { kind, agentId, facts }: StoredEvent): Fate {
  const id = kind.startsWith('agent.') ? agentId : (facts.breakerId ?? facts.scheduleId);
  if (typeof id !== 'string') return 'stays';
  const noun = kind.slice(0, kind.indexOf('.')) as Condensable['kind'];
  if (exists(statements, `${noun}s`, 'id', id)) return { kind: noun, id };
  return exists(statements, 'quarantined_rows', 'id', id) ? 'stays' : 'goes';
}

function fateOfFiring(statements: Statements, facts: Facts): Fate {
  const scheduleId = String(facts.scheduleId);
  const outcome = statements.row('SELECT outcome FROM firings WHERE id = ?', firingIdOf(facts))?.[0];
  if (outcome === 'waiting') return 'stays';
  if (!exists(statements, 'schedules', 'id', scheduleId)) return 'goes';
  const oldestKept = statements.row(oldestKeptSql, scheduleId)?.[0];
  const isKept = oldestKept === undefined || Number(facts.dueAt) >= Number(oldestKept);
  return isKept ? 'stays' : { kind: 'schedule', id: scheduleId };
}

/** The row goes with the last of its events; one that had waited has two. */
function removeFiring(statements: Statements, facts: Facts): void {
  if (facts.outcome !== 'waiting') statements.run('DELETE FROM firings WHERE id = ?', firingIdOf(facts));
}

function firingIdOf(facts: Facts): string {
  return `${facts.scheduleId}@${facts.dueAt}`;
}

function exists(statements: Statements, table: string, column: string, value: string | number): boolean {
  return statements.number(`SELECT count(*) FROM ${table} WHERE ${column} = ?`, value) > 0;
}
