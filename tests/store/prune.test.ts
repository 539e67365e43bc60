import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewEvent } from '../../src-main/contract/event.ts';
import { agentIdSchema, scheduleIdSchema } from '../../src-main/contract/ids.ts';
import { firingKey, scheduleDefinitionSchema } from '../../src-main/contract/schedule.ts';
import type { Store, StoreUnit } from '../../src-main/core/ports.ts';
import type { Condensable, HistoryOwner, PrunePlace, PruneRule } from '../../src-main/core/ports-history.ts';
import { databaseFile } from '../../src-main/store/data-files.ts';
import { HistoryPruner } from '../../src-main/store/prune/prune-history.ts';
import { taskSpec } from '../support/samples.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { connectTo, expectSound, openTestStore } from './open-test-store.ts';
import { choiceFrom, steps } from './random-histories.ts';
import {
  addTask,
  agentRegistered,
  approvalRequested,
  at,
  attemptEnded,
  attemptStarted,
  claimFirst,
  claimOf,
  failure,
  ids,
  permissionAnswered,
  permissionRequested,
  runCreated,
  sampleWorkflow,
  taskCompleted,
} from './sample-events.ts';

/** Later than everything that the samples tell of. */
const later = at + 1_000;
const base = { at: at + 50, actor: 'engine' } as const;
const start: PrunePlace = { phase: 'marked', skipped: 0 };

function ruleOf(change: Partial<PruneRule> = {}): PruneRule {
  return { before: later, now: later + 1, condensed: [], dryRun: false, ...change };
}

/** Takes all steps of a search. @returns what they removed together, and what they left to be condensed. */
async function pruneAll(store: Store, rule: PruneRule = ruleOf()) {
  const sum = { runs: 0, tasks: 0, events: 0, largest: 0, steps: 0, ownerIds: [] as string[] };
  const condensable: Condensable[] = [];
  for (let place: PrunePlace | null = start; place !== null; ) {
    const step = await store.history.forgetOld(place, rule);
    sum.steps += 1;
    sum.runs += step.removed.runs;
    sum.tasks += step.removed.tasks;
    sum.events += step.removed.events;
    sum.ownerIds.push(...step.removed.ownerIds);
    sum.largest = Math.max(sum.largest, step.removed.events + step.removed.attemptIds.length);
    condensable.push(...step.condensable);
    place = step.next;
  }
  return { ...sum, condensable };
}

/** Forgets one owner in as many steps as it takes. */
async function forgetAll(store: Store, owner: HistoryOwner) {
  for (let taken = 1; ; taken += 1) {
    const { outcome } = await store.history.forget(owner);
    if (outcome !== 'partly') return { outcome, taken };
  }
}

/** A task that has run to its end, with so many activities. */
function endTask(unit: StoreUnit, activities = 0) {
  const { taskId } = addTask(unit);
  const attempt = claimFirst(unit);
  if (attempt === null) throw new Error('nothing was claimed');
  const claim = claimOf(attempt);
  unit.record([attemptStarted(claim)]);
  for (let number = 1; number <= activities; number += 1) {
    unit.record([{ ...base, kind: 'attempt.did', ...claim, number, activity: { kind: 'thinking' } }]);
  }
  unit.record([attemptEnded(claim, 'completed', { outputs: {} }), taskCompleted(claim)]);
  return { taskId, attemptId: attempt.id };
}

function endRun(unit: StoreUnit) {
  unit.putWorkflow(sampleWorkflow);
  const created = runCreated();
  const { runId } = created;
  const approval = approvalRequested(runId);
  const { approvalId } = approval;
  unit.record([
    created,
    { ...base, kind: 'run.started', runId },
    approval,
    { ...base, kind: 'approval.answered', approvalId, runId, stage: 'build', answer: 'approved', comment: null },
  ]);
  const stageTask = addTask(unit, { runId, stage: 'build' });
  const attempt = claimFirst(unit);
  if (attempt === null) throw new Error('nothing was claimed');
  unit.record([attemptStarted(claimOf(attempt)), permissionRequested(attempt)]);
  unit.record(unit.openPermissions(attempt.id).map((permission) => permissionAnswered(permission)));
  unit.record([
    attemptEnded(claimOf(attempt), 'failed', { failure }),
    { ...base, kind: 'task.failed', taskId: stageTask.taskId, runId, failure },
    { ...base, kind: 'run.failed', runId, failure },
  ]);
  return { runId, taskId: stageTask.taskId, attemptId: attempt.id };
}

const numbers = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 40 });
const history = fc.array(
  fc.record({ steps: fc.array(fc.nat(steps.length - 1), { minLength: 1, maxLength: 4 }), numbers }),
  { minLength: 10, maxLength: 60 },
);

describe('pruning', () => {
  it('R75 I2 leaves rows that their events give, and everything that has not ended, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.boolean(), async (units, condenses) => {
        const { store, file } = await openTestStore();
        for (const { steps: chosen, numbers: chances } of units) {
          const choice = choiceFrom(chances);
          await store.write((unit) => {
            for (const step of chosen) steps[step]?.(unit, choice);
          });
        }
        const open = {
          runs: store.reads.openRuns(),
          dead: store.reads.countTasks().dead,
          live: store.reads.liveAttempts(),
          agents: store.reads.agents(),
          rules: store.reads.permissionRules(),
          engine: store.reads.row('engine', 'engine'),
          lastSeq: store.reads.lastSeq(),
        };
        const first = await pruneAll(store);
        if (condenses) await condenseAll(store, first.condensable);
        await pruneAll(store, ruleOf({ condensed: condenses ? first.condensable : [] }));
        expect(store.reads.openRuns()).toEqual(open.runs);
        expect(store.reads.countTasks().dead).toBe(open.dead);
        expect(store.reads.liveAttempts()).toEqual(open.live);
        expect(store.reads.agents()).toEqual(open.agents);
        expect(store.reads.permissionRules()).toEqual(open.rules);
        expect(store.reads.row('engine', 'engine')).toEqual(open.engine);
        expect(store.reads.lastSeq()).toBeGreaterThanOrEqual(open.lastSeq);
        await store.write((unit) => unit.record([{ ...base, kind: 'engine.thawed', reason: 'goes on' }]).length);
        await store.close();
        expectSound(file);
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  it('R75 forgets an ended run with all that belongs to it, and says whose logs and folders are left', async () => {
    const { store, file } = await openTestStore();
    const { runId, taskId, attemptId } = await store.write(endRun);
    const step = await store.history.forget({ noun: 'run', id: runId });
    expect(step).toMatchObject({ outcome: 'done', removed: { runs: 1, tasks: 0, attemptIds: [attemptId] } });
    expect(step.removed.ownerIds).toEqual([runId]);
    expect(store.reads.row('run', runId)).toBeNull();
    expect(store.reads.row('task', taskId)).toBeNull();
    expect(store.reads.row('attempt', attemptId)).toBeNull();
    expect(store.reads.countRuns().failed).toBe(0);
    expect(store.reads.countTasks().failed).toBe(0);
    expect(store.reads.agentTally(agentIdSchema.parse('worker'))).toEqual({ completed: 0, failed: 0 });
    expect(store.reads.listEvents({ afterSeq: 0, limit: 100 }).events).toEqual([]);
    await store.close();
    expectSound(file);
  });

  it('never gives a number twice, also when the newest event was removed', async () => {
    const { store, file, folder } = await openTestStore();
    const { taskId } = await store.write((unit) => endTask(unit));
    const last = store.reads.lastSeq();
    await store.history.forget({ noun: 'task', id: taskId });
    expect(store.reads.lastSeq()).toBe(last);
    await store.close();
    expectSound(file);
    const again = await openTestStore({ folder });
    const [event] = await again.store.write((unit) => unit.record([agentRegistered('late')]));
    expect(event?.seq).toBe(last + 1);
    await again.store.close();
    expectSound(file);
  });

  it('keeps what has not ended, what is needed, what is a stage, and what was never there', async () => {
    const { store } = await openTestStore();
    const { open, needed } = await store.write((unit) => {
      const { taskId } = endTask(unit);
      return { needed: taskId, open: addTask(unit, { held: true, spec: taskSpec({ needs: [taskId] }) }).taskId };
    });
    const { runId, taskId } = await store.write(endRun);
    const outcome = async (owner: HistoryOwner) => (await store.history.forget(owner)).outcome;
    expect(await outcome({ noun: 'task', id: open })).toBe('open');
    expect(await outcome({ noun: 'task', id: needed })).toBe('needed');
    expect(await outcome({ noun: 'task', id: taskId })).toBe('missing');
    expect(await outcome({ noun: 'task', id: ids.taskId() })).toBe('missing');
    expect(await outcome({ noun: 'run', id: ids.runId() })).toBe('missing');
    const other = runCreated();
    await store.write((unit) => {
      unit.record([other]);
      addTask(unit, { spec: taskSpec({ needs: [taskId] }) });
    });
    expect(await outcome({ noun: 'run', id: other.runId })).toBe('open');
    expect(await outcome({ noun: 'run', id: runId })).toBe('needed');
  });

  it('forgets what was only needed by what is forgotten', async () => {
    const { store, file } = await openTestStore();
    await store.write((unit) => {
      const { taskId } = endTask(unit);
      const dependant = addTask(unit, { spec: taskSpec({ needs: [taskId] }) });
      unit.record([{ ...base, kind: 'task.cancelled', taskId: dependant.taskId, runId: null, reason: 'enough' }]);
    });
    expect(await pruneAll(store)).toMatchObject({ tasks: 2 });
    expect(store.reads.countTasks()).toMatchObject({ completed: 0, cancelled: 0 });
    await store.close();
    expectSound(file);
  });

  it('keeps dead letters for a person, however old they are', async () => {
    const { store } = await openTestStore();
    const dead = await store.write((unit) => {
      const { taskId } = addTask(unit);
      const attempt = claimFirst(unit);
      if (attempt === null) throw new Error('nothing was claimed');
      unit.record([
        attemptEnded(claimOf(attempt), 'failed', { failure }),
        { ...base, kind: 'task.died', taskId, runId: null, failure },
      ]);
      return taskId;
    });
    expect(await pruneAll(store)).toMatchObject({ tasks: 0 });
    expect(await forgetAll(store, { noun: 'task', id: dead })).toMatchObject({ outcome: 'done' });
  });

  it('counts in a dry run what it would remove, and removes nothing', async () => {
    const { store } = await openTestStore();
    await store.write((unit) => void endTask(unit));
    await store.write((unit) => void endRun(unit));
    const before = store.reads.lastSeq();
    const dry = await pruneAll(store, ruleOf({ dryRun: true }));
    expect(dry).toMatchObject({ runs: 1, tasks: 1, events: before });
    expect(store.reads.listEvents({ afterSeq: 0, limit: 100 }).events).toHaveLength(before);
    expect(await pruneAll(store)).toMatchObject({ runs: 1, tasks: 1, events: before });
  });

  it('keeps what ended lately', async () => {
    const { store } = await openTestStore();
    await store.write((unit) => void endTask(unit));
    await store.write((unit) => void endRun(unit));
    const seq = store.reads.lastSeq();
    expect(await pruneAll(store, ruleOf({ before: at - 1 }))).toMatchObject({ runs: 0, tasks: 0, events: 0 });
    expect(store.reads.lastSeq()).toBe(seq);
  });
});

describe('a large history', () => {
  it('is removed in small steps, and is sound after each of them, and after a crash between two', async () => {
    const folder = temporaryFolder();
    const { store, file } = await openTestStore({ folder });
    const { taskId } = await store.write((unit) => endTask(unit, 900));
    const first = await store.history.forget({ noun: 'task', id: taskId });
    expect(first).toMatchObject({ outcome: 'partly' });
    expect(first.removed.events).toBeLessThanOrEqual(200);
    expect(store.reads.isBeingForgotten(taskId)).toBe(true);
    expectSound(file);
    await store.close();

    const { store: next } = await openTestStore({ folder });
    const rest = await pruneAll(next, ruleOf({ before: at - 1 }));
    expect(rest).toMatchObject({ tasks: 1, ownerIds: [taskId] });
    expect(rest.largest).toBeLessThanOrEqual(400);
    expect(next.reads.row('task', taskId)).toBeNull();
    expect(next.reads.isBeingForgotten(taskId)).toBe(false);
    await next.close();
    expectSound(file);
  });

  it('of a run goes task by task, its own row last', async () => {
    const { store, file } = await openTestStore();
    const runId = await store.write((unit) => {
      const run = endRun(unit).runId;
      return run;
    });
    const open = () => connectTo(file);
    const small = new HistoryPruner({ open, file, committed: () => {}, budget: 4 });
    const seen: (string | null)[] = [];
    for (;;) {
      const { outcome, removed } = await small.forget({ noun: 'run', id: runId });
      expect(removed.events + removed.attemptIds.length).toBeLessThanOrEqual(4);
      expectSound(file);
      seen.push(store.reads.row('run', runId)?.state ?? null);
      if (outcome === 'done') break;
    }
    await small.close();
    expect(seen.slice(0, -1).every((state) => state === 'failed')).toBe(true);
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.at(-1)).toBeNull();
  });

  it('leaves alone what was marked and is needed, and drops marks of what is gone', async () => {
    const { store, file } = await openTestStore();
    const { taskId } = await store.write((unit) => endTask(unit, 900));
    await store.history.forget({ noun: 'task', id: taskId });
    const connection = connectTo(file);
    connection.prepare("INSERT INTO counters VALUES ('forgettingRuns', 'run_gone', 1)").run();
    connection.prepare('INSERT INTO task_needs VALUES (?, ?)').run(taskId, taskId);
    await pruneAll(store, ruleOf({ before: at - 1 }));
    expect(store.reads.isBeingForgotten(taskId)).toBe(true);
    expect(connection.prepare("SELECT count(*) FROM counters WHERE key = 'run_gone'").pluck().get()).toBe(0);
  });

  it('R75 of many tasks takes many steps of bounded size', async () => {
    const { store, file } = await openTestStore();
    for (let lot = 0; lot < 10; lot += 1) {
      await store.write((unit) => {
        for (let task = 0; task < 100; task += 1) endTask(unit);
      });
    }
    const pruned = await pruneAll(store);
    expect(pruned).toMatchObject({ tasks: 1_000, events: 5_000 });
    expect(pruned.largest).toBeLessThanOrEqual(400);
    expect(pruned.steps).toBeGreaterThan(20);
    await store.close();
    expectSound(file);
  }, 60_000);
});

async function condenseAll(store: Store, condensable: readonly Condensable[]): Promise<void> {
  const keys = new Map(condensable.map((one) => [`${one.kind} ${one.id}`, one]));
  await store.write((unit) => unit.record([...keys.values()].flatMap((one) => condensed(unit, one))).length);
}

function condensed(unit: StoreUnit, { kind, id }: Condensable): NewEvent[] {
  const moment = { at: later, actor: 'engine' } as const;
  const row = unit.row(kind, id);
  if (row === null) return [];
  if (kind === 'agent') return [{ ...moment, kind: 'agent.condensed', agentId: row.id, row } as NewEvent];
  if (kind === 'breaker') return [{ ...moment, kind: 'breaker.condensed', breakerId: row.id, row } as NewEvent];
  return [{ ...moment, kind: 'schedule.condensed', scheduleId: row.id, row } as NewEvent];
}

describe('events that belong to no run and no task', () => {
  const scheduleId = scheduleIdSchema.parse('nightly');
  const definition = scheduleDefinitionSchema.parse({
    id: 'nightly',
    title: 'Nightly',
    timing: { kind: 'interval', everyMs: 60_000 },
    start: { kind: 'run', workflow: 'sample' },
  });

  function fired(dueAt: number, outcome: 'started' | 'waiting' | 'skipped'): NewEvent {
    const told = { runId: null, taskId: null, reason: null, nextAt: dueAt + 1 };
    return { ...base, kind: 'schedule.fired', scheduleId, dueAt, outcome, ...told };
  }

  it('go when they are old and no row needs them', async () => {
    const { store, file } = await openTestStore();
    const error = { type: 'refused' as const, message: 'No.', remedy: 'None.' };
    const about = { runId: null, taskId: null, attemptId: null, agentId: null };
    const { taskId } = await store.write((unit) => addTask(unit));
    const ruleId = ids.permissionRuleId();
    const agentId = agentIdSchema.parse('worker');
    const rule = { ...base, agentId, ruleId } as const;
    await store.write((unit) => {
      unit.putWorkflow(sampleWorkflow);
      return unit.record([
        { ...base, kind: 'engine.started', pid: 1, version: '1', interruptedAttempts: 0 },
        { ...base, kind: 'command.refused', command: 'x', error, ...about },
        { ...base, kind: 'command.refused', command: 'x', error, ...about, taskId },
        { ...base, kind: 'command.refused', command: 'x', error, ...about, runId: ids.runId() },
        { ...base, kind: 'workflow.registered', hash: sampleWorkflow.hash, name: 'sample', origin: 'file' },
        { ...rule, kind: 'permission.ruleAdded', tool: 'edit', answer: 'allow' },
        { ...base, at: later + 99, kind: 'engine.stopped', reason: 'a clock that was wrong' },
        { ...base, kind: 'engine.frozen', reason: 'too hot' },
        { ...base, at: at + 51, kind: 'engine.thawed', reason: 'cold' },
        { ...base, at: at + 52, kind: 'engine.frozen', reason: 'hot again' },
        agentRegistered('gone'),
        { ...base, kind: 'agent.removed', agentId: agentIdSchema.parse('gone') },
        agentRegistered('worker'),
        { ...base, at: later, kind: 'engine.stopped', reason: 'young' },
      ]).length;
    });
    await pruneAll(store);
    const left = store.reads.listEvents({ afterSeq: 0, limit: 100 }).events;
    expect(left.map(({ kind }) => kind)).toEqual([
      'task.created',
      'command.refused',
      'workflow.registered',
      'permission.ruleAdded',
      'engine.stopped',
      'engine.frozen',
      'agent.registered',
      'engine.stopped',
    ]);
    await store.close();
    expectSound(file);
  });

  it('of a schedule, a breaker and an agent go once the row is condensed, but not the last hundred times', async () => {
    const { store, file } = await openTestStore();
    const breakerId = 'agent:worker' as never;
    await store.write((unit) => {
      unit.record([
        agentRegistered('worker'),
        { ...base, kind: 'schedule.saved', scheduleId, definition, nextAt: 1 },
        {
          ...base,
          kind: 'breaker.failed',
          breakerId,
          attemptId: ids.attemptId(),
          failure,
          to: 'closed',
          retryAt: null,
        },
        { ...base, kind: 'breaker.failed', breakerId, attemptId: ids.attemptId(), failure, to: 'open', retryAt: 9 },
      ]);
      unit.record([fired(1, 'waiting'), fired(2, 'waiting'), fired(2, 'started')]);
      unit.record(Array.from({ length: 120 }, (_, index) => fired(index + 3, 'skipped')));
    });
    const schedule = store.reads.row('schedule', 'nightly');
    const { condensable } = await pruneAll(store);
    const counts = Object.groupBy(condensable, ({ kind }) => kind);
    // The first time still waits; of the others the last hundred stay.
    expect(counts.schedule).toHaveLength(1 + 2 + 20);
    expect(counts.breaker).toHaveLength(2);
    expect(counts.agent).toHaveLength(1);
    await condenseAll(store, condensable);
    await pruneAll(store, ruleOf({ condensed: condensable }));
    expect(store.reads.row('schedule', 'nightly')).toEqual(schedule);
    expect(store.reads.firingsOf(scheduleId, 1_000, 1_000)).toHaveLength(101);
    expect(store.reads.row('firing', firingKey(scheduleId, 1))?.outcome).toBe('waiting');
    expect(store.reads.row('breaker', breakerId)?.state).toBe('open');
    expectSound(file);

    await store.write(
      (unit) => unit.record([{ ...base, kind: 'schedule.removed', scheduleId, reason: 'done' }]).length,
    );
    await pruneAll(store);
    expect(store.reads.firingsOf(scheduleId, 1_000, 1_000)).toHaveLength(1);
    await store.close();
    expectSound(file);
  });
});

describe('the connection of pruning', () => {
  it('waits for a lock without holding anybody up, and tells in words what fails', async () => {
    const { store, file } = await openTestStore();
    const { taskId } = await store.write((unit) => endTask(unit));
    const other = connectTo(file);
    other.prepare('BEGIN IMMEDIATE').run();
    const forgotten = store.history.forget({ noun: 'task', id: taskId });
    await new Promise((resolve) => setImmediate(resolve));
    other.prepare('COMMIT').run();
    expect(await forgotten).toMatchObject({ outcome: 'done' });

    other.exec('DROP TABLE run_inputs');
    const { runId } = { runId: ids.runId() };
    other.exec('DROP TABLE attempts');
    await expect(store.history.forget({ noun: 'run', id: runId })).resolves.toMatchObject({ outcome: 'missing' });
    await expect(
      store.history.forgetOld({ phase: 'tasks', state: 'completed', id: '' }, ruleOf()),
    ).resolves.toBeTruthy();
    other.exec('DROP TABLE runs');
    await expect(store.history.forget({ noun: 'run', id: runId })).rejects.toMatchObject({ name: 'StoreFailure' });
  });

  it('remembers up to when logs were removed, and takes no step once it is closed', async () => {
    const { store, folder } = await openTestStore();
    expect(store.reads.logsRemovedUpTo()).toBe(0);
    await store.history.noteLogsRemoved(70);
    await store.history.noteLogsRemoved(60);
    expect(store.reads.logsRemovedUpTo()).toBe(70);
    expect(databaseFile(folder)).toContain(folder);
    await store.close();
    await expect(store.history.noteLogsRemoved(80)).rejects.toMatchObject({ apiError: { type: 'unavailable' } });
  });
});
