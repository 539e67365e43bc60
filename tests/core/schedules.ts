import { onTestFinished } from 'vitest';
import type { ApiInput } from '../../src-main/contract/api.ts';
import type { Firing } from '../../src-main/contract/schedule.ts';
import type { Engine, EngineOptions } from '../support/engine.ts';
import { openEngine, sample } from '../support/engine.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { agentDefinition, stageSpec } from '../support/samples.ts';

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
/** When the clock of these tests begins: a whole hour. */
export const start = Date.UTC(2026, 0, 5, 12);

const longMs = 29 * 24 * hour;
/** Nothing ends by its limits: work ends when the test says so. */
const timeouts = { startMs: longMs, runMs: longMs };
const patience = { silentMs: 0, stepMs: minute, upTo: 'notice' as const };

export const aTask = {
  agent: { type: 'worker' },
  work: { kind: 'prompt' as const, prompt: 'do it', config: {} },
  timeouts,
};

/** A schedule that starts the workflow `sample` every ten minutes. */
export function scheduleInput(change: Partial<ApiInput<'saveSchedule'>> = {}): ApiInput<'saveSchedule'> {
  return {
    id: 'regular',
    title: 'Regular',
    timing: { kind: 'interval', everyMs: 10 * minute },
    start: { kind: 'run', workflow: 'sample' },
    ...change,
  };
}

/** An engine with a workflow of one stage, which waits in a test's hand. */
export function openScheduled(options: EngineOptions = {}): Promise<Engine> {
  return openEngine({
    workflows: [sample(stageSpec('a', { timeouts: { ...timeouts, idleMs: 0, stopMs: second } }))],
    settings: { heartbeat: { intervalMs: hour, staleMs: longMs }, watchdog: { agents: patience, commands: patience } },
    agents: [agentDefinition({ slots: 8 })],
    clock: new ManualClock(start),
    ...options,
  });
}

/** The same folder and clock with another engine, as after a crash. */
export async function restarted(engine: Engine, options: EngineOptions = {}): Promise<Engine> {
  await engine.crash();
  return openScheduled({ folder: engine.folder, clock: engine.clock, ...options });
}

/** What became of a schedule's times, oldest first, in ms after the beginning. */
export async function firingsOf(
  engine: Engine,
  scheduleId = 'regular',
): Promise<readonly (readonly [number, string])[]> {
  return (await allFirings(engine, scheduleId)).map(({ dueAt, outcome }) => [dueAt - start, outcome] as const);
}

export async function allFirings(engine: Engine, scheduleId = 'regular'): Promise<readonly Firing[]> {
  const { firings } = await engine.call('listFirings', { scheduleId, limit: 1_000 });
  return firings.toReversed();
}

/** Checks, at the end of the test, that rows are what their events give. */
export function diagnosedAtEnd(engine: Engine): void {
  onTestFinished(async () => {
    const broken = (await engine.store.diagnose()).filter(({ status }) => status === 'broken');
    if (broken.length > 0) throw new Error(JSON.stringify(broken));
  });
}
