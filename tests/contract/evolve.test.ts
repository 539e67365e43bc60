import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentSchema } from '../../src-main/contract/agent.ts';
import { approvalSchema } from '../../src-main/contract/approval.ts';
import { breakerOfAgent, breakerSchema } from '../../src-main/contract/breaker.ts';
import type { Event, EventKind, NewEvent } from '../../src-main/contract/event.ts';
import { eventKinds, eventSchema } from '../../src-main/contract/event.ts';
import type { RowKind, Rows } from '../../src-main/contract/evolve.ts';
import { evolve, touchedRows } from '../../src-main/contract/evolve.ts';
import { permissionRuleSchema, permissionSchema } from '../../src-main/contract/permission.ts';
import { runSchema } from '../../src-main/contract/run.ts';
import { firingKey, firingSchema, scheduleSchema } from '../../src-main/contract/schedule.ts';
import { attemptSchema, taskSchema } from '../../src-main/contract/task.ts';
import { countingIds } from '../support/counting-ids.ts';
import { agentRow, permissionRow, runningTask, runRow, scheduleRow } from '../support/samples.ts';
import { arbitraryOf } from '../transport/schema-arbitrary.ts';

const ids = countingIds();
const run = runRow();
const { task, attempt } = runningTask();
const rows: Rows = {
  run,
  task,
  attempt,
  agent: agentRow({ processes: [{ pid: 1, startMark: '1' }] }),
  approval: {
    id: ids.approvalId(),
    runId: run.id,
    stage: 'build',
    question: 'Ship it?',
    state: 'open',
    onTimeout: 'approve',
    expiresAt: null,
    requestedAt: 0,
    answeredAt: null,
    comment: null,
  },
  permission: permissionRow(),
  permissionRule: {
    id: ids.permissionRuleId(),
    agentId: agentRow().id,
    tool: 'edit',
    answer: 'allow',
    addedAt: 0,
  },
  breaker: {
    id: breakerOfAgent(agentRow().id),
    state: 'half_open',
    failuresInRow: 5,
    successesInRow: 1,
    opened: 1,
    retryAt: null,
    lastFailure: { category: 'exit', class: 'unknown', message: 'exit code 1' },
    stateSince: 0,
  },
  schedule: scheduleRow(),
  firing: {
    id: firingKey('nightly', 5),
    scheduleId: scheduleRow().id,
    dueAt: 5,
    at: 6,
    outcome: 'waiting',
    runId: null,
    taskId: null,
    reason: null,
  },
  engine: { frozenAt: 5, frozenReason: 'too hot' },
};
const rowKinds = Object.keys(rows) as readonly RowKind[];
const rowSchemas = {
  run: runSchema,
  task: taskSchema,
  attempt: attemptSchema,
  agent: agentSchema,
  approval: approvalSchema,
  permission: permissionSchema,
  permissionRule: permissionRuleSchema,
  breaker: breakerSchema,
  schedule: scheduleSchema,
  firing: firingSchema,
};

/** What each kind of event is folded into; a kind that is not here does not compile. */
const touched: Readonly<Record<EventKind, readonly RowKind[]>> = {
  'engine.started': ['engine'],
  'engine.stopped': ['engine'],
  'engine.frozen': ['engine'],
  'engine.thawed': ['engine'],
  'engine.restored': [],
  'history.pruned': [],
  'settings.changed': [],
  'row.quarantined': [],
  'command.refused': [],
  'workflow.registered': [],
  'run.created': ['run'],
  'run.started': ['run'],
  'run.waiting': ['run'],
  'run.continued': ['run'],
  'run.resumed': ['run'],
  'run.pauseRequested': ['run'],
  'run.paused': ['run'],
  'run.cancelRequested': ['run'],
  'run.completed': ['run'],
  'run.failed': ['run'],
  'run.cancelled': ['run'],
  'stage.inherited': ['run'],
  'stage.dispatched': ['run'],
  'stage.started': ['run'],
  'stage.waiting': ['run'],
  'stage.completed': ['run'],
  'stage.failed': ['run'],
  'stage.skipped': ['run'],
  'stage.cancelled': ['run'],
  'task.created': ['task'],
  'task.unblocked': ['task'],
  'task.held': ['task'],
  'task.unheld': ['task'],
  'task.priorityChanged': ['task'],
  'task.claimed': ['task', 'attempt'],
  'task.released': ['task'],
  'task.completed': ['task'],
  'task.failed': ['task'],
  'task.died': ['task'],
  'task.cancelRequested': ['task'],
  'task.cancelled': ['task'],
  'task.requeued': ['task'],
  'attempt.started': ['task', 'attempt'],
  'attempt.did': ['attempt'],
  'attempt.stuck': ['attempt'],
  'attempt.unstuck': ['attempt'],
  'attempt.ended': ['task', 'attempt'],
  'agent.registered': ['agent'],
  'agent.removed': ['agent'],
  'agent.changed': ['agent'],
  'agent.processStarted': ['agent'],
  'agent.processEnded': ['agent'],
  'agent.recovered': ['agent'],
  'agent.condensed': ['agent'],
  'breaker.failed': ['breaker'],
  'breaker.succeeded': ['breaker'],
  'breaker.halfOpened': ['breaker'],
  'breaker.reset': ['breaker'],
  'breaker.condensed': ['breaker'],
  'schedule.saved': ['schedule'],
  'schedule.switched': ['schedule'],
  'schedule.removed': ['schedule'],
  'schedule.condensed': ['schedule'],
  'schedule.fired': ['schedule', 'firing'],
  'approval.requested': ['approval'],
  'approval.answered': ['approval'],
  'permission.requested': ['permission'],
  'permission.answered': ['permission'],
  'permission.ruleAdded': ['permissionRule'],
  'permission.ruleRemoved': ['permissionRule'],
};

/** The kinds of events that make a row out of nothing. */
const makers: Readonly<Partial<Record<EventKind, RowKind>>> = {
  'run.created': 'run',
  'task.created': 'task',
  'task.claimed': 'attempt',
  'agent.registered': 'agent',
  'approval.requested': 'approval',
  'permission.requested': 'permission',
  'permission.ruleAdded': 'permissionRule',
  'agent.condensed': 'agent',
  'breaker.failed': 'breaker',
  'breaker.condensed': 'breaker',
  'schedule.saved': 'schedule',
  'schedule.condensed': 'schedule',
  'schedule.fired': 'firing',
};

function idOf(kind: RowKind, event: Event): unknown {
  if (kind === 'engine') return 'engine';
  if (event.kind === 'schedule.fired' && kind === 'firing') return firingKey(event.scheduleId, event.dueAt);
  const field = kind === 'permissionRule' ? 'ruleId' : `${kind}Id`;
  return (event as unknown as Record<string, unknown>)[field];
}

function forEachEvent(schema: (typeof eventSchema.options)[number], check: (event: Event) => void): void {
  fc.assert(
    fc.property(arbitraryOf(schema), (value) => check(eventSchema.parse(value))),
    { numRuns: 5 },
  );
}

test('every kind of event is here, once', () => {
  expect(eventKinds.toSorted()).toEqual(Object.keys(touched).toSorted());
});

describe.each(eventSchema.options.map((schema) => [schema.shape.kind.value, schema] as const))('%s', (kind, schema) => {
  test('is folded into the rows that it names', () => {
    forEachEvent(schema, (event) => {
      expect(touchedRows(event)).toEqual(touched[kind].map((row) => ({ kind: row, id: idOf(row, event) })));
    });
  });

  test('leaves every other row the same object, and what is not there not there', () => {
    const others = rowKinds.filter((row) => !touched[kind].includes(row));
    forEachEvent(schema, (event) => {
      for (const row of others) expect(evolve(row, rows[row], event)).toBe(rows[row]);
      for (const row of rowKinds.filter((other) => other !== 'engine' && other !== makers[kind])) {
        expect(evolve(row, null, event)).toBeNull();
      }
    });
  });

  test('I2 leaves rows that their schemas know, without touching what it was given', () => {
    const before = JSON.stringify(rows);
    forEachEvent(schema, (event) => {
      for (const row of ['run', 'task', 'attempt', 'agent', 'approval', 'permission', 'permissionRule'] as const) {
        const next = evolve(row, rows[row], event);
        if (next !== null) expect(rowSchemas[row].parse(next)).toEqual(next);
      }
    });
    expect(JSON.stringify(rows)).toBe(before);
  });
});

describe('the row of the engine', () => {
  const now = { at: 700, actor: 'person' as const };
  const frozen: NewEvent = { ...now, kind: 'engine.frozen', reason: 'too hot' };
  const thawed: NewEvent = { ...now, kind: 'engine.thawed', reason: 'cooled down' };
  const stopped: NewEvent = { ...now, kind: 'engine.stopped', reason: 'quit' };

  test('is frozen since when and why, across a stop, until it is thawed', () => {
    const ice = evolve('engine', null, frozen);
    expect(ice).toEqual({ frozenAt: 700, frozenReason: 'too hot' });
    expect(evolve('engine', ice, stopped)).toBe(ice);
    expect(evolve('engine', ice, thawed)).toEqual({ frozenAt: null, frozenReason: null });
  });

  test('is there from the first event on', () => {
    expect(evolve('engine', null, stopped)).toEqual({ frozenAt: null, frozenReason: null });
  });
});
