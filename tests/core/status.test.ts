import { expect, it } from 'vitest';
import { agentIdSchema } from '../../src-main/contract/ids.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import { Breakers } from '../../src-main/core/breakers.ts';
import { createLiveAttempts } from '../../src-main/core/live-attempts.ts';
import { Parts } from '../../src-main/core/parts.ts';
import type { Clock } from '../../src-main/core/ports.ts';
import { StatusBoard } from '../../src-main/core/status.ts';
import { openEngine } from '../support/engine.ts';

const agentId = agentIdSchema.parse('worker');

/** A main thread whose timers are as late as a test says. */
class LateClock implements Clock {
  #at = 0;
  #timers: { readonly ms: number; readonly callback: () => void }[] = [];

  get timers(): number {
    return this.#timers.length;
  }

  now(): number {
    return this.#at;
  }

  monotonic(): number {
    return this.#at;
  }

  after(ms: number, callback: () => void) {
    this.#timers.push({ ms, callback });
    return () => undefined;
  }

  /** Lets every timer be late by so much. */
  fire(lateMs: number): void {
    for (const { ms, callback } of this.#timers.splice(0)) {
      this.#at += ms + lateMs;
      callback();
    }
  }

  pass(ms: number): void {
    this.#at += ms;
  }
}

async function openBoard() {
  const { store, machine } = await openEngine();
  const clock = new LateClock();
  const settings = settingsSchema.parse({});
  const live = createLiveAttempts();
  const board = new StatusBoard({
    store,
    clock,
    live,
    breakers: new Breakers({ store, clock, settings }),
    settings,
    machine,
    parts: new Parts(),
    engine: { version: '0.0.0', pid: 1, dataFolder: '/data' },
    recovered: () => null,
  });
  const ask = () => {
    clock.pass(1_000);
    return board.status().health.reasons.map(({ message }) => message);
  };
  return { clock, live, ask };
}

it('R67 says that the main thread is late when it was late twice, and not when it was late once', async () => {
  const { clock, live, ask } = await openBoard();
  live.take(agentId, 'worker');
  expect(ask()).toEqual([]);
  clock.fire(900);
  expect(ask()).toEqual([]);
  clock.fire(300);
  expect(ask()).toEqual([expect.stringMatching(/held up for 300 ms, more than once/)]);
  clock.fire(1);
  expect(ask()).toEqual([]);
});

it('R67 looks at the main thread only when somebody asks while there is work, and never twice at once', async () => {
  const { clock, live, ask } = await openBoard();
  ask();
  expect(clock.timers).toBe(0);
  live.take(agentId, 'worker');
  expect(clock.timers).toBe(0);
  ask();
  ask();
  expect(clock.timers).toBe(1);
  clock.fire(0);
  expect(clock.timers).toBe(0);
});

it('R67 says which work does nothing', async () => {
  const engine = await openEngine();
  const work = { agent: { type: 'worker' }, work: { kind: 'prompt' as const, prompt: 'do it', config: {} } };
  await engine.call('enqueueTasks', { tasks: [work] });
  const { task, attempt } = (await engine.launch(0)).request;
  expect((await engine.call('getStatus', {})).health.reasons).toEqual([]);
  await engine.pass(1_000);
  const ids = { taskId: task.id, runId: null, attemptId: attempt.id, agentId: attempt.agentId };
  await engine.store.write((unit) => {
    const at = engine.clock.now();
    const evidence = 'no output';
    const stuck = { kind: 'attempt.stuck', since: at - 300_000, rung: 'notice', evidence } as const;
    return unit.record([{ at, actor: 'engine', ...ids, ...stuck }]).length;
  });
  const { health } = await engine.call('getStatus', {});
  expect(health.reasons.map(({ message }) => message)).toEqual([
    'An attempt of agent worker has done nothing for 5 min (no output).',
  ]);
});
