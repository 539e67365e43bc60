import type { ApiError } from '../contract/errors.ts';
import type { NewEvent } from '../contract/event.ts';
import type { AgentId, AttemptId, RunId, TaskId } from '../contract/ids.ts';
import type { Actor } from '../contract/values.ts';

/** Who decides something and when; every decision gets it, so that none asks the time itself. */
export interface Moment {
  /** Wall clock, milliseconds since the epoch. */
  readonly at: number;
  readonly actor: Actor;
}

/** What a refused command was about; absent ids are unknown or do not apply. */
export interface RefusalSubject {
  readonly runId?: RunId | null;
  readonly taskId?: TaskId | null;
  readonly attemptId?: AttemptId | null;
  readonly agentId?: AgentId | null;
}

/** The record of something that was refused: nothing changed, and the audit says why. */
export function commandRefused(moment: Moment, command: string, error: ApiError, subject: RefusalSubject): NewEvent {
  return {
    ...moment,
    kind: 'command.refused',
    command,
    error,
    runId: subject.runId ?? null,
    taskId: subject.taskId ?? null,
    attemptId: subject.attemptId ?? null,
    agentId: subject.agentId ?? null,
  };
}
