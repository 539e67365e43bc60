import type { AgentDefinition } from '../contract/agent.ts';
import type { Failure } from '../contract/errors.ts';
import type { GateResult, WatchdogRung } from '../contract/policies.ts';
import type { Attempt, ProcessIdentity, Task } from '../contract/task.ts';
import type { JsonObject } from '../contract/values.ts';
import { AttemptLimits } from './attempt-limits.ts';
import type { AttemptEnd, AttemptOutcome } from './decide-attempt.ts';
import { checkOutputGate, commandGateResult } from './gates.ts';
import type { AgentLauncher, Clock, LaunchObserver, LaunchResult } from './ports.ts';

/** Why the engine ends an attempt before its own end. */
export type StopCause =
  | { readonly kind: 'cancel'; readonly reason: string }
  | { readonly kind: 'timeout'; readonly which: 'start' | 'run' | 'idle'; readonly limitMs: number }
  | { readonly kind: 'stale'; readonly silentMs: number }
  | StuckCause
  | { readonly kind: 'freeze'; readonly reason: string }
  | { readonly kind: 'agentStopped'; readonly reason: string }
  | { readonly kind: 'shutdown' };

/** It did nothing for too long. `since`: its last activity, wall clock in ms; `upTo`: how far the policy goes. */
export interface StuckCause {
  readonly kind: 'stuck';
  readonly since: number;
  readonly evidence: string;
  readonly upTo: WatchdogRung;
}

/** What a worker is given: a claim that was committed. */
export interface WorkerJob {
  readonly task: Task;
  readonly attempt: Attempt;
  readonly agent: AgentDefinition;
  /** Name of the run's workflow; null for a task that stands alone. */
  readonly workflow: string | null;
  readonly heartbeatMs: number;
}

/** What a worker reports while it runs; each becomes an event. */
export interface WorkerObserver extends Pick<LaunchObserver, 'started' | 'did' | 'beat' | 'asked'> {
  /** Silence counts again: a person has answered. */
  resumed(): void;
  /** Something was done by an attempt that {@link Worker.isSuspected}. */
  revived(): void;
}

/** One leased attempt: watches its limits, checks its gates, and ends it when asked. Its timers end with it. */
export class Worker {
  readonly job: WorkerJob;
  readonly #launcher: AgentLauncher;
  readonly #clock: Clock;
  readonly #observer: WorkerObserver;
  readonly #limits: AttemptLimits;
  #cause: StopCause | null = null;
  #askedFor: StuckCause | null = null;
  #lastBeat: number;
  #lastActive: number;
  #process: ProcessIdentity | null = null;
  #questions = 0;
  #checking = false;
  /** Whether somebody wants to know of its next activity: told once, then they have to ask again. */
  isSuspected = false;
  #stopCurrent: ((graceMs: number) => void) | null = null;

  constructor(deps: { launcher: AgentLauncher; clock: Clock; observer: WorkerObserver }, job: WorkerJob) {
    this.job = job;
    this.#launcher = deps.launcher;
    this.#clock = deps.clock;
    this.#observer = deps.observer;
    this.#lastBeat = deps.clock.monotonic();
    this.#lastActive = this.#lastBeat;
    this.#limits = new AttemptLimits({
      clock: deps.clock,
      timeouts: job.task.spec.timeouts,
      reached: (which, limitMs) => this.stop({ kind: 'timeout', which, limitMs }),
    });
  }

  /** Clock.monotonic() of the last sign of life. While gates are checked that is now: they have limits of their own. */
  get lastBeat(): number {
    return this.#checking ? this.#clock.monotonic() : this.#lastBeat;
  }

  /** Clock.monotonic() of the last time at which it printed or reported something, or got an answer. */
  get lastActive(): number {
    return this.#lastActive;
  }

  /** The process that does the work; null while none is known. */
  get process(): ProcessIdentity | null {
    return this.#process;
  }

  /** Whether silence speaks against it: not while a person has to answer, nor while gates are checked or it is ended. */
  get countsSilence(): boolean {
    const waitsForPerson = this.#questions > 0 && this.#askedFor === null;
    return !this.#checking && !waitsForPerson && this.#cause === null;
  }

  /** A time in which nobody could hear anything, in ms, is no silence. */
  excuse(ms: number): void {
    this.#lastActive = Math.min(this.#lastActive + ms, this.#clock.monotonic());
  }

  /** Launches the attempt. Called once. @returns how it ended; never rejects. */
  async run(): Promise<AttemptEnd> {
    try {
      const result = await this.#launch();
      this.#checking = true;
      const gates = result.outcome === 'completed' ? await this.#checkGates(result.outputs) : [];
      const all = gates.length === this.job.task.spec.gates.length;
      return endOf(result, { results: gates, all }, this.#cause ?? this.#askedFor, this.job.agent);
    } catch (fault) {
      const message = `the attempt ended by a fault of the engine: ${fault instanceof Error ? fault.message : String(fault)}`;
      const failure = { category: 'engine' as const, class: 'unknown' as const, message };
      return { outcome: { kind: 'failed', failure }, exit: null, gates: [] };
    } finally {
      this.#limits.end();
    }
  }

  /** Ends the attempt for a reason. The first reason counts; later calls change nothing. */
  stop(cause: StopCause): void {
    if (this.#cause !== null) return;
    this.#cause = cause;
    this.#end(cause);
  }

  /**
   * Asks the agent to end its turn, and leaves it the time that it would have had. From now on nothing that it does
   * revives it: its turn is over. Its limits hold, and any stop comes before this. Called once, while silence counts.
   */
  askToStop(cause: StuckCause): void {
    this.#askedFor = cause;
    this.#stopCurrent?.(this.job.task.spec.timeouts.runMs);
  }

  /** What is under way now. A stop that came before it could be stopped ends it at once: nobody asks again. */
  #watch(stop: (graceMs: number) => void): void {
    this.#stopCurrent = stop;
    if (this.#cause !== null) this.#end(this.#cause);
  }

  #end(cause: StopCause): void {
    this.#limits.end();
    const atOnce = cause.kind === 'stale' || cause.kind === 'stuck';
    this.#stopCurrent?.(atOnce ? 0 : this.job.task.spec.timeouts.stopMs);
  }

  #wasActive(): void {
    this.#lastActive = this.#clock.monotonic();
    if (!this.isSuspected || this.#askedFor !== null) return;
    this.isSuspected = false;
    this.#observer.revived();
  }

  #launch(): Promise<LaunchResult> {
    this.#limits.starting();
    const launched = this.#launcher.launch(this.job, {
      started: (process) => {
        this.#process = process;
        this.#wasActive();
        if (this.#cause === null) this.#limits.started();
        this.#observer.started(process);
      },
      beat: () => {
        this.#lastBeat = this.#clock.monotonic();
        this.#observer.beat();
      },
      active: () => {
        this.#wasActive();
        this.#limits.active();
      },
      did: (activity) => {
        this.#wasActive();
        this.#observer.did(activity);
      },
      asked: (question) => {
        this.#wasActive();
        this.#questions += 1;
        this.#limits.suspend();
        const asked = this.#observer.asked(question);
        void asked.verdict.then(() => this.#answered());
        return asked;
      },
    });
    this.#watch((graceMs) => launched.stop(graceMs));
    return launched.result;
  }

  #answered(): void {
    this.#questions -= 1;
    this.#limits.resume();
    this.#wasActive();
    this.#observer.resumed();
  }

  async #checkGates(outputs: JsonObject): Promise<GateResult[]> {
    const results: GateResult[] = [];
    this.#limits.ignoreIdle();
    for (const gate of this.job.task.spec.gates) {
      if (this.#cause !== null) break;
      if (gate.kind === 'output') {
        results.push(checkOutputGate(gate, outputs));
        continue;
      }
      const command = this.#launcher.runGateCommand(this.job, gate.argv, gate.timeoutMs);
      this.#watch((graceMs) => command.stop(graceMs));
      const result = await command.result;
      // Killed by our own stop, it found nothing; one that had passed by then did.
      if (this.#cause !== null && result.exitCode !== 0) break;
      results.push(commandGateResult(gate, result));
    }
    return results;
  }
}

/**
 * What an attempt's end means. A result that came before a cancel, a freeze or a quit took effect counts: the work is
 * done. After a time-out or without signs of life it does not: then the result is late.
 */
function endOf(
  result: LaunchResult,
  gates: { readonly results: readonly GateResult[]; readonly all: boolean },
  cause: StopCause | null,
  agent: AgentDefinition,
): AttemptEnd {
  const own = { outcome: outcomeOfResult(result, gates.results, agent), exit: result.exit, gates: gates.results };
  if (cause === null) return own;
  const late = cause.kind === 'timeout' || cause.kind === 'stale';
  if (own.outcome.kind === 'completed' && gates.all && !late) return own;
  return { ...own, outcome: outcomeOfStop(cause) };
}

function outcomeOfResult(result: LaunchResult, gates: readonly GateResult[], agent: AgentDefinition): AttemptOutcome {
  switch (result.outcome) {
    case 'completed': {
      const failed = gates.find((gate) => !gate.passed && gate.level === 'blocking');
      if (failed === undefined) return { kind: 'completed', outputs: result.outputs };
      return { kind: 'failed', failure: { category: 'gate', class: 'unknown', message: failed.message } };
    }
    case 'failed':
      // Passing trouble of the engine itself (its agent host died, it is being closed) is no fault of the work.
      if (result.failure.category === 'engine' && result.failure.class === 'transient')
        return { kind: 'interrupted', by: 'engine', counts: true, failure: result.failure };
      return { kind: 'failed', failure: result.failure };
    case 'died':
      return { kind: 'interrupted', by: 'agent', counts: true, failure: result.failure };
    case 'stopped':
      return {
        kind: 'interrupted',
        by: 'agent',
        counts: true,
        failure: failureOf('agent', `agent ${agent.id} stopped the work without being asked to`),
      };
  }
}

function failureOf(category: Failure['category'], message: string, remedy?: string): Failure {
  return { category, class: 'transient', message, ...(remedy === undefined ? {} : { remedy }) };
}

const limitNames = {
  start: { what: 'was not ready', setting: 'timeout.start' },
  run: { what: 'did not end', setting: 'timeout.run' },
  idle: { what: 'showed no activity', setting: 'timeout.idle' },
} as const;

function outcomeOfStop(cause: StopCause): AttemptOutcome {
  switch (cause.kind) {
    case 'cancel':
      return { kind: 'cancelled', reason: cause.reason };
    case 'timeout': {
      const { what, setting } = limitNames[cause.which];
      const message = `the attempt ${what} within ${cause.limitMs / 1000} s (${setting}) and was stopped`;
      return {
        kind: 'timedOut',
        failure: failureOf('timeout', message, `Raise ${setting}, or find what it waits for in its log.`),
      };
    }
    case 'stale': {
      const message = `no sign of life for ${Math.round(cause.silentMs / 1000)} s; the process was killed and the task released`;
      return { kind: 'interrupted', by: 'stale', counts: true, failure: failureOf('stale', message) };
    }
    case 'stuck': {
      const message = `it was stuck and was stopped: ${cause.evidence}`;
      const remedy =
        'Find what it waits for in its log; where long silence is normal, give its agent a longer watchdog.';
      const { since, evidence } = cause;
      const failure = failureOf('stuck', message, remedy);
      return { kind: 'stuck', since, evidence, parks: cause.upTo === 'park', failure };
    }
    case 'freeze':
      return {
        kind: 'interrupted',
        by: 'freeze',
        counts: false,
        failure: failureOf('frozen', `frozen: ${cause.reason}`),
      };
    case 'agentStopped':
      return { kind: 'interrupted', by: 'agent', counts: false, failure: failureOf('agent', cause.reason) };
    case 'shutdown':
      return {
        kind: 'interrupted',
        by: 'engine',
        counts: false,
        failure: failureOf('engine', 'the engine was stopped; the task goes on at the next start'),
      };
  }
}
