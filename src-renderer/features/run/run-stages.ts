import type { AgentState } from '../../../src-main/contract/states.ts';
import { isAttemptEnded } from '../../../src-main/contract/states.ts';
import type { Attempt } from '../../../src-main/contract/task.ts';
import type { RunWork } from '../../api/fold-run-work.ts';
import { formatDuration, formatElapsed } from '../../format/duration.ts';
import type { GraphStage } from '../graph/graph-stage.ts';
import { stagesOf } from '../graph/graph-stage.ts';
import { isStuck } from './stuck-words.ts';

/** Agents that have given no sign of life for long are in one of these. */
const troubled: readonly AgentState[] = ['unhealthy', 'crashed'];

/** What a graph shows besides the rows of the run. */
export interface Surroundings {
  /** The state of each agent; a stage whose agent is in trouble is stuck. */
  readonly agents: ReadonlyMap<string, AgentState>;
  /** Stages in which a person is asked something. */
  readonly asking: ReadonlySet<string | null>;
  /** Wall clock, ms: for how long the ones under way have taken. */
  readonly now: number;
}

/** The stages of a run for its graph: the workflow's, with their states. */
export function graphStages(work: RunWork, { agents, asking, now }: Surroundings): GraphStage[] {
  const defined = new Map(stagesOf(work.definition).map((stage) => [stage.name, stage]));
  const attempts = new Map<string, Attempt>();
  for (const attempt of work.attempts) if (attempt.stage !== null) attempts.set(attempt.stage, attempt);
  return work.run.stages.map((stage): GraphStage => {
    const attempt = attempts.get(stage.name);
    const queuedWord = stage.state === 'pending' && stage.taskId !== null ? 'Queued' : undefined;
    return {
      kind: 'run',
      ...defined.get(stage.name),
      name: stage.name,
      needs: stage.needs,
      state: stage.state,
      taskId: stage.taskId ?? undefined,
      attempt: attempt?.number,
      progressText: stage.inherited ? 'kept' : tookWords(stage.startedAt, stage.endedAt, now),
      word: asking.has(stage.name) ? 'Asks you' : queuedWord,
      isStuck:
        attempt !== undefined &&
        !isAttemptEnded(attempt.state) &&
        (isStuck(attempt) || isTroubled(agents.get(attempt.agentId))),
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
