import type { AgentView } from '../../../src-main/contract/api-agents.ts';
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
