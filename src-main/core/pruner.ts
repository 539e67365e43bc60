import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import type { NewEvent } from '../contract/event.ts';
import type { Rows } from '../contract/evolve.ts';
import type { RunId, TaskId } from '../contract/ids.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { Settings } from '../contract/settings.ts';
import { boundLogs, removeLeftovers, removeWorkspaces } from './history-files.ts';
import type { Parts } from './parts.ts';
import type { Clock, Logger, Stop, Store, StoreUnit } from './ports.ts';
import { StoreFailure } from './ports.ts';
import type { Condensable, HistoryFiles, PrunePlace, PruneRule } from './ports-history.ts';
import type { Moment } from './refusals.ts';

export interface PrunerDeps {
  readonly store: Store;
  readonly files: HistoryFiles;
  readonly clock: Clock;
  /** What holds now: its fields change when settings are saved. */
  readonly settings: Pick<Settings, 'retention'>;
  readonly parts: Pick<Parts, 'report'>;
  readonly logger: Logger;
}

type Pruned = ApiOutput<'pruneHistory'>;

/** A start has other things to do first, in ms. */
const firstLookMs = 5 * 60_000;
const dayMs = 24 * 3_600_000;
/** With fewer old events than this of one agent, breaker or schedule it is not worth condensing. */
const worthCondensing = 50;
const part = 'pruning';

/**
 * Forgets what ended long ago, once after the start and then once a day. Work goes on meanwhile: each step takes a turn
 * of its own. What a step has removed stays removed when the engine ends between two of them; the next look goes on.
 */
export class Pruner {
  readonly #deps: PrunerDeps;
  #stopTimer: Stop = () => {};
  #isOpen = true;
  /** Looks come one after the other. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(deps: PrunerDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#arm(firstLookMs);
  }

  /** Ends a look after its step; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#isOpen = false;
    this.#stopTimer();
    await this.#tail;
  }

  /** `pruneHistory`: a look that a person asked for. */
  async prune(input: ApiParsedInput<'pruneHistory'>): Promise<Result<Pruned, ApiError>> {
    const days = input.olderThanDays ?? (this.#deps.settings.retention.days || null);
    const reason = days === null ? '' : `a person asked to forget what ended more than ${days} days ago`;
    const before = days === null ? null : this.#deps.clock.now() - days * dayMs;
    try {
      return ok(await this.#inTurn(() => this.#look({ before, dryRun: input.dryRun }, { actor: 'person', reason })));
    } catch (error) {
      if (error instanceof StoreFailure) return err(error.apiError);
      throw error;
    }
  }

  #arm(ms: number): void {
    if (!this.#isOpen) return;
    this.#stopTimer = this.#deps.clock.after(ms, () => {
      void this.#lookByItself().finally(() => this.#arm(dayMs));
    });
  }

  async #lookByItself(): Promise<void> {
    const { clock, settings, parts, logger } = this.#deps;
    const { days } = settings.retention;
    const before = days === 0 ? null : clock.now() - days * dayMs;
    const reason = `what ended more than ${days} days ago is forgotten (setting retention.days)`;
    try {
      await this.#inTurn(() => this.#look({ before, dryRun: false }, { actor: 'engine', reason }));
      parts.report(part, null);
    } catch (error) {
      logger.warn('Old runs, tasks and logs could not be removed.', { error });
      const cause = error instanceof Error ? error.message : String(error);
      const message = `Old runs, tasks and logs could not be removed: ${cause}`;
      parts.report(part, { message, remedy: 'It is tried again within a day; try it now with: signalbox prune' });
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => null);
    return done;
  }

  async #look(
    { before, dryRun }: { readonly before: number | null; readonly dryRun: boolean },
    by: { readonly actor: 'engine' | 'person'; readonly reason: string },
  ): Promise<Pruned> {
    const { store, clock } = this.#deps;
    const rule: PruneRule = { before: before ?? 0, now: clock.now(), condensed: [], dryRun };
    const sum: Sum = { runs: 0, tasks: 0, events: 0, ownerIds: [], old: new Map() };
    try {
      await this.#search({ phase: 'marked', skipped: 0 }, rule, sum);
      const condensed = [...sum.old.values()].filter(({ count }) => count >= worthCondensing).map(({ row }) => row);
      if (condensed.length > 0) {
        await store.write((unit) => condense(unit, condensed, { at: clock.now(), actor: 'engine' }));
        await this.#search({ phase: 'events', after: 0 }, { ...rule, condensed }, sum);
      }
    } finally {
      const { runs, tasks, events } = sum;
      if (!dryRun && runs + tasks + events > 0) {
        await store.write((unit) => {
          unit.record([{ at: clock.now(), kind: 'history.pruned', ...by, before, runs, tasks, events }]);
          return null;
        });
      }
    }
    if (!dryRun) await this.#removeFiles(before, sum.ownerIds);
    return { before, runs: sum.runs, tasks: sum.tasks, events: sum.events };
  }

  async #search(start: PrunePlace, rule: PruneRule, sum: Sum): Promise<void> {
    const { store, files } = this.#deps;
    for (let place: PrunePlace | null = start; place !== null && this.#isOpen; ) {
      const { next, removed, condensable } = await store.history.forgetOld(place, rule);
      sum.runs += removed.runs;
      sum.tasks += removed.tasks;
      sum.events += removed.events;
      sum.ownerIds.push(...removed.ownerIds);
      for (const row of condensable) countOld(sum, row);
      if (removed.attemptIds.length > 0) await files.removeLogs(removed.attemptIds);
      place = next;
    }
  }

  /** Also what an earlier look, or a crash, has left. */
  async #removeFiles(before: number | null, ownerIds: readonly (RunId | TaskId)[]): Promise<void> {
    const { settings } = this.#deps;
    const deps = { ...this.#deps, isOpen: () => this.#isOpen };
    await removeWorkspaces(deps, ownerIds);
    if (before !== null) await removeLeftovers(deps, before);
    if (settings.retention.logMebibytes > 0) await boundLogs(deps, settings.retention.logMebibytes * 1024 * 1024);
  }
}

interface Sum {
  runs: number;
  tasks: number;
  events: number;
  readonly ownerIds: (RunId | TaskId)[];
  /** Old events that stay until their row is condensed, by row. */
  readonly old: Map<string, { readonly row: Condensable; count: number }>;
}

function countOld({ old }: Sum, row: Condensable): void {
  const key = `${row.kind} ${row.id}`;
  const known = old.get(key);
  if (known === undefined) old.set(key, { row, count: 1 });
  else known.count += 1;
}

type Fact<K extends NewEvent['kind']> = Omit<Extract<NewEvent, { kind: K }>, 'at' | 'actor'>;

const condensers = {
  agent: (row: Rows['agent']): Fact<'agent.condensed'> => ({ kind: 'agent.condensed', agentId: row.id, row }),
  breaker: (row: Rows['breaker']): Fact<'breaker.condensed'> => ({ kind: 'breaker.condensed', breakerId: row.id, row }),
  schedule: (row: Rows['schedule']): Fact<'schedule.condensed'> => ({
    kind: 'schedule.condensed',
    scheduleId: row.id,
    row,
  }),
} as const;

/** Puts each row, as it is now, into an event. @returns how many there were. */
function condense(unit: StoreUnit, condensed: readonly Condensable[], moment: Moment): number {
  const events = condensed.flatMap(({ kind, id }) => {
    const row = unit.row(kind, id);
    return row === null ? [] : [{ ...moment, ...condensers[kind](row as never) }];
  });
  return unit.record(events).length;
}
