import type { AgentDefinition } from '../contract/agent.ts';
import type { Breaker } from '../contract/breaker.ts';
import { breakerOfAgent, breakerOfProvider } from '../contract/breaker.ts';
import type { Failure } from '../contract/errors.ts';
import type { NewEvent } from '../contract/event.ts';
import type { AttemptId, BreakerId } from '../contract/ids.ts';
import type { Settings } from '../contract/settings.ts';
import type { TaskWork } from '../contract/task.ts';
import type { AttemptEnd } from './decide-attempt.ts';
import type { Moment } from './refusals.ts';

/**
 * What the end of an attempt says to a circuit breaker. `good`: it was answered. `bad`: it failed in a way that speaks
 * against the agent or its provider. `spent`: a quota or a rate limit is used up, so that more work would only meet it
 * too.
 */
export type Verdict = { readonly kind: 'good' } | { readonly kind: 'bad' | 'spent'; readonly failure: Failure };

/** A verdict and the breaker that it is for. */
export interface Judgement {
  readonly breakerId: BreakerId;
  readonly verdict: Verdict;
}

/** However often it has opened in a row, a breaker is not open for longer than this, in ms, unless settings say so. */
const longestOpenMs = 3_600_000;
/** A time that an agent told is believed up to so far ahead, in ms: limits by the week are the longest known. */
const longestToldMs = 8 * 24 * 3_600_000;
/** A told time is not taken for sooner than this, in ms, so that nothing is tried without a pause. */
const shortestToldMs = 1_000;

/**
 * Against whom a failure speaks. `both`: what failed may be the agent's program or the service behind it. `agent`: the
 * program here did not start, died or did not speak as it should; no service makes it do that. `answered`: the agent
 * came to an end by itself; that its answer is not good enough is between the task and its retries, and says that agent
 * and provider work. `nobody`: people, the engine or the task's own surroundings ended it.
 */
const speaksAgainst: Readonly<Record<Failure['category'], 'both' | 'agent' | 'answered' | 'nobody'>> = {
  timeout: 'both',
  exit: 'both',
  agent: 'both',
  stuck: 'both',
  quota: 'both',
  crash: 'agent',
  protocol: 'agent',
  handshake: 'agent',
  spawn: 'agent',
  stale: 'agent',
  gate: 'answered',
  outputs: 'answered',
  folder: 'nobody',
  dependency: 'nobody',
  expression: 'nobody',
  approval: 'nobody',
  engine: 'nobody',
  frozen: 'nobody',
  cancelled: 'nobody',
};

/** What the end of an attempt says of its agent and of the agent's provider. */
export function judgeEnd(
  definition: Pick<AgentDefinition, 'id' | 'protocol' | 'provider'>,
  work: TaskWork,
  end: AttemptEnd,
): readonly Judgement[] {
  const ofAgent = breakerOfAgent(definition.id);
  const ofProvider = definition.provider === undefined ? null : breakerOfProvider(definition.provider);
  const about = (verdict: Verdict, ids: readonly (BreakerId | null)[]) =>
    ids.filter((breakerId) => breakerId !== null).map((breakerId) => ({ breakerId, verdict }));
  const against = whom(definition, work, end);
  if (against === 'nobody') return [];
  if (against === 'answered') return about({ kind: 'good' }, [ofAgent, ofProvider]);
  const { failure } = against;
  // A spent quota is the provider's: its other agents would meet it too.
  if (failure.category === 'quota') return about({ kind: 'spent', failure }, [ofProvider ?? ofAgent]);
  return about({ kind: 'bad', failure }, against.isLocal ? [ofAgent] : [ofAgent, ofProvider]);
}

function whom(
  { protocol }: Pick<AgentDefinition, 'protocol'>,
  work: TaskWork,
  { outcome, exit }: AttemptEnd,
): 'answered' | 'nobody' | { readonly failure: Failure; readonly isLocal: boolean } {
  // What a command of a task does says nothing of the shell that runs it; nor does a command given to other agents.
  if (outcome.kind === 'cancelled' || protocol === 'shell' || work.kind === 'command') return 'nobody';
  if (outcome.kind === 'completed') return 'answered';
  const { failure } = outcome;
  const against = speaksAgainst[failure.category];
  if (against === 'answered' || against === 'nobody') return against;
  // Deaths of a process that stays are counted by its restarts already; work that a person ended says nothing.
  if (failure.category === 'crash' && protocol === 'acp') return 'nobody';
  if (failure.category === 'agent') {
    if (outcome.kind === 'interrupted') return 'nobody';
    // It ended its turn by itself: refused, or at a limit that the task was too large for.
    const stopReason = exit?.stopReason ?? null;
    if (stopReason !== null && stopReason !== 'cancelled') return 'answered';
  }
  return { failure, isLocal: against === 'agent' };
}

/** Whether a breaker holds nothing back and has nothing to forget. */
export function isClean({ state, failuresInRow }: Pick<Breaker, 'state' | 'failuresInRow'>): boolean {
  return state === 'closed' && failuresInRow === 0;
}

/** How many attempts a breaker lets through at once now, those under way included; null: as many as there are slots. */
export function lettingThrough(breaker: Breaker, { successes }: Settings['breaker']): number | null {
  if (breaker.state === 'closed') return null;
  return breaker.state === 'open' ? 0 : Math.max(1, successes - breaker.successesInRow);
}

/**
 * What a verdict does to a breaker; null: nothing. Whatever ends while it is open was begun before, and is no news,
 * unless it tells a later time.
 * @param breaker null before its first failure.
 */
export function decideVerdict(
  breaker: Breaker | null,
  { breakerId, verdict }: Judgement,
  attemptId: AttemptId,
  settings: Settings['breaker'],
  moment: Moment,
): NewEvent | null {
  const state = breaker?.state ?? 'closed';
  if (verdict.kind === 'good') {
    if (breaker === null || isClean(breaker) || state === 'open') return null;
    const closes = state === 'closed' || breaker.successesInRow + 1 >= settings.successes;
    return { ...moment, kind: 'breaker.succeeded', breakerId, attemptId, to: closes ? 'closed' : 'half_open' };
  }
  const failed = { ...moment, kind: 'breaker.failed' as const, breakerId, attemptId, failure: verdict.failure };
  const opened = breaker?.opened ?? 0;
  const waitMs = Math.min(settings.openMs * 2 ** opened, Math.max(settings.openMs, longestOpenMs));
  const told = verdict.kind === 'spent' ? toldTime(verdict.failure, moment.at) : null;
  if (state === 'open') {
    if (told === null || told <= Number(breaker?.retryAt)) return null;
    return { ...failed, to: 'open', retryAt: told };
  }
  const failures = (breaker?.failuresInRow ?? 0) + 1;
  const opens = verdict.kind === 'spent' || state === 'half_open' || failures >= settings.failures;
  if (!opens) return { ...failed, to: 'closed', retryAt: null };
  // A told time is kept to once; when it proved too early, waiting grows as it does without one.
  const retryAt = told !== null && opened === 0 ? told : Math.max(told ?? 0, moment.at + waitMs);
  return { ...failed, to: 'open', retryAt };
}

/** When the agent said that it may be asked again, if that can be; wall clock, ms. */
function toldTime({ retryAt }: Failure, now: number): number | null {
  if (retryAt === undefined || retryAt <= now || retryAt > now + longestToldMs) return null;
  return Math.max(retryAt, now + shortestToldMs);
}

/** What a breaker is of, for a sentence: `agent claude`, `provider anthropic`. */
export function nameOfBreaker(id: BreakerId): string {
  return id.replace(':', ' ');
}

/**
 * Why a breaker lets no more work through, in words; null when it does.
 * @param passing attempts that it has let through and that have not ended.
 * @param now wall clock, ms.
 */
export function heldBecause(
  breaker: Breaker,
  passing: number,
  settings: Settings['breaker'],
  now: number,
): string | null {
  const limit = lettingThrough(breaker, settings);
  if (limit === null || passing < limit) return null;
  const name = nameOfBreaker(breaker.id);
  if (breaker.state === 'half_open') {
    const attempts = limit === 1 ? 'one attempt at a time finds' : `${limit} attempts at a time find`;
    return `the circuit breaker of ${name} is half open: ${attempts} out whether it works again`;
  }
  const since = lengthInWords(now - breaker.stateSince);
  const left = lengthInWords(Number(breaker.retryAt) - now);
  return `the circuit breaker of ${name} has been open for ${since} (${causeOf(breaker)}); it is tried again in ${left}`;
}

const maxCause = 300;

/** What made a breaker open, in a few words. */
export function causeOf({ lastFailure }: Pick<Breaker, 'lastFailure'>): string {
  const message = lastFailure?.message.trim().replace(/\.$/, '') ?? '';
  return message.length > maxCause ? `${message.slice(0, maxCause)}…` : message;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** A length of time in a whole number of a fitting unit; less than none is none. */
export function lengthInWords(ms: number): string {
  if (ms < 2 * minute) return `${Math.max(0, Math.ceil(ms / second))} s`;
  return ms < 2 * hour ? `${Math.round(ms / minute)} min` : `${Math.round(ms / hour)} h`;
}
