import type { AgentState } from '../../../src-main/contract/states.ts';
import { isAttemptEnded } from '../../../src-main/contract/states.ts';
import type { Attempt } from '../../../src-main/contract/task.ts';
import type { RunWork } from '../../api/fold-run-work.ts';
import { formatDuration, formatElapsed } from '../../format/duration.ts';
import type { GraphStage } from '../graph/graph-stage.ts';
import { stagesOf } from '../graph/graph-stage.ts';

/** Agents that have given no sign of life for long are in one of these. */
const troubled: readonly AgentState[] = ['unhealthy', 'crashed'];

/**
 * The stages of a run for its graph: the workflow's, with their states.
 * @param agents the state of each agent; a stage whose agent is in trouble is stuck.
 * @param now wall clock, ms, for how long the ones under way have taken.
 */
export function graphStages(work: RunWork, agents: ReadonlyMap<string, AgentState>, now: number): GraphStage[] {
  const defined = new Map(stagesOf(work.definition).map((stage) => [stage.name, stage]));
  const attempts = new Map<string, Attempt>();
  for (const attempt of work.attempts) if (attempt.stage !== null) attempts.set(attempt.stage, attempt);
  return work.run.stages.map((stage): GraphStage => {
    const attempt = attempts.get(stage.name);
    const isQueued = stage.state === 'pending' && stage.taskId !== null;
    return {
      kind: 'run',
      ...defined.get(stage.name),
      name: stage.name,
      needs: stage.needs,
      state: stage.state,
      taskId: stage.taskId ?? undefined,
      attempt: attempt?.number,
      progressText: stage.inherited ? 'kept' : tookWords(stage.startedAt, stage.endedAt, now),
      word: isQueued ? 'Queued' : undefined,
      isStuck: attempt !== undefined && !isAttemptEnded(attempt.state) && isTroubled(agents.get(attempt.agentId)),
    };
  });
}

function isTroubled(state: AgentState | undefined): boolean {
  return state !== undefined && troubled.includes(state);
}

function tookWords(startedAt: number | null, endedAt: number | null, now: number): string | undefined {
  if (startedAt === null) return undefined;
  return endedAt === null ? formatElapsed(now - startedAt) : formatDuration(endedAt - startedAt);
}
