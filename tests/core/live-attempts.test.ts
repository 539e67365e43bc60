import { describe, expect, it } from 'vitest';
import { agentIdSchema } from '../../src-main/contract/ids.ts';
import { createLiveAttempts } from '../../src-main/core/live-attempts.ts';
import { Worker } from '../../src-main/core/worker.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { agentDefinition, runningTask } from '../support/samples.ts';
import { ScriptedLauncher } from '../support/scripted-launcher.ts';

const claude = agentIdSchema.parse('claude');
const codex = agentIdSchema.parse('codex');

function newWorker(): Worker {
  const asked = () => ({ verdict: Promise.resolve({ optionId: null, answer: '' }), withdraw: () => {} });
  const observer = { started: () => {}, did: () => {}, beat: () => {}, asked, resumed: () => {}, revived: () => {} };
  const job = { ...runningTask(), agent: agentDefinition(), workflow: null, heartbeatMs: 10_000 };
  return new Worker({ launcher: new ScriptedLauncher(), clock: new ManualClock(), observer }, job);
}

describe('the slots that live attempts take', () => {
  it('R28 are counted in total, per type and per agent', () => {
    const live = createLiveAttempts();
    live.take(claude, 'coder');
    live.take(claude, 'coder');
    live.take(codex, 'coder');
    live.free(claude, 'coder');
    expect([
      live.total,
      live.ofType('coder'),
      live.ofType('tester'),
      live.ofAgent(claude),
      live.ofAgent(codex),
    ]).toEqual([2, 2, 0, 1, 1]);
  });

  it('tell who was used last, also when the slot is free again', () => {
    const live = createLiveAttempts();
    expect(live.lastUsed(claude)).toBe(0);
    live.take(claude, 'coder');
    live.take(codex, 'coder');
    live.free(codex, 'coder');
    expect(live.lastUsed(codex)).toBeGreaterThan(live.lastUsed(claude));
    live.take(claude, 'coder');
    expect(live.lastUsed(claude)).toBeGreaterThan(live.lastUsed(codex));
  });

  it('are none before the first, also for names that are a part of JavaScript', () => {
    const live = createLiveAttempts();
    expect([live.total, live.ofType('constructor'), live.ofAgent(claude)]).toEqual([0, 0, 0]);
  });
});

describe('the workers of live attempts', () => {
  it('are found by their attempt and by their task until they are removed', () => {
    const live = createLiveAttempts();
    const [first, second] = [newWorker(), newWorker()];
    live.add(first);
    live.add(second);
    expect([...live.workers]).toEqual([
      [first.job.attempt.id, first],
      [second.job.attempt.id, second],
    ]);
    expect(live.ofTask(second.job.task.id)).toBe(second);
    live.remove(second);
    expect(live.ofTask(second.job.task.id)).toBeNull();
    expect(live.workers.size).toBe(1);
  });

  it('are those that live, however many have come and gone', () => {
    const live = createLiveAttempts();
    const first = newWorker();
    live.add(first);
    for (let count = 0; count < 300; count += 1) {
      const passing = newWorker();
      live.add(passing);
      live.remove(passing);
    }
    expect([...live.workers.values()]).toEqual([first]);
    expect(live.ofTask(first.job.task.id)).toBe(first);
  });

  it('are waited for by everyone who asks, and by nobody when there are none', async () => {
    const live = createLiveAttempts();
    await live.empty();
    const [first, second] = [newWorker(), newWorker()];
    live.add(first);
    live.add(second);
    let told = 0;
    const count = () => {
      told += 1;
    };
    const all = Promise.all([live.empty().then(count), live.empty().then(count)]);
    live.remove(first);
    await Promise.resolve();
    expect(told).toBe(0);
    live.remove(second);
    await all;
    expect(told).toBe(2);
  });
});
