import { expect, it, onTestFinished } from 'vitest';
import type { Event } from '../../src-main/contract/event.ts';
import type { StoreUnit } from '../../src-main/core/ports.ts';
import { StoreFailure } from '../../src-main/core/ports.ts';
import { UnitOfWork } from '../../src-main/store/unit-of-work.ts';
import { connectTo, expectSound, KeptMessages, openTestStore } from './open-test-store.ts';
import { addTask, ids, taskCreated } from './sample-events.ts';

/**
 * A unit of work on a connection in the test's hand, and everything that it published. A turn's units share a
 * transaction however slow the machine is; `batchMs` bounds that where a test is about the bound.
 */
async function openUnits({ batchMs = 10_000, ...options }: { busyLimitMs?: number; batchMs?: number } = {}) {
  const { store, file } = await openTestStore();
  const connection = connectTo(file);
  connection.pragma('foreign_keys = ON');
  connection.pragma('busy_timeout = 1');
  const log = new KeptMessages();
  const units = new UnitOfWork({
    connection,
    file,
    logger: log,
    leaseMs: 60_000,
    committed: () => {},
    batchMs,
    ...options,
  });
  const published: (readonly Event[])[] = [];
  units.onCommit((events) => published.push(events));
  onTestFinished(() => units.close());
  return { units, connection, file, log, published, reads: store.reads };
}

const messageOf = (reason: unknown) => (reason instanceof Error ? reason.message : String(reason));

it('commits the units of one turn together and publishes their events in order, before anyone is told', async () => {
  const { units, published, reads } = await openUnits();
  const toldAt: number[] = [];
  const added = await Promise.all(
    Array.from({ length: 64 }, () => units.write(addTask).finally(() => toldAt.push(published.length))),
  );
  expect(published.map((events) => events.map(({ seq }) => seq))).toEqual([Array.from(added, (_, index) => index + 1)]);
  expect(new Set(toldAt)).toEqual(new Set([1]));
  expect(reads.countTasks().queued).toBe(64);
});

it('rolls back a unit that throws, alone: the others commit, numbers have no gap', async () => {
  const { units, published, reads, file } = await openUnits();
  const broken = taskCreated();
  const results = await Promise.allSettled([
    units.write(addTask),
    units.write((unit) => {
      unit.record([broken]);
      expect(unit.row('task', broken.taskId)?.state).toBe('queued');
      expect([unit.lastSeq(), unit.countTasks().queued, unit.nextPosition('back')]).toEqual([2, 2, 2]);
      throw new Error('changed its mind');
    }),
    units.write((unit) => {
      expect(unit.row('task', broken.taskId)).toBeNull();
      expect([unit.lastSeq(), unit.countTasks().queued]).toEqual([1, 1]);
      return addTask(unit).position;
    }),
  ]);
  expect(results.map((result) => (result.status === 'rejected' ? messageOf(result.reason) : 'stored'))).toEqual([
    'stored',
    'changed its mind',
    'stored',
  ]);
  expect(results[2]).toMatchObject({ value: 2 });
  expect(published.flat().map(({ seq }) => seq)).toEqual([1, 2]);
  expect(reads.countTasks().queued).toBe(2);
  expectSound(file);
});

it('does not commit half of what a unit recorded, although the unit caught the error', async () => {
  const { units, reads } = await openUnits();
  const first = taskCreated();
  const swallowing = units.write((unit) => {
    try {
      unit.record([first, first]);
    } catch {
      return 'carried on';
    }
    return 'nothing happened';
  });
  await expect(swallowing).rejects.toThrow(`would create task ${first.taskId} a second time`);
  expect(reads.row('task', first.taskId)).toBeNull();
  expect(reads.lastSeq()).toBe(0);
});

it('takes back alone what a unit had written already, because it had asked for it', async () => {
  const { units, published, reads, file } = await openUnits();
  const broken = taskCreated();
  const results = await Promise.allSettled([
    units.write(addTask),
    units.write((unit) => {
      unit.record([broken]);
      expect(unit.readyHeads('worker//', 9)).toHaveLength(2);
      expect(unit.listEvents({ afterSeq: 0, limit: 9 }).events).toHaveLength(2);
      throw new Error('changed its mind');
    }),
    units.write((unit) => {
      expect(unit.readyHeads('worker//', 9)).toHaveLength(1);
      const added = addTask(unit);
      expect(unit.readyHeads('worker//', 9)).toHaveLength(2);
      unit.record([
        { at: 9, actor: 'person', kind: 'task.cancelled', taskId: added.taskId, runId: null, reason: 'enough' },
      ]);
      expect(unit.readyHeads('worker//', 9)).toHaveLength(1);
      return added;
    }),
  ]);
  expect(results.map((result) => (result.status === 'rejected' ? messageOf(result.reason) : 'stored'))).toEqual([
    'stored',
    'changed its mind',
    'stored',
  ]);
  expect(reads.row('task', broken.taskId)).toBeNull();
  expect(published.flat().map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(reads.countTasks()).toMatchObject({ queued: 1, cancelled: 1 });
  expectSound(file);
});

it('stores nothing of a turn in which SQLite refuses a value, and tells everybody', async () => {
  const { units, published, reads, log } = await openUnits();
  const results = await Promise.allSettled([
    units.write(addTask),
    units.write((unit) => unit.record([{ ...taskCreated(), at: 0.5 }])),
    units.write((unit) => unit.readyHeads('worker//', 9)),
    units.write(addTask),
  ]);
  for (const result of results) expect(result).toMatchObject({ status: 'rejected' });
  expect(log.errors).toEqual([expect.stringContaining('cannot store REAL value in INTEGER column')]);
  expect([published, reads.lastSeq()]).toEqual([[], 0]);
  expect((await units.write(addTask)).position).toBe(1);
});

it('tells every unit of the turn when the commit fails, publishes nothing, and goes on', async () => {
  const { units, connection, published, reads, log, file } = await openUnits();
  const results = await Promise.allSettled([
    units.write(addTask),
    units.write((unit) => {
      addTask(unit);
      connection.pragma('defer_foreign_keys = ON');
      addTask(unit, { runId: ids.runId() });
    }),
  ]);
  for (const result of results) {
    expect(result).toMatchObject({ status: 'rejected', reason: { apiError: { type: 'storeFailed' } } });
  }
  expect(published).toEqual([]);
  expect(reads.lastSeq()).toBe(0);
  expect(log.errors).toEqual([expect.stringContaining('FOREIGN KEY constraint failed')]);

  expect((await units.write(addTask)).position).toBe(1);
  expect(published.flat().map(({ seq }) => seq)).toEqual([1]);
  expectSound(file);
});

it('tells every unit of the turn when SQLite gives up the whole transaction', async () => {
  const { units, connection, published, reads } = await openUnits();
  const results = await Promise.allSettled([
    units.write(addTask),
    units.write(() => {
      connection.exec('ROLLBACK');
      throw new Error('the disk caught fire');
    }),
    units.write(addTask),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(published.flat().map(({ seq }) => seq)).toEqual([1]);
  expect(reads.countTasks().queued).toBe(1);
});

it('R75 says that the disk is full, in words, and works again when there is space', async () => {
  const { units, connection, reads, file } = await openUnits();
  await units.write(addTask);
  connection.pragma(`max_page_count = ${connection.pragma('page_count', { simple: true })}`);
  const fill = (unit: StoreUnit) => {
    for (let count = 0; count < 200; count += 1) addTask(unit);
  };
  const failure = await units.write(fill).then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(StoreFailure);
  expect((failure as StoreFailure).apiError).toEqual({
    type: 'storeFailed',
    message: `The disk that holds ${file} is full; nothing of the change was stored.`,
    remedy: 'Free some space on that disk, then try again.',
  });
  expect(reads.countTasks().queued).toBe(1);

  connection.pragma('max_page_count = 1000000');
  await units.write(fill);
  expect(reads.countTasks().queued).toBe(201);
  expectSound(file);
});

it('R03 rejects what cannot be stored: a database that may only be read', async () => {
  const { units, connection, reads } = await openUnits();
  connection.pragma('query_only = ON');
  await expect(units.write(addTask)).rejects.toMatchObject({
    apiError: { message: expect.stringContaining('may only be read') },
  });
  connection.pragma('query_only = OFF');
  await units.write(addTask);
  expect(reads.lastSeq()).toBe(1);
});

it('R31 waits for another writer without showing it to anyone', async () => {
  const { units, file, reads } = await openUnits();
  const other = connectTo(file);
  other.exec('BEGIN IMMEDIATE');
  const added = Promise.all([units.write(addTask), units.write(addTask)]);
  let turns = 0;
  await new Promise<void>((resolve) => {
    const turn = () => {
      turns += 1;
      if (turns < 50) setTimeout(turn, 1);
      else resolve();
    };
    turn();
  });
  expect(reads.lastSeq()).toBe(0);
  other.exec('COMMIT');
  await added;
  expect(reads.lastSeq()).toBe(2);
});

it('tells the callers when another writer does not let go', async () => {
  const { units, file, log } = await openUnits({ busyLimitMs: 20 });
  const other = connectTo(file);
  other.exec('BEGIN IMMEDIATE');
  await expect(units.write(addTask)).rejects.toThrow(`Another process has held the database ${file} for too long`);
  expect(log.errors).toHaveLength(1);
  other.exec('COMMIT');
  expect((await units.write(addTask)).position).toBe(1);
});

it('tells those who wait when the database cannot be read any more', async () => {
  const { units, file } = await openUnits();
  await units.write(addTask);
  connectTo(file).exec('ALTER TABLE events RENAME TO lost_events');
  await expect(units.write(addTask)).rejects.toThrow('no such table: events');
  connectTo(file).exec('ALTER TABLE lost_events RENAME TO events');
  expect((await units.write(addTask)).position).toBe(2);
});

it('sees at once what another process has written, and numbers its events behind', async () => {
  const { units, file, published } = await openUnits();
  const second = attachUnits(file);
  const first = await units.write(addTask);
  const next = await second.write(addTask);
  const third = await units.write((unit) => {
    expect(unit.countTasks().queued).toBe(2);
    expect(unit.row('task', next.taskId)?.position).toBe(2);
    return addTask(unit);
  });
  expect([first.position, next.position, third.position]).toEqual([1, 2, 3]);
  expect(published.flat().map(({ seq }) => seq)).toEqual([1, 3]);
});

/** The units of another process, as far as the database can tell. */
function attachUnits(file: string): UnitOfWork {
  const connection = connectTo(file);
  const log = new KeptMessages();
  const units = new UnitOfWork({ connection, file, logger: log, leaseMs: 60_000, committed: () => {} });
  onTestFinished(() => units.close());
  return units;
}

it('bounds how long one transaction keeps the event loop: the rest follows in another turn', async () => {
  const { units, published } = await openUnits({ batchMs: 8 });
  const slow = (unit: StoreUnit) => {
    addTask(unit);
    const end = performance.now() + 10;
    while (performance.now() < end);
  };
  let turns = 0;
  const counting = setInterval(() => {
    turns += 1;
  }, 1);
  await Promise.all([units.write(slow), units.write(slow), units.write(slow)]);
  clearInterval(counting);
  expect(published).toHaveLength(3);
  expect(turns).toBeGreaterThanOrEqual(2);
});

it('refuses an asynchronous unit, which would commit before its awaited parts', async () => {
  const { units, reads } = await openUnits();
  const late = units.write(async (unit) => {
    addTask(unit);
  });
  await expect(late).rejects.toThrow('A unit of work must be synchronous');
  expect(reads.lastSeq()).toBe(0);
});

it('refuses changes through a unit that has ended', async () => {
  const { units, reads } = await openUnits();
  const kept = await units.write((unit) => ({ unit }));
  expect(() => addTask(kept.unit)).toThrow('This unit of work has ended; changes belong inside of it.');
  expect(reads.lastSeq()).toBe(0);
});

it('keeps publishing when a listener fails, and stops when it is told to', async () => {
  const { units, published, log } = await openUnits();
  const stop = units.onCommit(() => {
    throw new Error('deaf');
  });
  await units.write(addTask);
  expect(log.errors).toEqual(['A listener to committed events failed.']);
  stop();
  await units.write(addTask);
  expect(log.errors).toHaveLength(1);
  expect(published).toHaveLength(2);
});

it('publishes nothing for a unit that changed nothing', async () => {
  const { units, published } = await openUnits();
  expect(await units.write((unit) => unit.countTasks().queued)).toBe(0);
  expect(published).toEqual([]);
});

it('begins nothing while it is held, and goes on afterwards', async () => {
  const { units, reads } = await openUnits();
  units.hold();
  const added = units.write(addTask);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(reads.lastSeq()).toBe(0);
  units.resume();
  units.resume();
  await added;
  expect(reads.lastSeq()).toBe(1);
});

it('commits what is pending when it closes, and takes nothing more', async () => {
  const { units, reads } = await openUnits();
  const pending = units.write(addTask);
  const closed = units.close();
  await expect(units.write(addTask)).rejects.toMatchObject({ apiError: { type: 'unavailable' } });
  await closed;
  await pending;
  expect(reads.lastSeq()).toBe(1);
});
