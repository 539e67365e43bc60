import type { Run, Stage } from '../../../src-main/contract/run.ts';
import { isRunEnded, isStageEnded } from '../../../src-main/contract/states.ts';

/** What can be asked of a run. */
export type RunAction = 'pause' | 'resume' | 'cancel' | 'rerun';

/** For each change why it is not possible now; null: it is. By the rules that the engine itself decides by. */
export function refusalsOf(run: Run): Readonly<Record<RunAction, string | null>> {
  const ended = isRunEnded(run.state) ? `It is ${run.state} already.` : null;
  const cancelling = run.cancelRequestedAt === null ? null : 'It is being cancelled.';
  const pausing = run.pauseRequestedAt === null ? null : 'It was asked to pause already.';
  return {
    pause: ended ?? cancelling ?? pausing,
    resume: ended ?? cancelling ?? (run.pauseRequestedAt === null ? 'It is not paused.' : null),
    cancel: ended ?? cancelling,
    rerun: ended === null ? 'It has not ended: cancel it, or wait.' : rerunRefusal(run),
  };
}

function rerunRefusal(run: Run): string | null {
  const isComplete = run.stages.every(({ state }) => state === 'completed');
  return isComplete ? 'Every stage completed: select the one to start from.' : null;
}

/** Why a run cannot be rerun from a stage; null: it can. */
export function rerunFromRefusal(run: Run): string | null {
  return isRunEnded(run.state) ? null : 'It has not ended: cancel it, or wait.';
}

/** What was asked and has not come true yet, in the words that stand instead of the state; null: nothing. */
export function requestedWord(run: Run): string | null {
  if (isRunEnded(run.state)) return null;
  if (run.cancelRequestedAt !== null) return 'Cancelling…';
  return run.pauseRequestedAt !== null && run.state !== 'paused' ? 'Pausing…' : null;
}

/** The stage that a person most likely wants to see: one in trouble, else what is under way, else what ended last. */
export function telling(stages: readonly Stage[]): Stage | null {
  const of = (state: Stage['state']) => stages.find((stage) => stage.state === state);
  const ended = stages
    .filter(({ state, endedAt }) => isStageEnded(state) && endedAt !== null)
    .toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0) || b.index - a.index);
  return of('failed') ?? of('waiting') ?? of('running') ?? ended[0] ?? stages[0] ?? null;
}

/** Why a stage ended, or what keeps it from beginning, in a sentence; null: it goes on. */
export function whyEnded(stage: Stage, needs: readonly Stage[]): string | null {
  switch (stage.state) {
    case 'pending': {
      const open = needs.filter(({ state }) => !isStageEnded(state)).map(({ name }) => name);
      if (stage.taskId !== null) return 'Its task waits for an agent.';
      return open.length === 0 ? 'It has not begun.' : `It begins after ${open.join(', ')}.`;
    }
    case 'running':
      return null;
    case 'waiting':
      return 'It waits for your answer.';
    case 'completed':
      return completedBecause(stage);
    case 'failed':
      return stage.tolerated ? 'It failed; its policy lets the others go on.' : 'It failed, and the run with it.';
    case 'skipped':
      return `It was skipped: ${stage.reason ?? 'no reason was given'}.`;
    case 'cancelled':
      return `It was cancelled: ${stage.reason ?? 'no reason was given'}.`;
  }
}

function completedBecause(stage: Stage): string {
  if (stage.inherited) return 'Its outputs were kept from the run that this one reruns.';
  if (stage.approvalId !== null) return 'It was approved.';
  if (stage.gates.length === 0) return 'Its work ended well.';
  const warned = stage.gates.filter(({ passed }) => !passed).length;
  return warned === 0 ? 'Its work ended well, and every gate passed.' : `Its work ended well; ${warned} gates warned.`;
}
