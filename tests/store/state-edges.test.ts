import { describe, expect, it } from 'vitest';
import type { NewEvent } from '../../src-main/contract/event.ts';
import type { RowKind } from '../../src-main/contract/evolve.ts';
import {
  agentTransitions,
  approvalTransitions,
  attemptTransitions,
  runTransitions,
  stageTransitions,
  taskTransitions,
} from '../../src-main/contract/states.ts';
import type { Store, StoreReads } from '../../src-main/core/ports.ts';
import { expectSound, openTestStore } from './open-test-store.ts';
import {
  agentRegistered,
  approvalRequested,
  at,
  attemptEnded,
  attemptStarted,
  failure,
  ids,
  runCreated,
  sampleWorkflow,
  taskClaimed,
  taskCreated,
  taskReleased,
} from './sample-events.ts';

type Transitions = Readonly<Record<string, readonly string[]>>;

/** How to bring a row of one kind into a state, allowed or not. */
interface Subject {
  readonly kind: RowKind;
  readonly id: string;
  /** State of the row, or of the part of it that the subject is about. */
  stateIn(reads: StoreReads): string | undefined;
  /** The event that leads to a state, from wherever the row is; null when none does. */
  enter(to: string, reads: StoreReads): NewEvent | null;
  /** What is recorded together with an event. */
  together?(event: NewEvent): readonly NewEvent[];
}

interface Family {
  readonly transitions: Transitions;
  readonly initial: string;
  create(store: Store): Promise<Subject>;
}

const base = { at: at + 5, actor: 'engine' } as const;

async function createRun(store: Store) {
  const run = runCreated();
  await store.write((unit) => {
    unit.putWorkflow(sampleWorkflow);
    unit.record([run]);
  });
  return run;
}

const families: Readonly<Record<string, Family>> = {
  run: {
    transitions: runTransitions,
    initial: 'queued',
    create: async (store) => {
      const { runId } = await createRun(store);
      const events: Readonly<Record<string, NewEvent>> = {
        running: { ...base, kind: 'run.started', runId },
        paused: { ...base, kind: 'run.paused', runId },
        waiting: { ...base, kind: 'run.waiting', runId, waitingFor: 'quota' },
        completed: { ...base, kind: 'run.completed', runId },
        failed: { ...base, kind: 'run.failed', runId, failure },
        cancelled: { ...base, kind: 'run.cancelled', runId, reason: 'no longer wanted' },
      };
      return {
        kind: 'run',
        id: runId,
        stateIn: (reads) => reads.row('run', runId)?.state,
        enter: (to) => events[to] ?? null,
      };
    },
  },
  stage: {
    transitions: stageTransitions,
    initial: 'pending',
    create: async (store) => {
      const { runId } = await createRun(store);
      const stage = { ...base, runId, stage: 'build' };
      const events: Readonly<Record<string, NewEvent>> = {
        running: { ...stage, kind: 'stage.started' },
        waiting: { ...stage, kind: 'stage.waiting', approvalId: ids.approvalId() },
        completed: { ...stage, kind: 'stage.completed', outputs: {}, gates: [] },
        failed: { ...stage, kind: 'stage.failed', failure, gates: [], tolerated: false },
        skipped: { ...stage, kind: 'stage.skipped', reason: 'its condition was false' },
        cancelled: { ...stage, kind: 'stage.cancelled', reason: 'no longer wanted' },
      };
      return {
        kind: 'run',
        id: runId,
        stateIn: (reads) => reads.row('run', runId)?.stages[0]?.state,
        enter: (to) => events[to] ?? null,
      };
    },
  },
  task: {
    transitions: taskTransitions,
    initial: 'blocked',
    create: async (store) => {
      const created = taskCreated({ blocked: true });
      await store.write((unit) => unit.record([created]));
      const { taskId } = created;
      return {
        kind: 'task',
        id: taskId,
        stateIn: (reads) => reads.row('task', taskId)?.state,
        enter: (to, reads) => {
          const task = reads.row('task', taskId);
          if (task === null) throw new Error('The task is gone.');
          const some = { ...base, taskId, runId: null };
          switch (to) {
            case 'queued':
              return task.state === 'dead'
                ? { ...some, kind: 'task.requeued', position: 3 }
                : { ...some, kind: 'task.unblocked' };
            case 'claimed':
              return taskClaimed(task);
            case 'running':
              return attemptStarted({
                ...some,
                attemptId: task.attemptId ?? ids.attemptId(),
                agentId: agentRegistered().agentId,
              });
            case 'completed':
              return { ...some, kind: 'task.completed', outputs: {} };
            case 'failed':
              return { ...some, kind: 'task.failed', failure };
            case 'cancelled':
              return { ...some, kind: 'task.cancelled', reason: 'no longer wanted' };
            case 'dead':
              return { ...some, kind: 'task.died', failure };
            default:
              return null;
          }
        },
      };
    },
  },
  attempt: {
    transitions: attemptTransitions,
    initial: 'starting',
    create: async (store) => {
      const created = taskCreated();
      const claimed = await store.write((unit) => {
        unit.record([created]);
        const task = unit.row('task', created.taskId);
        if (task === null) throw new Error('The task was not stored.');
        return unit.record([taskClaimed(task)])[0];
      });
      if (claimed?.kind !== 'task.claimed') throw new Error('Nothing was claimed.');
      const { taskId, runId, attemptId, agentId } = claimed;
      const claim = { taskId, runId, attemptId, agentId };
      return {
        kind: 'attempt',
        id: attemptId,
        stateIn: (reads) => reads.row('attempt', attemptId)?.state,
        enter: (to) => {
          if (to === 'starting') return null;
          return to === 'running' ? attemptStarted(claim) : attemptEnded(claim, to as 'completed');
        },
        // Without its attempt a task may not stay live.
        together: (event) => (event.kind === 'attempt.ended' ? [taskReleased(claim)] : []),
      };
    },
  },
  agent: {
    transitions: agentTransitions,
    initial: 'stopped',
    create: async (store) => {
      const registered = agentRegistered(`agent-${ids.requestId()}`);
      await store.write((unit) => unit.record([registered]));
      const { agentId } = registered;
      return {
        kind: 'agent',
        id: agentId,
        stateIn: (reads) => reads.row('agent', agentId)?.state,
        enter: (to) => ({ ...base, kind: 'agent.changed', agentId, to: to as 'idle', reason: null }),
      };
    },
  },
  approval: {
    transitions: approvalTransitions,
    initial: 'open',
    create: async (store) => {
      const run = await createRun(store);
      const requested = approvalRequested(run.runId);
      await store.write((unit) => unit.record([requested]));
      const { runId, stage, approvalId } = requested;
      return {
        kind: 'approval',
        id: approvalId,
        stateIn: (reads) => reads.row('approval', approvalId)?.state,
        enter: (to) =>
          to === 'open'
            ? null
            : {
                ...base,
                kind: 'approval.answered',
                runId,
                stage,
                approvalId,
                answer: to as 'approved',
                comment: 'because',
              },
      };
    },
  },
};

/** The shortest way along allowed edges from the state of a new row; null when there is none. */
function wayTo(transitions: Transitions, initial: string, target: string): readonly string[] | null {
  const ways: string[][] = [[]];
  const seen = new Set([initial]);
  for (const way of ways) {
    const here = way.at(-1) ?? initial;
    if (here === target) return way;
    for (const next of transitions[here] ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return null;
}

/** What became of an attempt to take a new row from one state to another. */
interface Outcome {
  readonly error: string | null;
  /** Whether row and event numbers are as they were. */
  readonly unchanged: boolean;
  readonly state: string | undefined;
}

/** Brings a new row into `from`, then tries to take it to `to`. @returns null when no event would do that. */
async function tryEdge(store: Store, family: Family, from: string, to: string): Promise<Outcome | null> {
  const subject = await family.create(store);
  for (const step of wayTo(family.transitions, family.initial, from) ?? []) {
    const event = subject.enter(step, store.reads);
    if (event !== null) await store.write((unit) => unit.record([event, ...(subject.together?.(event) ?? [])]));
  }
  expect(subject.stateIn(store.reads)).toBe(from);
  const event = subject.enter(to, store.reads);
  if (event === null) return null;
  const look = () => JSON.stringify([store.reads.row(subject.kind, subject.id), store.reads.lastSeq()]);
  const before = look();
  const error = await store
    .write((unit) => unit.record([event, ...(subject.together?.(event) ?? [])]))
    .then(
      () => null,
      (reason: Error) => reason.message,
    );
  return { error, unchanged: look() === before, state: subject.stateIn(store.reads) };
}

describe.each(Object.entries(families))('R07 %s', (_name, family) => {
  const states = Object.keys(family.transitions);

  it('moves along every edge of its table and along no other, and what has ended stays as it is', async () => {
    const { store, file } = await openTestStore();
    for (const from of states) {
      const next = family.transitions[from] ?? [];
      for (const to of states) {
        const outcome = await tryEdge(store, family, from, to);
        if (outcome === null) continue;
        const allowed = next.includes(to) || (from === to && next.length > 0);
        expect(outcome, `${from} → ${to}`).toEqual(
          allowed
            ? { error: null, unchanged: false, state: to }
            : {
                error: expect.stringMatching(/may not follow|has ended as|does not exist/),
                unchanged: true,
                state: from,
              },
        );
      }
    }
    expectSound(file);
  });
});

it('R07 refuses to create a row a second time', async () => {
  const { store } = await openTestStore();
  const task = taskCreated();
  const run = runCreated();
  await store.write((unit) => {
    unit.putWorkflow(sampleWorkflow);
    unit.record([task, run]);
  });
  await expect(store.write((unit) => unit.record([task]))).rejects.toThrow(
    `task.created would create task ${task.taskId} a second time.`,
  );
  await store.write((unit) => unit.record([{ ...base, kind: 'run.cancelled', runId: run.runId, reason: 'enough' }]));
  await expect(store.write((unit) => unit.record([run]))).rejects.toThrow('UNIQUE constraint failed: runs.');
});

it('R07 refuses an event about a row or a stage that does not exist', async () => {
  const { store } = await openTestStore();
  const taskId = ids.taskId();
  await expect(
    store.write((unit) => unit.record([{ ...base, kind: 'task.unblocked', taskId, runId: null }])),
  ).rejects.toThrow(`task.unblocked concerns task ${taskId}, which does not exist.`);
  const { runId } = await createRun(store);
  await expect(
    store.write((unit) => unit.record([{ ...base, kind: 'stage.started', runId, stage: 'deploy' }])),
  ).rejects.toThrow(`stage.started concerns stage deploy of run ${runId}, which has no such stage.`);
});

it('takes over the stages of another run as completed, and only where nothing has begun', async () => {
  const { store } = await openTestStore();
  const { runId } = await createRun(store);
  const inherited: NewEvent = { ...base, kind: 'stage.inherited', runId, stage: 'build', outputs: { n: 1 }, gates: [] };
  await store.write((unit) => unit.record([inherited]));
  expect(store.reads.row('run', runId)?.stages[0]).toMatchObject({ state: 'completed', inherited: true });
  await expect(store.write((unit) => unit.record([inherited]))).rejects.toThrow('has ended as completed');
});

it('lets events about a removed agent pass, since they cannot do harm any more', async () => {
  const { store } = await openTestStore();
  const { agentId } = agentRegistered();
  const events = await store.write((unit) =>
    unit.record([
      agentRegistered(),
      { ...base, kind: 'agent.removed', agentId },
      { ...base, kind: 'agent.recovered', agentId },
    ]),
  );
  expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(store.reads.agents()).toEqual([]);
  expect(store.reads.countAgents().stopped).toBe(0);
});
