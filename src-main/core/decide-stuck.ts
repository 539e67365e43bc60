import type { AgentDefinition } from '../contract/agent.ts';
import type { StuckPolicy, WatchdogRung } from '../contract/policies.ts';
import { watchdogRungs } from '../contract/policies.ts';
import type { ProjectSettings } from '../contract/project.ts';
import type { Settings } from '../contract/settings.ts';
import type { Attempt, ProcessIdentity } from '../contract/task.ts';

/**
 * How far the watchdog is with an attempt. `suspected`: it is about to count as stuck, and its use of the processor is
 * being measured. What comes after `restart` is decided when the attempt has ended.
 */
export type WatchStage = 'active' | 'suspected' | Exclude<WatchdogRung, 'park'>;

/** The longest time over which the use of the processor is measured before an attempt counts as stuck, in ms. */
const longestWindowMs = 2_000;
/** From this share of a core on, in per cent, an attempt that says nothing is taken to be at work. */
export const computingPercent = 5;

/**
 * The policy for attempts of an agent: its own, or else what the settings say for its protocol, with what the project of
 * the work says otherwise.
 */
export function stuckPolicyOf(
  agent: AgentDefinition,
  watchdog: Settings['watchdog'],
  project: ProjectSettings['watchdog'],
): StuckPolicy {
  if (agent.watchdog !== undefined) return agent.watchdog;
  const kind = agent.protocol === 'acp' ? 'agents' : 'commands';
  const own = watchdog[kind];
  const { silentMs, stepMs, upTo } = project?.[kind] ?? {};
  if (silentMs === undefined && stepMs === undefined && upTo === undefined) return own;
  return { silentMs: silentMs ?? own.silentMs, stepMs: stepMs ?? own.stepMs, upTo: upTo ?? own.upTo };
}

/**
 * What the watchdog does next about an attempt, and in how many milliseconds; 0 or less: now.
 * @param silentMs since its last activity.
 * @param stageMs since the watchdog came to this stage.
 * @returns null when there is nothing more to do, as far as the policy goes.
 */
export function decideStuck(
  policy: StuckPolicy,
  at: { readonly stage: WatchStage; readonly silentMs: number; readonly stageMs: number },
): { readonly next: Exclude<WatchStage, 'active'>; readonly inMs: number } | null {
  if (policy.silentMs === 0) return null;
  const windowMs = Math.min(longestWindowMs, Math.floor(policy.silentMs / 2));
  if (at.stage === 'active') return { next: 'suspected', inMs: policy.silentMs - windowMs - at.silentMs };
  if (at.stage === 'suspected') return { next: 'notice', inMs: policy.silentMs - at.silentMs };
  const inMs = policy.stepMs - at.stageMs;
  const last = watchdogRungs.indexOf(policy.upTo);
  if (at.stage === 'notice' && last >= watchdogRungs.indexOf('stop')) return { next: 'stop', inMs };
  if (at.stage === 'stop' && last >= watchdogRungs.indexOf('restart')) return { next: 'restart', inMs };
  return null;
}

/**
 * What speaks for an attempt being stuck, in words: `last activity 62 s ago, process 123 alive, 0.3 % of a core`.
 * @param facts.process null while none is known.
 * @param facts.isThere whether its process was found; null when nobody could look.
 * @param facts.percent of one core; null when it could not be measured.
 */
export function stuckEvidence(facts: {
  readonly silentMs: number;
  readonly process: ProcessIdentity | null;
  readonly isThere: boolean | null;
  readonly percent: number | null;
}): string {
  const { silentMs, process, isThere, percent } = facts;
  const parts = [`last activity ${secondsWords(silentMs)} s ago`];
  if (process === null) parts.push('no process has taken the work yet');
  else if (isThere === null) parts.push(`process ${process.pid}`);
  else parts.push(isThere ? `process ${process.pid} alive` : `process ${process.pid} not found`);
  if (percent !== null) parts.push(`${percent} % of a core${percent >= computingPercent ? ': it computes' : ''}`);
  return parts.join(', ');
}

function secondsWords(ms: number): number {
  return ms < 10_000 ? Math.round(ms / 100) / 10 : Math.round(ms / 1_000);
}

/**
 * Whether the try before this one got stuck too. Tries that were interrupted do not count: nobody judged the work then.
 * @param attempts all of the task, first to last.
 */
export function gotStuckBefore(attempts: readonly Attempt[], number: number): boolean {
  const judged = attempts.filter((attempt) => attempt.number < number && attempt.state !== 'interrupted');
  return judged.at(-1)?.failure?.category === 'stuck';
}
