import { expect, it } from 'vitest';
import type { Backup } from '../../src-main/contract/api-backups.ts';
import type { ApiError } from '../../src-main/contract/errors.ts';
import type { Result } from '../../src-main/contract/result.ts';
import { err, ok } from '../../src-main/contract/result.ts';
import { BackupClock } from '../../src-main/core/backups.ts';
import { Parts } from '../../src-main/core/parts.ts';
import type { Store } from '../../src-main/core/ports.ts';
import { KeptLog } from '../support/engine.ts';
import { ManualClock } from '../support/manual-clock.ts';

const minute = 60_000;
const hour = 60 * minute;

/** A clock for copies, with a maker of copies and a store in the test's hand. */
function openClock(there: readonly Pick<Backup, 'kind' | 'at'>[] = [], everyMs = hour) {
  const clock = new ManualClock();
  const parts = new Parts();
  const logger = new KeptLog();
  const settings = { backups: { everyMs, keep: 2 } };
  type Listener = Parameters<Store['onCommit']>[0];
  const listeners = new Set<Listener>();
  const made: number[] = [];
  const rotated: number[] = [];
  const hand = { failure: null as ApiError | null, whileCopying: () => {} };
  const create = (): Promise<Result<Backup, ApiError>> => {
    hand.whileCopying();
    if (hand.failure !== null) return Promise.resolve(err(hand.failure));
    made.push(clock.now());
    return Promise.resolve(ok({ path: '/backups/copy.db', at: clock.now(), bytes: 7, kind: 'rotating' }));
  };
  const backups = {
    list: () => there.map((copy): Backup => ({ path: '/backups/old.db', bytes: 1, ...copy })),
    create,
    rotate: (keep: number) => {
      rotated.push(keep);
      return [];
    },
  };
  const onCommit = (listener: Listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const copies = new BackupClock({ backups, store: { onCommit }, clock, settings, parts, logger });
  const commit = () => {
    for (const listener of listeners) listener([]);
  };
  const pass = async (ms: number) => {
    clock.advance(ms);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  return { copies, clock, parts, logger, settings, made, rotated, hand, commit, pass };
}

const full: ApiError = { type: 'storeFailed', message: 'The disk is full.', remedy: 'Free some space.' };
const gaveWay: ApiError = { type: 'unavailable', message: 'It gave way.', remedy: 'Wait.' };

it('R75 copies the database an interval after something was stored, and not while nothing is', async () => {
  const { copies, clock, made, rotated, commit, pass, parts } = openClock([
    { kind: 'rotating', at: new ManualClock().now() },
  ]);
  copies.start();
  expect(clock.timers).toBe(0);
  commit();
  commit();
  expect(clock.timers).toBe(1);
  await pass(hour - 1);
  expect(made).toEqual([]);
  await pass(1);
  expect(made).toHaveLength(1);
  expect(rotated).toEqual([2]);
  expect(parts.troubles()).toEqual([]);
  expect(clock.timers).toBe(0);
  await pass(10 * hour);
  expect(made).toHaveLength(1);
  commit();
  await pass(minute);
  expect(made).toHaveLength(2);
});

it('R75 copies soon after a start when the newest copy is old, however short its engines live', async () => {
  const at = new ManualClock().now();
  const { copies, made, commit, pass } = openClock([
    { kind: 'migration', at },
    { kind: 'rotating', at: at - 2 * hour },
  ]);
  copies.start();
  commit();
  await pass(minute - 1);
  expect(made).toEqual([]);
  await pass(1);
  expect(made).toHaveLength(1);
});

it('waits no longer than the interval after a copy whose name tells a time to come', async () => {
  const { copies, made, commit, pass } = openClock([{ kind: 'asked', at: new ManualClock().now() + 50 * hour }]);
  copies.start();
  commit();
  await pass(hour);
  expect(made).toHaveLength(1);
});

it('copies again what was stored while it copied', async () => {
  const { copies, made, hand, commit, pass } = openClock();
  copies.start();
  commit();
  hand.whileCopying = commit;
  await pass(hour);
  hand.whileCopying = () => {};
  await pass(hour);
  expect(made).toHaveLength(2);
  await pass(5 * hour);
  expect(made).toHaveLength(2);
});

it('R75 says in health that a copy failed, tries again, and says nothing more once one was made', async () => {
  const { copies, made, rotated, parts, logger, hand, commit, pass } = openClock();
  copies.start();
  commit();
  hand.failure = full;
  await pass(hour);
  expect(parts.troubles()).toEqual([{ message: full.message, remedy: full.remedy }]);
  expect(logger.problems).toMatchObject([{ level: 'warn', message: full.message }]);
  expect(rotated).toEqual([]);
  hand.failure = null;
  await pass(5 * minute);
  expect(made).toHaveLength(1);
  expect(parts.troubles()).toEqual([]);
});

it('takes a copy that gave way for trouble only when it happens again and again', async () => {
  const { copies, parts, hand, commit, pass } = openClock();
  copies.start();
  commit();
  hand.failure = gaveWay;
  await pass(hour);
  await pass(5 * minute);
  expect(parts.troubles()).toEqual([]);
  await pass(5 * minute);
  expect(parts.troubles()).toEqual([{ message: gaveWay.message, remedy: gaveWay.remedy }]);
});

it('makes no copies by itself when it is told to make none, and begins when it is told to', async () => {
  const { copies, clock, settings, made, commit, pass } = openClock([], 0);
  copies.start();
  commit();
  expect(clock.timers).toBe(0);
  settings.backups.everyMs = hour;
  commit();
  settings.backups.everyMs = 0;
  await pass(hour);
  expect(made).toEqual([]);
  expect(clock.timers).toBe(0);
});

it('makes no copies any more once it is stopped, nor speaks of one that its end broke off', async () => {
  const { copies, clock, logger, parts, hand, commit, pass } = openClock();
  copies.start();
  commit();
  hand.failure = full;
  hand.whileCopying = () => copies.stop();
  await pass(hour);
  commit();
  expect(clock.timers).toBe(0);
  expect(logger.problems).toEqual([]);
  expect(parts.troubles()).toEqual([]);
});

it('can be stopped before it was started', () => {
  const { copies, clock } = openClock();
  copies.stop();
  expect(clock.timers).toBe(0);
});
