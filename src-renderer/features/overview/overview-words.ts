import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import type { Health } from '../../../src-main/contract/api-engine.ts';
import type { RunSummary } from '../../../src-main/contract/api-runs.ts';
import type { StageState } from '../../../src-main/contract/states.ts';
import { formatCounted } from '../../format/amount.ts';

/** Agents that a person has to look after, those that are dead first. */
export function agentsInTrouble(agents: readonly AgentView[]): readonly AgentView[] {
  return agents
    .filter(({ state }) => state === 'crashed' || state === 'unhealthy')
    .sort((a, b) => Number(b.state === 'crashed') - Number(a.state === 'crashed') || a.stateSince - b.stateSince);
}

/** Which stage a track says aloud: what waits for a person before what runs before what comes next. */
export function stageToName(
  stages: readonly { readonly name: string; readonly state: StageState }[],
): { readonly name: string; readonly state: StageState } | null {
  const order: readonly StageState[] = ['waiting', 'running', 'failed', 'pending'];
  for (const wanted of order) {
    const stage = stages.find(({ state }) => state === wanted);
    if (stage !== undefined) return stage;
  }
  return null;
}

/** How far a track is, in words for those who do not see it: "3 of 7 stages ended, testing running". */
export function trackWords(stages: readonly { readonly name: string; readonly state: StageState }[]): string {
  const ended = stages.filter(({ state }) => ['completed', 'failed', 'skipped', 'cancelled'].includes(state)).length;
  const current = stageToName(stages);
  const now = current === null || current.state === 'pending' ? '' : `, ${current.name} ${current.state}`;
  return `${ended} of ${formatCounted(stages.length, 'stage')} ended${now}`;
}

/** Runs that failed among those that ended. */
export function failedAmong(finished: readonly RunSummary[]): readonly RunSummary[] {
  return finished.filter(({ state }) => state === 'failed');
}

/** What ended, in words: "4 completed, 1 failed". */
export function endedWords(finished: readonly RunSummary[]): string {
  const counts = (['completed', 'failed', 'cancelled'] as const).map(
    (state) => [state, finished.filter((run) => run.state === state).length] as const,
  );
  return counts
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}

/** A reason of the engine why it is not healthy. */
export type Reason = Health['reasons'][number];

/** Where a reason can be looked into, by what it says; null: nowhere but in its own words. */
export function placeOfReason({ message }: Reason): string | null {
  const agent = /^Agent ([a-z0-9_-]+) /.exec(message)?.[1];
  if (agent !== undefined) return `/agents/${agent}`;
  return reasonPlaces.find(([pattern]) => pattern.test(message))?.[1] ?? null;
}

const reasonPlaces: readonly (readonly [pattern: RegExp, place: string])[] = [
  [/dead letter/, '/queue/dead'],
  [/^All \d+ slots/, '/settings/limits'],
  [/^Work has been ready/, '/queue'],
  [/^The disk/, '/settings/doctor'],
];

/** What the engine's reasons do not say already, so that nothing is said twice. */
export interface Unsaid {
  /** Reasons that have no line of their own: a freeze has one, with the button that ends it. */
  readonly reasons: readonly Reason[];
  readonly agents: readonly AgentView[];
  readonly hasDeadLetters: boolean;
}

/** Splits what needs a person into what the engine says and what it has not said yet. */
export function unsaid(
  reasons: readonly Reason[],
  agents: readonly AgentView[],
  { deadTasks, isFrozen }: { readonly deadTasks: number; readonly isFrozen: boolean },
): Unsaid {
  const places = new Set(reasons.map(placeOfReason));
  return {
    reasons: reasons.filter(({ message }) => !(isFrozen && message.startsWith('Everything is frozen'))),
    agents: agentsInTrouble(agents).filter(({ id }) => !places.has(`/agents/${id}`)),
    hasDeadLetters: deadTasks > 0 && !places.has('/queue/dead'),
  };
}
