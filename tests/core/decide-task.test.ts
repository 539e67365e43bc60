import { describe, expect, it } from 'vitest';
import { agentIdSchema } from '../../src-main/contract/ids.ts';
import { taskStates } from '../../src-main/contract/states.ts';
import { decideClaim, decidePriority, decideRequeue, decideTaskCancel } from '../../src-main/core/decide-task.ts';
import { countingIds } from '../support/counting-ids.ts';
import { taskRow } from '../support/samples.ts';

const moment = { at: 1_000, actor: 'person' as const };
const ids = countingIds();
const claim = { attemptId: ids.attemptId(), agentId: agentIdSchema.parse('worker') };

describe('claiming a task', () => {
  it('raises the number of attempts and the fence', () => {
    const decided = decideClaim(taskRow({ attempts: 2, fence: 4 }), claim, moment);
    expect(decided).toMatchObject({ ok: true, value: { kind: 'task.claimed', number: 3, fence: 5, ...claim } });
  });

  it.each(taskStates.filter((state) => state !== 'queued'))('R14 is refused when it is %s', (state) => {
    expect(decideClaim(taskRow({ state }), claim, moment)).toMatchObject({ ok: false, error: { type: 'refused' } });
  });

  it('is refused while its run is paused', () => {
    const refused = decideClaim(taskRow({ held: true }), claim, moment);
    expect(refused).toMatchObject({ ok: false, error: { message: expect.stringContaining('held') } });
  });
});

describe('cancelling a task', () => {
  it.each(['blocked', 'queued'] as const)('ends it at once when it is %s', (state) => {
    const decided = decideTaskCancel(taskRow({ state }), 'enough', moment);
    expect(decided).toMatchObject({ ok: true, value: [{ kind: 'task.cancelled', reason: 'enough' }] });
  });

  it.each(['claimed', 'running'] as const)('asks its attempt to end when it is %s', (state) => {
    const decided = decideTaskCancel(taskRow({ state }), 'enough', moment);
    expect(decided).toMatchObject({ ok: true, value: [{ kind: 'task.cancelRequested' }] });
  });

  it('asks only once', () => {
    const task = taskRow({ state: 'running', cancelRequestedAt: 5 });
    expect(decideTaskCancel(task, 'enough', moment)).toEqual({ ok: true, value: [] });
  });

  it.each(['completed', 'failed', 'cancelled', 'dead'] as const)('R07 is refused when it is %s', (state) => {
    const refused = decideTaskCancel(taskRow({ state }), 'enough', moment);
    expect(refused).toMatchObject({ ok: false, error: { type: 'refused' } });
  });
});

describe('requeueing a task', () => {
  it('takes a dead letter back into the queue', () => {
    const decided = decideRequeue(taskRow({ state: 'dead' }), 7, moment);
    expect(decided).toMatchObject({ ok: true, value: { kind: 'task.requeued', position: 7 } });
  });

  it.each(taskStates.filter((state) => state !== 'dead'))('R07 is refused when it is %s', (state) => {
    expect(decideRequeue(taskRow({ state }), 7, moment)).toMatchObject({ ok: false, error: { type: 'refused' } });
  });

  it('is refused for the task of a stage, with the command that does it', () => {
    const task = taskRow({ state: 'dead', runId: ids.runId(), stage: 'build' });
    const refused = decideRequeue(task, 7, moment);
    expect(refused).toMatchObject({ ok: false, error: { remedy: expect.stringContaining('--stage build') } });
  });
});

describe('changing the priority of a task', () => {
  it('is an event when it changes, and none when it does not', () => {
    expect(decidePriority(taskRow(), 'high', moment)).toMatchObject({ ok: true, value: [{ priority: 'high' }] });
    expect(decidePriority(taskRow(), 'normal', moment)).toEqual({ ok: true, value: [] });
  });

  it.each(['claimed', 'completed'] as const)('is refused when it is %s', (state) => {
    expect(decidePriority(taskRow({ state }), 'high', moment).ok).toBe(false);
  });
});
