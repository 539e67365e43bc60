import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { nodeProblem } from '../../bin/node-guard.mjs';
import { databaseFile } from '../../src-main/store/data-files.ts';
import { applicationId } from '../../src-main/store/database.ts';
import { loadSqlite } from '../../src-main/store/load-sqlite.ts';
import { migrations } from '../../src-main/store/migrations/all-migrations.ts';
import { openStore } from '../../src-main/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { connectTo, expectSound, KeptMessages, openTestStore } from './open-test-store.ts';
import { addTask } from './sample-events.ts';

const windows = process.platform === 'win32';

async function refusal(folder: string) {
  const opened = await openStore({ folder, logger: new KeptMessages(), now: () => 0 });
  if (opened.ok) {
    await opened.value.close();
    throw new Error('It was opened.');
  }
  return opened.error;
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** A database that a test wrote itself. */
function writeDatabase(file: string, sql: string): void {
  const connection = new Database(file);
  connection.exec(sql);
  connection.close();
}

it('R01 makes the folder and the database at the first start, for its own user only', async () => {
  const folder = join(temporaryFolder(), 'deep', 'data');
  const { store, file, log } = await openTestStore({ folder });

  expect(store.reads.lastSeq()).toBe(0);
  expect(store.reads.listTasks({ limit: 10 })).toEqual({ tasks: [], next: null, total: null });
  expect(log.infos).toEqual(['Migrated the database.']);
  if (!windows) {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600);
  }
});

it('R02 keeps one store of truth: write-ahead log, foreign keys in force', async () => {
  const { store, file } = await openTestStore();
  expect(connectTo(file).pragma('journal_mode', { simple: true })).toBe('wal');
  await expect(
    store.write((unit) => addTask(unit, { runId: 'run_00000000000000000000000000' as never })),
  ).rejects.toThrow('FOREIGN KEY constraint failed');
});

it('finds at the second start what was stored at the first', async () => {
  const first = await openTestStore();
  const { taskId } = await first.store.write((unit) => addTask(unit));
  await first.store.close();

  const second = await openTestStore({ folder: first.folder });
  expect(second.store.reads.row('task', taskId)).toMatchObject({ id: taskId, state: 'queued', position: 1 });
  expect(second.log.infos).toEqual([]);
  expect(await second.store.write((unit) => unit.nextPosition('back'))).toBe(2);
  expect(existsSync(join(first.folder, 'backups'))).toBe(false);
});

it('can be closed twice, and leaves no log behind', async () => {
  const { store, file } = await openTestStore();
  await store.write((unit) => addTask(unit));
  await Promise.all([store.close(), store.close()]);
  expect(existsSync(`${file}-wal`)).toBe(false);
  expectSound(file);
});

it('R01 refuses a newer schema with a sentence, and leaves the file as it is', async () => {
  const { store, folder, file } = await openTestStore();
  await store.close();
  writeDatabase(file, 'PRAGMA user_version = 99');
  const before = hashOf(file);

  const error = await refusal(folder);

  expect(error.type).toBe('storeFailed');
  expect(error.message).toBe(
    `${file} was written by a newer Signalbox (schema 99; this one knows up to ${migrations.length}). It was left as it is.`,
  );
  expect(error.remedy).toContain('Install the newer Signalbox again');
  expect(hashOf(file)).toBe(before);
});

it.each([
  ['another application id', 'PRAGMA application_id = 7; CREATE TABLE notes (id)'],
  ['tables and no application id', 'CREATE TABLE notes (id)'],
  ['another application id and no tables', 'PRAGMA application_id = 7; PRAGMA user_version = 1'],
])('refuses the database of another program, told by %s, and leaves it as it is', async (_, sql) => {
  const folder = temporaryFolder();
  writeDatabase(databaseFile(folder), sql);
  const before = hashOf(databaseFile(folder));

  expect((await refusal(folder)).message).toContain('is the database of another program. It was left as it is.');
  expect(hashOf(databaseFile(folder))).toBe(before);
});

it('refuses a file that is no database, and leaves it as it is', async () => {
  const folder = temporaryFolder();
  writeFileSync(databaseFile(folder), 'Dear diary, this is not a database at all.\n'.repeat(50));
  const before = hashOf(databaseFile(folder));

  expect((await refusal(folder)).message).toContain('is not a database, or its beginning is damaged');
  expect(hashOf(databaseFile(folder))).toBe(before);
});

it('R75 refuses a damaged database with a way back, and leaves it as it is', async () => {
  const { store, folder, file } = await openTestStore();
  await store.write((unit) => addTask(unit));
  await store.close();
  const bytes = readFileSync(file);
  bytes.fill(0xff, 100, 4_096);
  writeFileSync(file, bytes);
  const before = hashOf(file);

  const error = await refusal(folder);

  expect(error.message).toBe(`The database ${file} is damaged. It was left as it is.`);
  expect(error.remedy).toContain('puts the newest good copy in its place');
  expect(hashOf(file)).toBe(before);
});

it('R75 refuses a database whose schema is not what its version says, and leaves its rows alone', async () => {
  const folder = temporaryFolder();
  writeDatabase(databaseFile(folder), `PRAGMA application_id = ${applicationId}; CREATE TABLE events (mine)`);
  const error = await refusal(folder);
  expect(error.message).toContain('could not be used: table events already exists');
  expect(connectTo(databaseFile(folder)).prepare('SELECT name FROM sqlite_schema').pluck().all()).toEqual(['events']);
});

it('R40 names a data folder that cannot be one', async () => {
  const file = join(temporaryFolder(), 'a-file');
  writeFileSync(file, '');
  const error = await refusal(join(file, 'data'));
  expect(error.message).toContain(`The data folder ${join(file, 'data')} cannot be used: ENOTDIR`);
  expect(error.remedy).toBe('Choose a data folder that your user may create and write.');
});

it('names a database that is a folder', async () => {
  const folder = temporaryFolder();
  mkdirSync(databaseFile(folder));
  expect((await refusal(folder)).message).toContain('cannot be used: EISDIR');
});

it('R29 never writes through the connection for reads', async () => {
  const { store, file } = await openTestStore();
  const { taskId } = await store.write((unit) => addTask(unit));
  const observer = connectTo(file, { readonly: true });
  const version = () => observer.pragma('data_version', { simple: true });
  const before = { version: version(), content: hashOf(file), log: hashOf(`${file}-wal`) };

  for (let count = 0; count < 250; count += 1) {
    store.reads.row('task', taskId);
    store.reads.listTasks({ limit: 10, states: ['queued', 'running'] });
    store.reads.listEvents({ afterSeq: 0, limit: 10 });
    store.reads.countTasks();
  }

  expect({ version: version(), content: hashOf(file), log: hashOf(`${file}-wal`) }).toEqual(before);
  expect(readdirSync(join(file, '..')).sort()).toEqual(['signalbox.db', 'signalbox.db-shm', 'signalbox.db-wal']);
});

it.each([{ node: '20.20.2', napi: '9' }, { node: '4.0.0' }])(
  'refuses Node $node before it loads the database, as the launcher does',
  async (versions) => {
    const loaded = await loadSqlite(versions);
    expect(loaded.ok).toBe(false);
    expect(nodeProblem(versions)).not.toBeNull();
    expect(loaded.ok ? '' : loaded.error.message).toBe(
      `The database cannot be loaded on Node ${versions.node}: better-sqlite3 13 needs Node-API 10.`,
    );
  },
);
