import type { Rows } from '../contract/evolve.ts';
import type { Attempt, Task } from '../contract/task.ts';
import type { AgentSelector } from '../contract/workflow.ts';
import { nameSelector } from './agent-check.ts';
import type { AgentGuard, LiveCounts, SlotLimits } from './agent-roster.ts';
import { freeSlots, matchesSelector, unavailableBecause } from './agent-roster.ts';
import type { StoreReads } from './ports.ts';

/** Why live work stands still: its agent asked a person for something. Null when nothing is asked. */
export function answerBecause(open: readonly Pick<Rows['permission'], 'agentId' | 'title'>[]): string | null {
  const [first] = open;
  if (first === undefined) return null;
  const more = open.length === 1 ? '' : `, and for ${open.length - 1} more`;
  return `agent ${first.agentId} waits for your answer: ${first.title}${more}`;
}

/** Why live work stands still: it does nothing, by what the watchdog saw last. Null when nobody thinks so. */
export function stuckBecause(live: readonly Attempt[]): string | null {
  const stuck = live.findLast((attempt) => attempt.stuck !== null)?.stuck;
  return stuck === undefined || stuck === null ? null : `it does nothing: ${stuck.evidence}`;
}

/** Why a held task waits: it got stuck again, and its run was paused for a person. Null when it was not that. */
export function parkedBecause(task: Task, attempts: readonly Attempt[]): string | null {
  const stuck = attempts.at(-1)?.stuck;
  if (stuck?.rung !== 'park') return null;
  return `its run ${task.runId} is paused, because it got stuck twice in a row: ${stuck.evidence}`;
}

/** What tells whether work could begin now. */
export interface Readiness {
  readonly reads: Pick<StoreReads, 'agents' | 'row'>;
  readonly live: LiveCounts;
  readonly limits: SlotLimits;
  readonly guard: AgentGuard;
  /** Wall clock, ms. */
  readonly now: number;
}

/** The sentence for work that other work must complete before. */
export function needsBecause(noun: 'task' | 'stage', names: readonly string[]): string {
  return `it needs ${names.length === 1 ? noun : `${noun}s`} ${names.join(', ')} to complete first`;
}

/** Why nothing at all begins; null when the engine is not frozen. */
export function frozenBecause(engine: Rows['engine'] | null): string | null {
  return engine?.frozenAt == null ? null : `everything is frozen: ${engine.frozenReason}`;
}

/** Why no agent takes work of a project (or of none) for this selector now, in words; null when one could. */
export function agentsBecause(
  { reads, live, limits, guard, now }: Readiness,
  selector: AgentSelector,
  project: string | null | undefined,
): string | null {
  const matching = reads.agents().filter((agent) => matchesSelector(agent, selector, project));
  if (matching.length === 0) return `no agent matches ${nameSelector(selector)}`;
  if (live.total >= limits.total) return `all ${limits.total} slots are taken`;
  const reasons = matching.map((agent) => {
    const unavailable = unavailableBecause(agent, now, guard);
    if (unavailable !== null) return unavailable;
    return freeSlots(agent, live, limits) > 0 ? null : `agent ${agent.id} has no free slot`;
  });
  return reasons.includes(null) ? null : reasons.join('; ');
}
