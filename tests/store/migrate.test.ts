import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import type { Connection } from '../../src-main/store/connection.ts';
import { backupFolder, databaseFile } from '../../src-main/store/data-files.ts';
import { applicationId } from '../../src-main/store/database.ts';
import { migrate } from '../../src-main/store/migrate.ts';
import { migrations as released } from '../../src-main/store/migrations/all-migrations.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { connectTo, expectSound, KeptMessages, openTestStore } from './open-test-store.ts';
import { choiceFrom, steps } from './random-histories.ts';
import { addTask } from './sample-events.ts';
import { viewsHere } from './views-here.ts';

const first = 'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT) STRICT;';
const second = 'ALTER TABLE notes ADD COLUMN author TEXT;';

function openEmpty() {
  const folder = temporaryFolder();
  const connection = new Database(databaseFile(folder));
  connection.pragma(`application_id = ${applicationId}`);
  onTestFinished(() => void connection.close());
  const logger = new KeptMessages();
  const run = (migrations: readonly string[]) =>
    migrate(connection, {
      sqlite: Database,
      migrations,
      backups: backupFolder(folder),
      now: () => Date.UTC(2026, 2, 4),
      logger,
    });
  const version = () => connection.pragma('user_version', { simple: true });
  const copies = () => (existsSync(backupFolder(folder)) ? readdirSync(backupFolder(folder)).sort() : []);
  return { folder, connection, logger, run, version, copies };
}

it('R01 makes the newest schema out of nothing, without a copy', () => {
  const { run, version, copies, logger } = openEmpty();
  run([first, second]);
  expect(version()).toBe(2);
  expect(copies()).toEqual([]);
  run([first, second]);
  expect(logger.infos).toEqual(['Migrated the database.']);
});

it('R01 copies a database before it migrates it, and never over an older copy', () => {
  const { folder, connection, run, version, copies } = openEmpty();
  run([first]);
  connection.exec("INSERT INTO notes (text) VALUES ('kept')");
  run([first, second]);
  expect(version()).toBe(2);
  expect(copies()).toEqual(['signalbox-schema-1-2026-03-04T00-00-00-000Z.db']);

  connection.pragma('user_version = 1');
  connection.exec('ALTER TABLE notes DROP COLUMN author');
  run([first, second]);
  expect(copies()).toHaveLength(2);
  for (const copy of copies()) {
    const copied = connectTo(join(backupFolder(folder), copy), { readonly: true });
    expect(copied.prepare('SELECT * FROM notes').all()).toEqual([{ id: 1, text: 'kept' }]);
    expect(copied.pragma('user_version', { simple: true })).toBe(1);
  }
});

it('R75 gives the copy before a migration its name when it is whole and good, and leaves no half of one', () => {
  const { folder, connection, run, version, copies } = openEmpty();
  run([first]);
  const left = 'signalbox-schema-1-2026-03-04T00-00-00-000Z.db.part';
  mkdirSync(backupFolder(folder));
  writeFileSync(join(backupFolder(folder), left), 'half of a copy that a crash left');
  run([first, second]);
  const [copy = ''] = copies();
  expect(copies()).toEqual([left.replace('.part', '')]);
  if (process.platform !== 'win32') expect(statSync(join(backupFolder(folder), copy)).mode & 0o777).toBe(0o600);

  // The copy is not what a copy of ours would be: nothing is migrated.
  connection.pragma('application_id = 7');
  expect(() => run([first, second, 'CREATE TABLE third (id)'])).toThrow('is the database of another program');
  expect(version()).toBe(2);
  expect(copies()).toEqual([copy]);
});

it('stays at the last good version when a migration fails', () => {
  const { connection, run, version } = openEmpty();
  expect(() => run([first, 'CREATE TABLE half (id); CREATE TABLE notes (id);'])).toThrow('table notes already exists');
  expect(version()).toBe(1);
  expect(connection.inTransaction).toBe(false);
  expect(connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()).toEqual(['notes']);
  run([first, second]);
  expect(version()).toBe(2);
});

it('lets two processes start at once: the slower one finds the work done', () => {
  const { folder, connection, run, version } = openEmpty();
  connection.pragma('journal_mode = WAL');
  const other = connectTo(databaseFile(folder));
  // The other process migrates between the look at the version and the first transaction.
  const original = connection.transaction.bind(connection);
  connection.transaction = ((work: () => void) => {
    other.exec(`${first} PRAGMA user_version = 1`);
    connection.transaction = original;
    return original(work);
  }) as typeof connection.transaction;
  run([first]);
  expect(version()).toBe(1);
});

const schemaOf = (file: string) =>
  connectTo(file, { readonly: true })
    .prepare<[], { sql: string }>('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name')
    .all()
    .map(({ sql }) => sql);

/** A database as the released schema 1 wrote it, as SQL: every table has rows, made by a random history. */
const fixture = fileURLToPath(new URL('../fixtures/store/schema-1.sql', import.meta.url));

/** How many rows each table has. */
function countsIn(connection: Connection): Record<string, number> {
  const names = connection.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  return Object.fromEntries(
    names.map((name) => [name, Number(connection.prepare(`SELECT count(*) FROM ${name}`).pluck().get())]),
  );
}

it('R01 opens a database of every earlier schema: all queries pass, and the doctor finds nothing', async () => {
  const folder = temporaryFolder();
  const old = new Database(databaseFile(folder));
  old.exec(readFileSync(fixture, 'utf8'));
  const stored = countsIn(old);
  expect(Object.values(stored)).not.toContain(0);
  old.close();

  const { store, file } = await openTestStore({ folder });
  const { reads } = store;
  const before = reads.lastSeq();
  expect(before).toBeGreaterThan(100);
  expect(reads.listRuns({ limit: 1_000 }).runs.length).toBeGreaterThan(0);
  expect(reads.listTasks({ limit: 1_000 }).tasks.length).toBeGreaterThan(0);
  expect(reads.listApprovals({ limit: 1_000 }).approvals.length).toBeGreaterThan(0);
  expect(reads.agents().length).toBeGreaterThan(0);
  expect(reads.listEvents({ afterSeq: 0, limit: 1_000 }).events.length).toBe(Math.min(before, 1_000));
  for (const { id } of reads.listTasks({ limit: 1_000 }).tasks) {
    expect(reads.row('task', id)?.id).toBe(id);
    reads.attemptsOf(id);
  }
  expect(reads.countOpenPermissions()).toBe(0);
  expect(reads.listPermissions({ limit: 9 }).permissions).toEqual([]);
  // Nothing was lost, and a database that was migrated is no other than one that was made anew.
  // Leases went into the rows of their attempts, and more is counted.
  const { leases, counters, ...others } = stored;
  expect(reads.leases()).toHaveLength(leases ?? 0);
  expect(countsIn(connectTo(file, { readonly: true }))).toMatchObject(others);
  const { file: fresh } = await openTestStore();
  expect(schemaOf(file)).toEqual(schemaOf(fresh));
  const views = viewsHere(file);
  const found = [
    await views.listRuns({ limit: 9, count: true, now: 0, search: 'a' }),
    await views.listTasks({ limit: 9, count: true, now: 0, search: 'a' }),
    await views.getOverview({ since: 0, now: 0 }),
    await views.countDeadLetters({}),
  ];
  expect(found.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  await store.write((unit) => {
    for (let count = 0; count < steps.length; count += 1) steps[count]?.(unit, choiceFrom([count, 1, 2]));
    addTask(unit);
  });
  await store.close();
  expectSound(file);
});

it('has not changed a schema that was released', async () => {
  const folder = temporaryFolder();
  const old = new Database(databaseFile(folder));
  old.exec(readFileSync(fixture, 'utf8'));
  old.close();
  const { connection, run, folder: fresh } = openEmpty();
  run(released.slice(0, 1));
  connection.close();
  expect(schemaOf(databaseFile(fresh))).toEqual(schemaOf(databaseFile(folder)));
});
