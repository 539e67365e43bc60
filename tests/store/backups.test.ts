import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCopyName } from '../../src-main/store/backup/backup-names.ts';
import { Copies, listCopies, removeHalfCopies } from '../../src-main/store/backup/copies.ts';
import { copyDatabase, finishCopy } from '../../src-main/store/backup/copy-database.ts';
import { startCopy, startLook } from '../../src-main/store/backup/copy-thread.ts';
import { backupFolder } from '../../src-main/store/data-files.ts';
import { migrations } from '../../src-main/store/migrations/all-migrations.ts';
import { taskSpec } from '../support/samples.ts';
import { notYet, until } from '../support/until.ts';
import { expectSound, openTestStore } from './open-test-store.ts';
import { addTask } from './sample-events.ts';

const mebibyte = 1024 * 1024;
const newestSchema = migrations.length;
const at = Date.UTC(2026, 6, 1, 12);

function copiesOf(folder: string) {
  let now = at;
  const copies = new Copies({ folder, now: () => (now += 1_000) });
  onTestFinished(() => copies.close());
  return copies;
}

function addLarge(size: number) {
  return (unit: Parameters<typeof addTask>[0]) =>
    addTask(unit, { spec: taskSpec({ work: { kind: 'prompt', prompt: 'x'.repeat(size), config: {} } }) });
}

it('R75 copies the database while it is written, into a file of its own that is whole and good', async () => {
  const { store, folder } = await openTestStore();
  const { taskId } = await store.write((unit) => addTask(unit));
  let writing = true;
  const writer = (async () => {
    while (writing) await store.write((unit) => addTask(unit));
  })();
  const made = await copiesOf(folder).create('asked');
  writing = false;
  await writer;

  expect(made).toEqual({
    ok: true,
    value: {
      path: expect.stringMatching(/signalbox-asked-2026-07-01T12-00-01-000Z\.db$/),
      at: at + 1_000,
      bytes: expect.any(Number),
      kind: 'asked',
    },
  });
  const path = made.ok ? made.value.path : '';
  expectSound(path);
  const copy = new Database(path, { readonly: true });
  expect(copy.prepare('SELECT count(*) FROM tasks WHERE id = ?').pluck().get(taskId)).toBe(1);
  expect(copy.pragma('journal_mode', { simple: true })).toBe('delete');
  copy.close();
  expect(readdirSync(backupFolder(folder))).toHaveLength(1);
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('lists copies newest first, with their kinds, and nothing else that lies there', async () => {
  const { store, folder } = await openTestStore();
  await store.write((unit) => addTask(unit));
  const copies = copiesOf(folder);
  expect(copies.list()).toEqual([]);
  for (const kind of ['rotating', 'asked', 'rotating'] as const) expect((await copies.create(kind)).ok).toBe(true);
  const other = backupFolder(folder);
  writeFileSync(join(other, 'signalbox-schema-3-2020-01-01T00-00-00-000Z.db'), '');
  writeFileSync(join(other, 'signalbox-schema-3-2020-01-01T00-00-00-000Z-2.db'), '');
  writeFileSync(join(other, 'signalbox-asked-2026-07-01T12-00-09-000Z.db.part'), '');
  writeFileSync(join(other, 'holiday.db'), '');
  expect(copies.list().map(({ kind, at: time }) => [kind, time])).toEqual([
    ['rotating', at + 3_000],
    ['asked', at + 2_000],
    ['rotating', at + 1_000],
    ['migration', Date.UTC(2020, 0, 1)],
    ['migration', Date.UTC(2020, 0, 1)],
  ]);
});

it('R75 removes the oldest rotating copies beyond those that are kept, and no others', async () => {
  const { store, folder } = await openTestStore();
  await store.write((unit) => addTask(unit));
  const copies = copiesOf(folder);
  for (const kind of ['asked', 'rotating', 'rotating', 'rotating'] as const) await copies.create(kind);
  expect(copies.rotate(2)).toEqual(['signalbox-rotating-2026-07-01T12-00-02-000Z.db']);
  expect(copies.rotate(2)).toEqual([]);
  expect(copies.list().map(({ kind }) => kind)).toEqual(['rotating', 'rotating', 'asked']);
});

it('makes one copy at a time, and none once it is closed', async () => {
  const { store, folder } = await openTestStore();
  await store.write((unit) => addTask(unit));
  const copies = copiesOf(folder);
  const first = copies.create('asked');
  const second = await copies.create('asked');
  expect(second).toMatchObject({ ok: false, error: { type: 'unavailable' } });
  expect((await first).ok).toBe(true);
  await copies.close();
  expect(await copies.create('asked')).toMatchObject({
    ok: false,
    error: { message: 'No more copies are made: the engine is being closed.' },
  });
});

it('gives up the copy under way when it is closed, and leaves no half of it', async () => {
  const { store, folder } = await openTestStore();
  for (let count = 0; count < 8; count += 1) await store.write(addLarge(4 * mebibyte));
  const copies = copiesOf(folder);
  const copying = copies.create('rotating');
  await copies.close();
  const made = await copying;
  // A fast machine may be done before it is told.
  expect(made.ok || made.error.type === 'unavailable').toBe(true);
  expect(readdirSync(backupFolder(folder))).toHaveLength(made.ok ? 1 : 0);
});

it('R75 breaks a copy off between two steps: there is nothing of it then', async () => {
  const { store, folder, file } = await openTestStore();
  for (let count = 0; count < 4; count += 1) await store.write(addLarge(4 * mebibyte));
  const to = join(backupFolder(folder), 'signalbox-asked-2026-07-01T12-00-00-000Z.db');
  const copied = await copyDatabase(Database, { from: file, to, newestSchema }, () => true);
  expect(copied).toMatchObject({ ok: false, error: { type: 'unavailable' } });
  expect(readdirSync(backupFolder(folder))).toEqual([]);
});

it('R75 gives way when the log has grown to its limit meanwhile', async () => {
  const { store, folder, file } = await openTestStore();
  for (let count = 0; count < 4; count += 1) await store.write(addLarge(4 * mebibyte));
  const to = join(backupFolder(folder), 'signalbox-rotating-2026-07-01T12-00-00-000Z.db');
  const copied = await copyDatabase(Database, { from: file, to, newestSchema, logLimit: 1_000 }, () => false);
  expect(copied).toMatchObject({
    ok: false,
    error: { type: 'unavailable', message: expect.stringContaining('gave way') },
  });
  expect(listCopies(folder)).toEqual([]);
});

it('R75 P8 neither lets the log grow beyond 64 MiB while it copies under a constant load, nor holds the writer', async () => {
  const { store, folder, file } = await openTestStore();
  for (let count = 0; count < 30; count += 1) await store.write(addLarge(4 * mebibyte));
  let largest = 0;
  let longestMs = 0;
  let copying = true;
  const writer = (async () => {
    while (copying) {
      const startedAt = performance.now();
      await store.write(addLarge(mebibyte / 2));
      longestMs = Math.max(longestMs, performance.now() - startedAt);
      largest = Math.max(largest, statSync(`${file}-wal`).size);
    }
  })();
  const startedAt = performance.now();
  const made = await copiesOf(folder).create('rotating');
  const copyMs = performance.now() - startedAt;
  copying = false;
  await writer;
  expect(largest).toBeLessThan(64 * mebibyte);
  expect(longestMs).toBeLessThan(Math.max(2_000, copyMs));
  expect(made.ok || made.error.message.includes('gave way')).toBe(true);
}, 60_000);

it('R75 never gives a damaged copy its name', async () => {
  const { store, folder, file } = await openTestStore();
  await store.write((unit) => addTask(unit));
  await store.close();
  const part = join(folder, 'copy.db.part');
  const to = join(folder, 'copy.db');
  const database = new Database(file);
  database.exec(`VACUUM INTO '${part}'`);
  database.close();
  const copy = new Database(part);
  copy.unsafeMode(true);
  copy.pragma('writable_schema = ON');
  copy.exec("UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'tasks'");
  copy.close();
  expect(finishCopy(Database, { part, to, newestSchema })).toMatchObject({
    ok: false,
    error: { type: 'storeFailed', message: expect.stringContaining('is damaged') },
  });
  expect(existsSync(to)).toBe(false);
});

describe('says why it cannot copy:', () => {
  it('the database of another program', async () => {
    const { folder, file, store } = await openTestStore();
    await store.close();
    const database = new Database(file);
    database.pragma('application_id = 7');
    database.close();
    const to = join(backupFolder(folder), 'signalbox-asked-2026-07-01T12-00-00-000Z.db');
    const copied = await copyDatabase(Database, { from: file, to, newestSchema }, () => false);
    expect(copied).toMatchObject({ ok: false, error: { message: expect.stringContaining('another program') } });
    expect(readdirSync(backupFolder(folder))).toEqual([]);
  });

  it('a folder for copies that is a file', async () => {
    const { folder } = await openTestStore();
    writeFileSync(backupFolder(folder), '');
    expect(listCopies(folder)).toEqual([]);
    expect(await copiesOf(folder).create('asked')).toMatchObject({
      ok: false,
      error: { type: 'storeFailed', message: expect.stringContaining('The database could not be copied') },
    });
  });

  it('a thread that dies', async () => {
    const { file, folder } = await openTestStore();
    const entry = new URL('../fixtures/store/dying-worker.ts', import.meta.url);
    const { answer } = startCopy({ from: file, to: join(folder, 'copy.db'), newestSchema }, entry);
    expect(await answer).toMatchObject({
      ok: false,
      error: { type: 'unavailable', message: expect.stringContaining('out of order') },
    });
  });
});

it('waits no more for a look that takes too long', async () => {
  const { file } = await openTestStore();
  const entry = new URL('../fixtures/store/stalled-worker.ts', import.meta.url);
  const underway = startLook({ file, newestSchema, inUse: true }, 1, entry);
  onTestFinished(() => underway.stop());
  expect(await underway.answer).toMatchObject({ state: 'refused', error: { type: 'unavailable' } });
});

it('removes what a broken copy left, and nothing else', async () => {
  const { folder } = await openTestStore();
  removeHalfCopies(folder);
  mkdirSync(backupFolder(folder));
  const names = ['signalbox-asked-2026-07-01T12-00-00-000Z.db', 'holiday.db'];
  const halves = ['a.db.part', 'a.db.part-journal'];
  for (const name of [...names, ...halves]) writeFileSync(join(backupFolder(folder), name), 'x');
  removeHalfCopies(folder);
  expect(readdirSync(backupFolder(folder)).sort()).toEqual(names.sort());
});

it.each([
  'signalbox-asked-2026.db',
  'signalbox-mine-2026-07-01T12-00-00-000Z.db',
  'signalbox-asked-2026-99-01T12-00-00-000Z.db',
  '',
])('knows that %j is no copy', (name) => {
  expect(readCopyName(name)).toBeNull();
});

it('finds the log started over soon after a copy', async () => {
  const { store, folder, file } = await openTestStore();
  for (let count = 0; count < 10; count += 1) await store.write(addLarge(mebibyte));
  expect((await copiesOf(folder).create('rotating')).ok).toBe(true);
  await until('a short log', async () => {
    await store.write(addLarge(mebibyte));
    const { size } = statSync(`${file}-wal`);
    return size < 48 * mebibyte ? true : notYet(size);
  });
});
