import type { ApiOutput } from '../contract/api.ts';
import type { CliContext, Reached } from './cli-context.ts';
import { expectOk } from './refused.ts';
import { shortId } from './short-ids.ts';

/** How many runs a sentence names. */
const namedRuns = 3;

/** Says which runs of an earlier engine this process has taken up again. Nothing to say for a guest. */
export async function tellResumed(context: CliContext, reached: Reached): Promise<void> {
  if (reached.role !== 'host') return;
  const { resumedRuns, reapedProcesses } = expectOk(await reached.client.getStatus({}));
  if (resumedRuns.length > 0) {
    const named = resumedRuns.slice(0, namedRuns).map(shortId).join(', ');
    const more = resumedRuns.length > namedRuns ? `, and ${resumedRuns.length - namedRuns} more` : '';
    context.terminal.note(
      `Taken up again from an earlier engine: ${count(resumedRuns.length, 'run')} (${named}${more}).`,
    );
  }
  if (reapedProcesses > 0) {
    context.terminal.note(
      `Ended what an earlier engine had left behind: ${count(reapedProcesses, 'process', 'processes')}.`,
    );
  }
}

/**
 * Says what else is under way when this process is about to end: it is parked, and goes on next time.
 * @param besides whether the caller's own run is still open, and not to be counted
 */
export async function tellParked(context: CliContext, reached: Reached, besides = 0): Promise<void> {
  if (reached.role !== 'host') return;
  const status = expectOk(await reached.client.getStatus({}));
  const words = otherWork(status, besides);
  if (words === null) return;
  context.terminal.note(`Parked: ${words}. Stored, and continued by the next engine; start one with: signalbox engine`);
}

/** @returns null when there is none. */
function otherWork({ runs, tasks }: ApiOutput<'getStatus'>, besides: number): string | null {
  const openRuns = runs.queued + runs.running + runs.waiting - besides;
  if (openRuns > 0) return count(openRuns, 'other run');
  const openTasks = tasks.queued + tasks.claimed + tasks.running;
  return openTasks > 0 && besides === 0 ? count(openTasks, 'task') : null;
}

/** A number with its noun. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}
