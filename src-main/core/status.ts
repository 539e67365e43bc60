import type { ApiOutput } from '../contract/api.ts';
import type { Rows } from '../contract/evolve.ts';
import type { Settings } from '../contract/settings.ts';
import type { Task } from '../contract/task.ts';
import { matchesSelector } from './agent-roster.ts';
import type { Breakers } from './breakers.ts';
import { judgeHealth } from './health.ts';
import type { LiveAttempts } from './live-attempts.ts';
import type { Parts } from './parts.ts';
import type { Clock, Machine, Store } from './ports.ts';
import type { Recovered } from './recovery.ts';

export interface StatusDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly live: LiveAttempts;
  readonly breakers: Pick<Breakers, 'notClosed'>;
  readonly settings: Settings;
  readonly machine: Pick<Machine, 'freeBytes'>;
  readonly parts: Pick<Parts, 'troubles'>;
  readonly engine: { readonly version: string; readonly pid: number; readonly dataFolder: string };
  /** What the start found; null before it is known. */
  readonly recovered: () => (Recovered & { readonly startedAt: number }) | null;
}

type Status = ApiOutput<'getStatus'>;

/** How long what costs more than a look at a counter is told again, in ms: windows ask several times a second. */
const keptMs = 1_000;
/** How long the disk's free space is taken to be the same, in ms. */
const diskKeptMs = 30_000;
/** A timer of so many ms tells by how much more it took how late the main thread is. */
const probeMs = 20;
/** How many lanes of the queue are looked at; each holds work for other agents. */
const maxLanes = 20;

/** How the engine is. Costs a few looks at counters, however often it is asked and whatever is stored. */
export class StatusBoard {
  readonly #deps: StatusDeps;
  #kept: { readonly until: number; readonly value: Pick<Status, 'failedToday' | 'health' | 'database'> } | null = null;
  #freeBytes: number | null = null;
  #diskAskedAt = Number.NEGATIVE_INFINITY;
  /** How late the last two timers were, in ms. */
  #late: readonly number[] = [];
  #isMeasuring = false;

  constructor(deps: StatusDeps) {
    this.#deps = deps;
  }

  status(): Status {
    const { store, live, settings, engine } = this.#deps;
    const { reads } = store;
    const recovered = this.#deps.recovered();
    return {
      ...engine,
      startedAt: recovered?.startedAt ?? 0,
      lastSeq: reads.lastSeq(),
      frozen: frozenBy(reads.row('engine', 'engine')),
      slots: { used: live.total, total: settings.slots.total },
      runs: { ...reads.countRuns() },
      tasks: { ...reads.countTasks() },
      agents: { ...reads.countAgents() },
      questions: { approvals: reads.countOpenApprovals(), permissions: reads.countOpenPermissions() },
      ...this.#slowParts(),
      resumedRuns: [...(recovered?.resumedRuns ?? [])],
      reapedProcesses: recovered?.reapedProcesses ?? 0,
    };
  }

  #slowParts(): Pick<Status, 'failedToday' | 'health' | 'database'> {
    const { store, clock } = this.#deps;
    const monotonic = clock.monotonic();
    if (this.#kept !== null && monotonic < this.#kept.until) return this.#kept.value;
    const { trouble, ...database } = store.facts();
    const value = {
      failedToday: store.reads.countFailedSince(midnightBefore(clock.now())),
      health: this.#health(trouble),
      database,
    };
    this.#kept = { until: monotonic + keptMs, value };
    return value;
  }

  #health(storeTrouble: ReturnType<Store['facts']>['trouble']): Status['health'] {
    const { store, clock, live, breakers, settings, engine } = this.#deps;
    const { reads } = store;
    const now = clock.now();
    const heads = this.#nextTasks();
    const waits = heads.map((task) => Math.max(0, now - Math.max(task.createdAt, task.availableAt)));
    return judgeHealth({
      frozen: frozenBy(reads.row('engine', 'engine'))?.reason ?? null,
      agents: reads.agents().map((agent) => ({
        ...agent,
        awaited: heads.some((task) => matchesSelector(agent, task.spec.selector, task.spec.project)),
      })),
      breakers: breakers.notClosed(),
      stuck: reads
        .liveAttempts()
        .flatMap(({ taskId, agentId, stuck }) => (stuck === null ? [] : { taskId, agentId, ...stuck })),
      slots: { used: live.total, total: settings.slots.total },
      longestWaitMs: waits.length === 0 ? null : Math.max(...waits),
      deadTasks: reads.countTasks().dead,
      storeTrouble,
      partsInTrouble: this.#deps.parts.troubles(),
      freeBytes: this.#lookAtDisk(),
      dataFolder: engine.dataFolder,
      lateMs: this.#measureLateness(),
      now,
    });
  }

  /** The next task of each lane. */
  #nextTasks(): readonly Task[] {
    const { reads } = this.#deps.store;
    return reads
      .readyRoutes()
      .slice(0, maxLanes)
      .flatMap((route) => reads.readyHeads(route, 1))
      .map(({ taskId }) => reads.row('task', taskId))
      .filter((task) => task !== null);
  }

  /** What was free when last looked. Looks again after a while, without waiting: a disk may take long to answer. */
  #lookAtDisk(): number | null {
    const { clock, machine } = this.#deps;
    const monotonic = clock.monotonic();
    if (monotonic - this.#diskAskedAt >= diskKeptMs) {
      this.#diskAskedAt = monotonic;
      void machine.freeBytes().then((bytes) => {
        this.#freeBytes = bytes;
      });
    }
    return this.#freeBytes;
  }

  /**
   * How late the main thread was at the last two looks, the lesser of both: one delay is nobody's trouble. Looks again,
   * without waiting. A look follows a question while there is work, so that an engine that rests is not woken.
   */
  #measureLateness(): number | null {
    const { clock, live } = this.#deps;
    if (live.total === 0) return null;
    if (!this.#isMeasuring) {
      this.#isMeasuring = true;
      const begun = clock.monotonic();
      clock.after(probeMs, () => {
        this.#isMeasuring = false;
        this.#late = [...this.#late.slice(-1), clock.monotonic() - begun - probeMs];
      });
    }
    return this.#late.length < 2 ? null : Math.min(...this.#late);
  }
}

/** The beginning of the day in the time zone of the engine's machine. */
function midnightBefore(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}

function frozenBy(engine: Rows['engine'] | null): Status['frozen'] {
  if (engine === null || engine.frozenAt === null || engine.frozenReason === null) return null;
  return { at: engine.frozenAt, reason: engine.frozenReason };
}
