import type { Event } from '../contract/event.ts';
import { evolveRun } from '../contract/evolve-run.ts';
import type { Run } from '../contract/run.ts';
import { shortId } from './short-ids.ts';

/** What is known of the work on one stage, besides its row. */
export interface StageWork {
  readonly agentId: string | null;
  /** Number of the attempt of now; 0 before the first. */
  readonly attempt: number;
  /** What the agent does now, in its own words; null when nothing is known. */
  readonly doing: string | null;
  /** Why the last attempt gave the task back, and when it is tried again; null when it did not. */
  readonly released: { readonly reason: string; readonly availableAt: number } | null;
}

/** A run as a terminal shows it: folded from its events, from nothing. */
export interface RunProgress {
  /** Null before the first event. */
  readonly run: Run | null;
  readonly work: ReadonlyMap<string, StageWork>;
  /** The open question of a stage that waits for a person, by stage. */
  readonly questions: ReadonlyMap<string, { readonly approvalId: string; readonly question: string }>;
  readonly lastSeq: number;
}

export const noProgress: RunProgress = { run: null, work: new Map(), questions: new Map(), lastSeq: 0 };

const noWork: StageWork = { agentId: null, attempt: 0, doing: null, released: null };

/** Folds an event of the run, of its tasks or of its attempts into what the terminal shows. */
export function foldProgress(progress: RunProgress, event: Event): RunProgress {
  const run = evolveRun(progress.run, event);
  const next = { ...progress, run, lastSeq: event.seq };
  switch (event.kind) {
    case 'task.claimed':
      if (event.stage === null) return next;
      return withWork(next, event.stage, {
        agentId: event.agentId,
        attempt: event.number,
        doing: null,
        released: null,
      });
    case 'attempt.did':
      return withWork(next, stageOf(run, event.taskId), doingOf(event.activity));
    case 'permission.requested':
      return withWork(next, event.stage, {
        doing: `asks you: ${event.title} (approve ${shortId(event.permissionId)})`,
      });
    case 'permission.answered':
    case 'attempt.ended':
      return withWork(next, stageOf(run, event.taskId), { doing: null });
    case 'task.released': {
      const { reason, availableAt } = event;
      return withWork(next, stageOf(run, event.taskId), { released: { reason, availableAt } });
    }
    case 'approval.requested': {
      const { approvalId, question } = event;
      return { ...next, questions: new Map(progress.questions).set(event.stage, { approvalId, question }) };
    }
    case 'approval.answered': {
      const questions = new Map(progress.questions);
      questions.delete(event.stage);
      return { ...next, questions };
    }
    default:
      return next;
  }
}

/** Null when the activity says nothing about what is being done. */
function doingOf(activity: Extract<Event, { kind: 'attempt.did' }>['activity']): Partial<StageWork> | null {
  switch (activity.kind) {
    case 'thinking':
      return { doing: 'thinking' };
    case 'toolCallStarted':
      return { doing: activity.title };
    case 'replied':
      return { doing: 'answering' };
    default:
      return null;
  }
}

function stageOf(run: Run | null, taskId: string): string | null {
  return run?.stages.find((stage) => stage.taskId === taskId)?.name ?? null;
}

function withWork(progress: RunProgress, stage: string | null, change: Partial<StageWork> | null): RunProgress {
  if (stage === null || change === null) return progress;
  const work = new Map(progress.work);
  work.set(stage, { ...noWork, ...work.get(stage), ...change });
  return { ...progress, work };
}
