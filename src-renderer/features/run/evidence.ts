import type { Run } from '../../../src-main/contract/run.ts';
import { isAttemptEnded, isRunEnded } from '../../../src-main/contract/states.ts';
import type { Attempt, Task } from '../../../src-main/contract/task.ts';
import { formatElapsed } from '../../format/duration.ts';
import { isStuck, stuckTitle } from './stuck-words.ts';

/** What is known of a live attempt besides its row. */
export interface Sign {
  /** When its log last grew, ms; null: nothing was printed, or it is not known yet. */
  readonly lastOutputAt: number | null;
  /** When its agent last beat, ms; null: its protocol has no beats. */
  readonly heartbeatAt: number | null;
}

/** What a state is made evident by: the rows, the signs of life, and what waiting tasks wait for. */
export interface Known {
  readonly tasks: readonly Pick<Task, 'id' | 'spec'>[];
  readonly attempts: readonly Attempt[];
  readonly signs: ReadonlyMap<string, Sign>;
  /** Why its first waiting task waits, in the engine's words; null: none does. */
  readonly waitingBecause: string | null;
  /** What agents in it ask a person now, how many questions. */
  readonly asked: number;
}

/** Attempts that have not ended. */
export function liveOf(attempts: readonly Attempt[]): readonly Attempt[] {
  return attempts.filter(({ state }) => !isAttemptEnded(state));
}

/** By what one can see that a run is in the state that it says, in few words: `last output 42 s ago · PID 123 alive`. */
export function runEvidence(run: Run, known: Known, now: number): string {
  if (isRunEnded(run.state)) return endedEvidence(run);
  const live = liveOf(known.attempts);
  if (live.length > 0) return liveEvidence(live, known, now);
  if (run.state === 'paused') return 'nothing is under way; it goes on when you resume it';
  if (run.state === 'waiting') return `waits for the ${run.waitingFor ?? 'answer of a person'}`;
  if (known.waitingBecause !== null) return `waits: ${known.waitingBecause}`;
  return run.state === 'queued' ? 'waits for its turn' : 'its next stage is about to begin';
}

function endedEvidence(run: Run): string {
  if (run.state === 'failed') {
    const failed = run.stages.filter(({ state, tolerated }) => state === 'failed' && !tolerated);
    return failed.length === 0 ? '' : `stage ${failed.map(({ name }) => name).join(', ')} failed`;
  }
  if (run.state === 'cancelled') return run.cancelReason ?? '';
  const count = (state: Run['stages'][number]['state']) => run.stages.filter((stage) => stage.state === state).length;
  const skipped = count('skipped');
  return `${count('completed')} of ${run.stages.length} stages completed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

/** The signs of attempts that go on; of many the freshest sign, and how many there are. */
export function liveEvidence(live: readonly Attempt[], known: Known, now: number): string {
  const [only] = live;
  if (only === undefined) return '';
  const parts = [
    stuckWords(live, now),
    askedWords(known.asked),
    outputWords(live, known.signs, now),
    // Who waits for an answer is not expected to show more than that it is there.
    known.asked > 0 ? null : heartbeatWords(live, known.signs, now),
    processWords(live),
  ];
  parts.push(live.length === 1 ? attemptWords(only, known.tasks) : `${live.length} attempts under way`);
  return parts.filter((part) => part !== null).join(' · ');
}

/** `attempt 2 of 3`: of how many its policy lets it have. */
export function attemptWords(attempt: Attempt, tasks: Known['tasks']): string {
  const most = tasks.find(({ id }) => id === attempt.taskId)?.spec.retry.maxAttempts;
  const isKnown = most !== undefined && attempt.number <= most;
  return isKnown ? `attempt ${attempt.number} of ${most}` : `attempt ${attempt.number}`;
}

/** Nobody who looks at a run that goes nowhere should have to open a stage to be told. */
function stuckWords(live: readonly Attempt[], now: number): string | null {
  const stuck = live.filter(isStuck);
  const [first] = stuck;
  if (first?.stuck == null) return null;
  const where = first.stage === null || live.length === 1 ? '' : `${first.stage} `;
  const words = `${where}${stuckTitle(first.stuck.since, now).toLowerCase()}`;
  return stuck.length === 1 ? words : `${words}, and ${stuck.length - 1} more`;
}

function askedWords(asked: number): string | null {
  if (asked === 0) return null;
  return asked === 1 ? 'an agent waits for your answer' : `${asked} questions of agents wait for your answer`;
}

function outputWords(live: readonly Attempt[], signs: Known['signs'], now: number): string {
  const last = newest(live.map(({ id }) => signs.get(id)?.lastOutputAt ?? null));
  return last === null ? 'no output yet' : `last output ${formatElapsed(now - last)} ago`;
}

function heartbeatWords(live: readonly Attempt[], signs: Known['signs'], now: number): string | null {
  const last = newest(live.map(({ id }) => signs.get(id)?.heartbeatAt ?? null));
  return last === null ? null : `heartbeat ${formatElapsed(now - last)} ago`;
}

/** The engine ends an attempt whose process has gone, so the process of a live one is there. */
function processWords(live: readonly Attempt[]): string | null {
  const pids = live.flatMap(({ process }) => (process === null ? [] : [process.pid]));
  if (pids.length === 0) return live.every(({ state }) => state === 'starting') ? 'its agent is starting' : null;
  const shown = pids.slice(0, 3).join(', ');
  const rest = pids.length > 3 ? ` and ${pids.length - 3} more` : '';
  return `PID ${shown}${rest} alive`;
}

function newest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.max(...known);
}
