import type { ApiError } from '../contract/errors.ts';
import type { AgentId, TaskId } from '../contract/ids.ts';
import { defaultTimeouts } from '../contract/policies.ts';
import type { Result } from '../contract/result.ts';
import type { Settings } from '../contract/settings.ts';
import type { Activity, Attempt, ProcessIdentity } from '../contract/task.ts';
import { agentFreed, changeAgent } from './agent-lifecycle.ts';
import type { AttemptWrites } from './attempts.ts';
import type { AttemptEnd } from './decide-attempt.ts';
import type { Claim } from './dispatcher.ts';
import type { LiveAttempts } from './live-attempts.ts';
import type {
  AgentLauncher,
  AskedPermission,
  Clock,
  Logger,
  PermissionQuestion,
  Stop,
  Store,
  StoreUnit,
} from './ports.ts';
import type { Watchdog } from './watchdog.ts';
import type { StopCause, WorkerObserver } from './worker.ts';
import { Worker } from './worker.ts';

export interface AttemptRunnerDeps {
  readonly store: Store;
  readonly launcher: AgentLauncher;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly live: LiveAttempts;
  readonly writes: AttemptWrites;
  readonly settings: Settings;
  readonly watchdog: Watchdog;
  /** Something may be claimable now. */
  readonly nudge: () => void;
  /** Puts the question of a live attempt to rules and people. */
  readonly ask: (attempt: Attempt, question: PermissionQuestion) => AskedPermission;
  /** An agent gave a sign of life. */
  readonly beat: (agentId: AgentId) => void;
  /** Called now and then while something is live, with the leases. */
  readonly nowAndThen: () => void;
}

/** How long a result that could not be stored waits for the next try. */
const persistRetryMs = 1_000;

/**
 * Runs claimed attempts: starts their workers, writes what they report, keeps their leases, and gives their slots
 * back. A result that the store refuses to take (a full disk) is kept and written again until it is stored.
 */
export class AttemptRunner {
  readonly #deps: AttemptRunnerDeps;
  /** Stops that were committed together with the claim, before its worker was there. */
  readonly #early = new Map<TaskId, StopCause>();
  #stopLeases: Stop | null = null;
  #closing: StopCause | null = null;

  constructor(deps: AttemptRunnerDeps) {
    this.#deps = deps;
  }

  /** Starts the worker of a committed claim. */
  launch(claim: Claim): void {
    const { live, launcher, clock, settings, beat, watchdog } = this.#deps;
    const { task, attempt, agent, workflow } = claim;
    const activities: Activity[] = [];
    const observer: WorkerObserver = {
      resumed: () => watchdog.look(worker),
      revived: () => watchdog.revived(worker),
      started: (process: ProcessIdentity | null) =>
        this.#write((unit) => this.#deps.writes.started(unit, attempt, process)),
      beat: () => beat(agent.id),
      asked: (question: PermissionQuestion) => this.#deps.ask(attempt, question),
      did: (activity: Activity) => {
        activities.push(activity);
        if (activities.length > 1) return;
        this.#write((unit) => this.#deps.writes.did(unit, attempt, activities.splice(0)));
      },
    };
    const heartbeatMs = settings.heartbeat.intervalMs;
    const job = { task, attempt, agent: agent.definition, workflow, heartbeatMs };
    const worker = new Worker({ launcher, clock, observer }, job);
    live.add(worker);
    watchdog.watch(worker);
    this.#keepLeases();
    void worker.run().then((end) => this.#end(worker, end));
    const early = this.#early.get(task.id) ?? this.#closing;
    this.#early.delete(task.id);
    if (early !== null) worker.stop(early);
  }

  /** Asks the worker of a live task to end its attempt; one that is only just being launched is told then. */
  stopTask(taskId: TaskId, cause: StopCause): void {
    const worker = this.#deps.live.ofTask(taskId);
    if (worker === null) this.#early.set(taskId, cause);
    else worker.stop(cause);
  }

  /** Asks all workers, or those of one agent, to end their attempts. */
  stopAll(cause: StopCause, agentId?: AgentId): void {
    for (const worker of this.#deps.live.workers.values()) {
      if (agentId === undefined || worker.job.agent.id === agentId) worker.stop(cause);
    }
  }

  /** Ends all attempts, now and those whose claim is just being committed. Resolves when the last result is stored. */
  async close(): Promise<void> {
    this.#closing = { kind: 'shutdown' };
    this.stopAll(this.#closing);
    await this.#deps.live.empty();
    this.#stopLeases?.();
    this.#stopLeases = null;
  }

  /** A failed write of something that only informs is logged; the result of the attempt follows in any case. */
  #write(work: (unit: StoreUnit) => Result<null, ApiError>): void {
    this.#deps.store.write(work).catch((error: unknown) => {
      this.#deps.logger.error('A report of an attempt could not be stored.', { error });
    });
  }

  async #end(worker: Worker, end: AttemptEnd): Promise<void> {
    const { live, launcher, logger, nudge } = this.#deps;
    const { agent } = worker.job;
    this.#deps.watchdog.forget(worker);
    const stored = this.#storeEnd(worker, end);
    // The process is gone: the slot can be given away in the very transaction that stores the end, behind it.
    live.free(agent.id, agent.type);
    nudge();
    const drained = await stored;
    live.remove(worker);
    if (!drained) return;
    launcher.stopAgent(agent.id, defaultTimeouts.stopMs).catch((error: unknown) => {
      logger.error('A drained agent could not be stopped.', { agentId: agent.id, error });
    });
  }

  /**
   * Stores a result, however long it takes; an engine that quits tries once, and the next start makes up for it.
   * @returns whether the agent is drained with it.
   */
  async #storeEnd({ job }: Worker, end: AttemptEnd): Promise<boolean> {
    const { store, clock, logger, writes, nudge } = this.#deps;
    const { attempt, agent } = job;
    const good = end.outcome.kind === 'completed';
    for (let isFirstTry = true; ; isFirstTry = false) {
      try {
        const drained = await store.write((unit) => {
          writes.ended(unit, attempt, end);
          const moment = { at: clock.now(), actor: 'engine' as const };
          return agentFreed(unit, agent.id, unit.leaseCount(agent.id), good, moment);
        });
        if (!isFirstTry) nudge();
        return drained;
      } catch (error) {
        logger.error('The result of an attempt could not be stored; it is kept and tried again.', {
          attemptId: attempt.id,
          error,
        });
        if (this.#closing !== null) return false;
        await new Promise<void>((resolve) => clock.after(persistRetryMs, resolve));
      }
    }
  }

  /** One timer for all leases, kept only while there are attempts. */
  #keepLeases(): void {
    const { clock, settings, live } = this.#deps;
    const { intervalMs } = settings.heartbeat;
    const dueAt = clock.monotonic() + intervalMs;
    this.#stopLeases ??= clock.after(intervalMs, () => {
      this.#stopLeases = null;
      if (live.workers.size === 0) return;
      // An engine that stood still has heard nobody: what its agents said meanwhile is only just being read.
      this.#beatLeases(clock.monotonic() - dueAt >= intervalMs);
      this.#deps.nowAndThen();
      this.#keepLeases();
    });
  }

  /** @param trusts whether even those that were silent for too long keep their leases this time. */
  #beatLeases(trusts: boolean): void {
    const { clock, settings, live, store, logger } = this.#deps;
    const { staleMs } = settings.heartbeat;
    const at = clock.now();
    const alive: Worker[] = [];
    for (const worker of live.workers.values()) {
      const silentMs = clock.monotonic() - worker.lastBeat;
      if (trusts || silentMs < staleMs) alive.push(worker);
      else this.#markStale(worker, silentMs);
    }
    const leases = alive.map(({ job }) => ({ attemptId: job.attempt.id, fence: job.attempt.fence }));
    store
      .write((unit) => unit.renewLeases(leases, at + staleMs))
      .catch((error: unknown) => logger.error('Leases could not be renewed.', { error }));
  }

  #markStale(worker: Worker, silentMs: number): void {
    const { store, clock, logger } = this.#deps;
    const agentId = worker.job.agent.id;
    const reason = `no sign of life for ${Math.round(silentMs / 1000)} s`;
    store
      .write((unit) => {
        changeAgent(unit, agentId, 'unhealthy', reason, { at: clock.now(), actor: 'engine' });
        return null;
      })
      .catch((error: unknown) => logger.error('A stale agent could not be marked.', { agentId, error }));
    worker.stop({ kind: 'stale', silentMs });
  }
}
