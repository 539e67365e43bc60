import type { ApiOutput } from '../contract/api.ts';
import type { SteadyEngine } from '../reach/steady-engine.ts';
import type { LiveWork } from './quitting.ts';

const reason = 'stopped when Signalbox was quit';

/**
 * What quitting would interrupt.
 * @returns null when nothing is live, when the engine is another process's, and when it does not say.
 */
export async function findLiveWork({
  served,
  state,
}: Pick<SteadyEngine, 'served' | 'state'>): Promise<LiveWork | null> {
  if (state().role !== 'host') return null;
  const answer = await served.call('getStatus', {});
  if (!answer.ok) return null;
  const { runs, slots } = answer.value as ApiOutput<'getStatus'>;
  const work = { runs: runs.running, attempts: slots.used };
  return work.runs === 0 && work.attempts === 0 ? null : work;
}

/** Cancels every run and every task that has not ended. What refuses ends by itself, or is parked. */
export async function cancelWork({ served }: Pick<SteadyEngine, 'served'>): Promise<void> {
  await served.call('changeRuns', {
    select: { filter: { states: ['queued', 'running', 'paused', 'waiting'] } },
    action: 'cancel',
    reason,
  });
  await served.call('changeTasks', {
    select: { filter: { states: ['blocked', 'queued', 'claimed', 'running'] } },
    action: { kind: 'cancel', reason },
  });
}
