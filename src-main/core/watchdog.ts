import type { StuckPolicy } from '../contract/policies.ts';
import type { Settings } from '../contract/settings.ts';
import type { AttemptWrites } from './attempts.ts';
import type { WatchStage } from './decide-stuck.ts';
import { computingPercent, decideStuck, stuckEvidence, stuckPolicyOf } from './decide-stuck.ts';
import type { AgentLauncher, Clock, Logger, Stop, Store, StoreUnit } from './ports.ts';
import type { Projects } from './ports-projects.ts';
import { Turnover } from './turnover.ts';
import type { StuckCause, Worker } from './worker.ts';

export interface WatchdogDeps {
  readonly store: Pick<Store, 'write'>;
  readonly launcher: Pick<AgentLauncher, 'processorTime'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly writes: Pick<AttemptWrites, 'stuck' | 'unstuck'>;
  /** What holds now. */
  readonly settings: Pick<Settings, 'watchdog'>;
  readonly projects: Pick<Projects, 'settingsOf'>;
}

/** A timer that comes later than this lost time: the machine slept, or had none for us. Then nobody could be heard. */
const lateMs = 1_000;
/** A look at the processor's use that takes longer is not waited for. */
const measureMs = 1_000;

/** What the watchdog knows of an attempt that has been silent for a while. */
interface Case {
  stage: Exclude<WatchStage, 'active'>;
  /** Clock.monotonic() at which it came to that stage. */
  stageAt: number;
  /** Whether a look or a write of the last step is under way. */
  isBusy: boolean;
  /** Whether the attempt was flagged. */
  isFlagged: boolean;
  /** Whether the flag says that it computes. */
  saysComputing: boolean;
  /** Processor time at the last look; null when it was not known. */
  spent: { readonly at: number; readonly ms: number } | null;
}

/**
 * Watches for attempts that do nothing, and goes with them from rung to rung as far as their policy lets it. Being
 * active costs an attempt a number in its worker; here there is one timer, set to the next moment that can matter, and
 * none while nothing is live. Durations are of the monotonic clock, and time in which the machine slept does not count.
 */
export class Watchdog {
  readonly #deps: WatchdogDeps;
  #watched = new Set<Worker>();
  readonly #turnover = new Turnover();
  readonly #cases = new Map<Worker, Case>();
  #timer: { readonly at: number; readonly stop: Stop } | null = null;

  constructor(deps: WatchdogDeps) {
    this.#deps = deps;
  }

  /** An attempt is being launched. */
  watch(worker: Worker): void {
    this.#watched.add(worker);
    this.look(worker);
  }

  /** It has ended. */
  forget(worker: Worker): void {
    this.#watched.delete(worker);
    if (this.#turnover.leave()) this.#watched = new Set(this.#watched);
    this.#cases.delete(worker);
    if (this.#watched.size > 0) return;
    this.#timer?.stop();
    this.#timer = null;
  }

  /** Silence of this attempt counts again; without one: policies may have changed. */
  look(worker?: Worker): void {
    const next = worker === undefined ? this.#lookAtAll() : this.#lookAt(worker);
    if (next < (this.#timer?.at ?? Number.POSITIVE_INFINITY)) this.#setTimer(next);
  }

  /** A suspected attempt did something. */
  revived(worker: Worker): void {
    const found = this.#cases.get(worker);
    this.#cases.delete(worker);
    if (found?.isFlagged === true) {
      void this.#write(worker, (unit) => this.#deps.writes.unstuck(unit, worker.job.attempt));
    }
    this.look(worker);
  }

  #setTimer(at: number): void {
    this.#timer?.stop();
    const { clock } = this.#deps;
    const stop = clock.after(at - clock.monotonic(), () => this.#wake(at));
    this.#timer = { at, stop };
  }

  #wake(at: number): void {
    this.#timer = null;
    const lostMs = this.#deps.clock.monotonic() - at;
    if (lostMs > lateMs) this.#excuse(lostMs);
    const next = this.#lookAtAll();
    if (next < Number.POSITIVE_INFINITY) this.#setTimer(next);
  }

  #excuse(lostMs: number): void {
    for (const worker of this.#watched) worker.excuse(lostMs);
    for (const found of this.#cases.values()) found.stageAt += lostMs;
  }

  #lookAtAll(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const worker of this.#watched) next = Math.min(next, this.#lookAt(worker));
    return next;
  }

  /** @returns Clock.monotonic() of the next moment that can matter to it; infinite when only others can tell. */
  #lookAt(worker: Worker): number {
    const found = this.#cases.get(worker);
    if (!worker.countsSilence || found?.isBusy === true) return Number.POSITIVE_INFINITY;
    const { settings, projects } = this.#deps;
    const { agent, task } = worker.job;
    const policy = stuckPolicyOf(agent, settings.watchdog, projects.settingsOf(task.spec.project).watchdog);
    const now = this.#deps.clock.monotonic();
    const step = decideStuck(policy, {
      stage: found?.stage ?? 'active',
      silentMs: now - worker.lastActive,
      stageMs: now - (found?.stageAt ?? now),
    });
    if (step === null) return Number.POSITIVE_INFINITY;
    if (step.inMs > 0) return now + step.inMs;
    void this.#step(worker, found ?? this.#suspect(worker, now), step.next, policy);
    return Number.POSITIVE_INFINITY;
  }

  #suspect(worker: Worker, now: number): Case {
    worker.isSuspected = true;
    const made: Case = {
      stage: 'suspected',
      stageAt: now,
      isBusy: false,
      isFlagged: false,
      saysComputing: false,
      spent: null,
    };
    this.#cases.set(worker, made);
    return made;
  }

  /** Comes to the next stage with an attempt, unless it does something meanwhile. Never rejects. */
  async #step(worker: Worker, found: Case, next: Case['stage'], policy: StuckPolicy): Promise<void> {
    found.isBusy = true;
    const isCurrent = () => this.#cases.get(worker) === found && worker.countsSilence;
    const { percent, isThere } = await this.#measure(worker, found);
    if (isCurrent()) {
      const isComputing = percent !== null && percent >= computingPercent;
      // Asked to stop, it is past that: whatever it computes then, its turn is over.
      const isHeld = next === 'stop' && isComputing;
      const stage = isHeld ? 'notice' : next;
      const now = this.#deps.clock.monotonic();
      Object.assign(found, { stage, stageAt: now });
      if (stage !== 'suspected' && !(isHeld && found.saysComputing)) {
        const silentMs = now - worker.lastActive;
        const since = Math.max(0, Math.round(this.#deps.clock.now() - silentMs));
        const evidence = stuckEvidence({ silentMs, process: worker.process, isThere, percent });
        Object.assign(found, { isFlagged: true, saysComputing: isComputing });
        await this.#write(worker, (unit) =>
          this.#deps.writes.stuck(unit, worker.job.attempt, { since, rung: stage, evidence }),
        );
        if (isCurrent()) carryOut(worker, stage, { kind: 'stuck', since, evidence, upTo: policy.upTo });
      }
    }
    found.isBusy = false;
    if (this.#watched.has(worker)) this.look(worker);
  }

  /** What the attempt's processes used of a core since the last look, in per cent. */
  async #measure(
    worker: Worker,
    found: Case,
  ): Promise<{ readonly percent: number | null; readonly isThere: boolean | null }> {
    if (worker.process === null) return { percent: null, isThere: null };
    const { launcher, clock } = this.#deps;
    const look = launcher.processorTime(worker.job.attempt.id, worker.process);
    const { promise: tooLong, resolve } = Promise.withResolvers<undefined>();
    const stop = clock.after(measureMs, () => resolve(undefined));
    const ms = await Promise.race([look, tooLong]);
    stop();
    const before = found.spent;
    const at = clock.monotonic();
    found.spent = typeof ms === 'number' ? { at, ms } : null;
    if (found.spent === null) return { percent: null, isThere: ms === undefined ? null : false };
    if (before === null || at <= before.at) return { percent: null, isThere: true };
    const share = Math.max(0, found.spent.ms - before.ms) / (at - before.at);
    return { percent: Math.round(share * 1_000) / 10, isThere: true };
  }

  /** A step that cannot be stored is logged, and taken all the same: what is stuck must end also on a full disk. */
  async #write(worker: Worker, work: (unit: StoreUnit) => ReturnType<AttemptWrites['stuck']>): Promise<void> {
    await this.#deps.store.write(work).catch((error: unknown) => {
      const { id: attemptId } = worker.job.attempt;
      this.#deps.logger.error('What the watchdog found could not be stored.', { attemptId, error });
    });
  }
}

function carryOut(worker: Worker, stage: Case['stage'], cause: StuckCause): void {
  if (stage === 'stop') worker.askToStop(cause);
  if (stage === 'restart') worker.stop(cause);
}
