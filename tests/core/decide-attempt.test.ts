import { describe, expect, it } from 'vitest';
import type { Failure } from '../../src-main/contract/errors.ts';
import type { AttemptOutcome } from '../../src-main/core/decide-attempt.ts';
import { decideAttemptEnd, guardFence } from '../../src-main/core/decide-attempt.ts';
import { runningTask, taskSpec } from '../support/samples.ts';

const moment = { at: 1_000, actor: 'engine' as const };
const context = {
  maxInterruptions: 3,
  random: 0.5,
  held: false,
  gotStuckBefore: () => false,
  nextPosition: (end: string) => (end === 'front' ? -1 : 9),
};
const unknown: Failure = { category: 'exit', class: 'unknown', message: 'exit code 1' };

function endOf(task: ReturnType<typeof runningTask>, outcome: AttemptOutcome) {
  const events = decideAttemptEnd(task.task, task.attempt, { outcome, exit: null, gates: [] }, moment, context);
  return { attempt: events[0], task: events[1] };
}

describe('the end of an attempt', () => {
  it('completes its task with the outputs', () => {
    const { attempt, task } = endOf(runningTask(), { kind: 'completed', outputs: { answer: 42 } });
    expect(attempt).toMatchObject({
      kind: 'attempt.ended',
      state: 'completed',
      outputs: { answer: 42 },
      failure: null,
    });
    expect(task).toMatchObject({ kind: 'task.completed', outputs: { answer: 42 } });
  });

  it('R23 puts the task back at the end of its priority, later, while attempts are left', () => {
    const retry = { maxAttempts: 3, delayMs: 100, maxDelayMs: 1_000, factor: 2, jitter: 0 };
    const { task } = endOf(runningTask({ spec: taskSpec({ retry }), failures: 1 }), {
      kind: 'failed',
      failure: unknown,
    });
    expect(task).toMatchObject({
      kind: 'task.released',
      by: 'retry',
      counts: 'failure',
      position: 9,
      availableAt: 1_200,
    });
  });

  it('makes the task ready at once when its policy has no delay', () => {
    const retry = { maxAttempts: 3, delayMs: 0, maxDelayMs: 0, factor: 1, jitter: 0 };
    const { task } = endOf(runningTask({ spec: taskSpec({ retry }) }), { kind: 'failed', failure: unknown });
    expect(task).toMatchObject({ kind: 'task.released', availableAt: 0 });
  });

  it('leaves the task dead when its attempts are used up', () => {
    const { attempt, task } = endOf(runningTask({ failures: 2 }), { kind: 'timedOut', failure: unknown });
    expect(attempt).toMatchObject({ state: 'timed_out' });
    expect(task).toMatchObject({ kind: 'task.died', failure: unknown });
  });

  it('R23 fails the task at once on a fatal error', () => {
    const failure = { ...unknown, class: 'fatal' as const };
    expect(endOf(runningTask(), { kind: 'failed', failure }).task).toMatchObject({ kind: 'task.failed', failure });
  });

  it('R27 releases the task to the front of its priority when the agent went silent, and says why', () => {
    const failure = { ...unknown, category: 'stale' as const, message: 'no sign of life' };
    const { attempt, task } = endOf(runningTask(), { kind: 'interrupted', by: 'stale', counts: true, failure });
    expect(attempt).toMatchObject({ state: 'interrupted' });
    const released = { by: 'stale', counts: 'interruption', position: -1, availableAt: 0, reason: 'no sign of life' };
    expect(task).toMatchObject({ kind: 'task.released', ...released });
  });

  it('does not count an interruption that is the engine’s own', () => {
    const outcome = { kind: 'interrupted', by: 'engine', counts: false, failure: unknown } as const;
    expect(endOf(runningTask({ interruptions: 99 }), outcome).task).toMatchObject({ counts: 'nothing' });
  });

  it('ends a task under which too many agent processes died', () => {
    const outcome = { kind: 'interrupted', by: 'agent', counts: true, failure: unknown } as const;
    const { task } = endOf(runningTask({ interruptions: 2 }), outcome);
    expect(task).toMatchObject({ kind: 'task.died' });
    expect(task).toHaveProperty('failure.message', '3 agent processes died under this task; the last: exit code 1');
  });

  it('cancels the task when that was asked for, whatever the attempt came to', () => {
    expect(endOf(runningTask(), { kind: 'cancelled', reason: 'enough' }).task).toMatchObject({
      kind: 'task.cancelled',
      reason: 'enough',
    });
    const asked = runningTask({ cancelRequestedAt: 5 });
    expect(endOf(asked, { kind: 'failed', failure: unknown }).task).toMatchObject({
      kind: 'task.cancelled',
      reason: 'exit code 1',
    });
  });
});

describe('the fence', () => {
  it('lets the attempt that holds the task write', () => {
    const { task, attempt } = runningTask();
    expect(guardFence(task, attempt).ok).toBe(true);
  });

  it.each([
    ['another attempt', { attemptId: runningTask().attempt.id }],
    ['an older fence', { fence: 2 }],
    ['a task that has ended', { state: 'completed' as const }],
  ])('R32 refuses %s', (_name, change) => {
    const { task, attempt } = runningTask();
    const refused = guardFence({ ...task, ...change }, attempt);
    expect(refused).toMatchObject({ ok: false, error: { type: 'refused' } });
  });
});
