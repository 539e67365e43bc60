import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Store } from '../../src-main/core/ports.ts';
import { lookAtDatabase } from '../../src-main/store/backup/condition.ts';
import { Copies, listCopies } from '../../src-main/store/backup/copies.ts';
import { finishReplacement, pendingNote, replaceDatabase } from '../../src-main/store/backup/replace-database.ts';
import { backupFolder, checkDueFile, databaseFile } from '../../src-main/store/data-files.ts';
import { migrations } from '../../src-main/store/migrations/all-migrations.ts';
import type { EngineStoreOptions } from '../../src-main/store/safe-mode.ts';
import { openEngineStore } from '../../src-main/store/safe-mode.ts';
import { taskSpec } from '../support/samples.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { notYet, until } from '../support/until.ts';
import { connectTo, expectSound, KeptMessages } from './open-test-store.ts';
import { addTask } from './sample-events.ts';

const now = Date.UTC(2026, 6, 2);

/** Opens the store as an engine does; closed at the end of the test. */
async function open(folder: string, options: Partial<EngineStoreOptions> = {}) {
  const log = new KeptMessages();
  const opened = await openEngineStore({
    folder,
    logger: log,
    now: () => now,
    mode: 'work',
    unclean: false,
    ...options,
  });
  if (opened.ok) onTestFinished(() => opened.value.close());
  return { opened, log };
}

async function mustOpen(folder: string, options: Partial<EngineStoreOptions> = {}): Promise<Store> {
  const { opened } = await open(folder, options);
  if (!opened.ok) throw new Error(`${opened.error.message} ${opened.error.remedy}`);
  return opened.value;
}

/** A closed database with two copies: the first task is in both, the second in the newer one, the third in none. */
async function folderWithCopies() {
  const folder = temporaryFolder();
  const store = await mustOpen(folder);
  let at = Date.UTC(2026, 6, 1);
  const copies = new Copies({ folder, now: () => (at += 3_600_000) });
  const add = async () => (await store.write((unit) => addTask(unit))).taskId;
  const first = await add();
  expect((await copies.create('rotating')).ok).toBe(true);
  const second = await add();
  expect((await copies.create('rotating')).ok).toBe(true);
  const third = await add();
  // Enough pages that a damage somewhere in the middle meets some.
  await store.write((unit) =>
    addTask(unit, { spec: taskSpec({ work: { kind: 'prompt', prompt: 'x'.repeat(300_000), config: {} } }) }),
  );
  await store.close();
  return { folder, first, second, third };
}

const damages: readonly [name: string, damage: (file: string) => void][] = [
  ['a damaged header', (file) => overwrite(file, 0, 100)],
  ['a number of its schema that no Signalbox has', (file) => overwrite(file, 60, 4)],
  ['a damaged schema', (file) => overwrite(file, 100, 4_000)],
  ['a file that was cut off', (file) => truncateSync(file, 50_000)],
  ['a file that has lost all its content', (file) => truncateSync(file, 0)],
];

function overwrite(file: string, from: number, length: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, from, from + length);
  writeFileSync(file, bytes);
}

/** Spoils pages behind the first: the database opens, and only a look at all of it finds the damage. */
function spoilTree(file: string): void {
  const bytes = readFileSync(file);
  for (let page = 2; page * 4_096 < bytes.length; page += 1) bytes.fill(0xa5, page * 4_096, page * 4_096 + 200);
  writeFileSync(file, bytes);
}

const kindsOf = (store: Store) => store.reads.listEvents({ afterSeq: 0, limit: 100 }).events.map(({ kind }) => kind);

describe.each(damages)('R75 %s at a start', (_, damage) => {
  it('is kept whole; the newest copy takes its place, and the engine starts frozen and says why', async () => {
    const { folder, first, second, third } = await folderWithCopies();
    const file = databaseFile(folder);
    damage(file);
    const damaged = readFileSync(file);

    const store = await mustOpen(folder);

    expect(store.reads.row('task', first)).not.toBeNull();
    expect(store.reads.row('task', second)).not.toBeNull();
    expect(store.reads.row('task', third)).toBeNull();
    const kept = join(folder, 'damaged', '2026-07-02T00-00-00-000Z');
    expect(readFileSync(join(kept, 'signalbox.db'))).toEqual(damaged);
    const [newest] = listCopies(folder);
    expect(store.reads.listEvents({ afterSeq: 0, limit: 100 }).events.at(-2)).toMatchObject({
      kind: 'engine.restored',
      damaged: kept,
      backup: newest?.path,
      reason: expect.stringContaining('the database was damaged'),
    });
    const reason = store.reads.row('engine', 'engine')?.frozenReason ?? '';
    for (const told of [kept, newest?.path ?? '-', '2026-07-01T02:00:00.000Z', 'signalbox export', 'thaw']) {
      expect(reason).toContain(told);
    }
    expect(listCopies(folder)).toHaveLength(2);
    await store.close();
    expectSound(file);
  });

  it('is left as it is where there is no good copy: the refusal names both ways', async () => {
    const { folder } = await folderWithCopies();
    const file = databaseFile(folder);
    for (const { path } of listCopies(folder)) writeFileSync(path, 'no database');
    damage(file);
    const damaged = readFileSync(file);

    const { opened } = await open(folder);

    expect(opened).toMatchObject({
      ok: false,
      error: {
        type: 'storeFailed',
        message: expect.stringContaining('there is no good copy of it'),
        remedy: expect.stringMatching(/signalbox restore FILE.*signalbox restore --empty/),
      },
    });
    expect(readFileSync(file)).toEqual(damaged);
    expect(existsSync(join(folder, 'damaged'))).toBe(false);
  });
});

it('R75 takes an older copy when the newest one is damaged too', async () => {
  const { folder, first, second } = await folderWithCopies();
  const [newest, older] = listCopies(folder);
  overwrite(newest?.path ?? '', 0, 200);
  damages[0]?.[1](databaseFile(folder));
  const store = await mustOpen(folder);
  expect(store.reads.row('task', first)).not.toBeNull();
  expect(store.reads.row('task', second)).toBeNull();
  expect(store.reads.listEvents({ afterSeq: 0, limit: 100 }).events.at(-2)).toMatchObject({ backup: older?.path });
});

it('R75 checks the database before work after an unclean end, and finds what an opening does not', async () => {
  const { folder } = await folderWithCopies();
  spoilTree(databaseFile(folder));
  const { opened, log } = await open(folder, { unclean: true });
  expect(opened.ok && kindsOf(opened.value)).toContain('engine.restored');
  expect(log.infos).toContain('The database was checked.');
  expect(existsSync(checkDueFile(folder))).toBe(false);
});

it('R75 remembers that a check is due until an engine starts to work', async () => {
  const { folder } = await folderWithCopies();
  const idle = await mustOpen(folder, { mode: 'idle', unclean: true });
  await idle.close();
  expect(existsSync(checkDueFile(folder))).toBe(true);
  const { opened, log } = await open(folder);
  expect(opened.ok).toBe(true);
  expect(log.infos).toContain('The database was checked.');
  expect(existsSync(checkDueFile(folder))).toBe(false);
});

it('R75 finds damage in the background after a clean end: health says so, and the next start puts a copy in its place', async () => {
  const { folder } = await folderWithCopies();
  const store = await mustOpen(folder, { lookAfterMs: 0 });
  expect(store.facts().trouble).toBeNull();
  await store.close();
  spoilTable(databaseFile(folder), 'approvals');

  const again = await mustOpen(folder, { lookAfterMs: 0 });
  const trouble = await until('trouble', () => again.facts().trouble ?? notYet('none'));
  expect(trouble).toMatchObject({ type: 'storeFailed', message: expect.stringContaining('is damaged') });
  expect(trouble.remedy).toContain('signalbox engine');
  await again.close();
  expect(existsSync(checkDueFile(folder))).toBe(true);
  const third = await mustOpen(folder);
  expect(kindsOf(third)).toContain('engine.restored');
  expect(third.facts().trouble).toBeNull();
});

/** Spoils the first page of a table or of an index. */
function spoilTable(file: string, name: string): void {
  const connection = new Database(file, { readonly: true });
  const page = Number(connection.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name));
  connection.close();
  overwrite(file, (page - 1) * 4_096, 100);
}

it('R75 says of damage that a statement meets in mid-run that a new start is needed, and goes on saying so', async () => {
  const { folder } = await folderWithCopies();
  spoilTable(databaseFile(folder), 'runs_by_workflow');
  const store = await mustOpen(folder, { lookAfterMs: 60_000 });
  expect(store.facts().trouble).toBeNull();
  const query = { limit: 1, workflow: 'sample' };
  expect(() => store.reads.listRuns(query)).toThrow('malformed');
  await expect(store.write((unit) => unit.listRuns(query).runs.length)).rejects.toThrow('is damaged');
  await store.write((unit) => addTask(unit));
  expect(store.facts().trouble).toMatchObject({ message: expect.stringContaining('is damaged') });
  expect(existsSync(checkDueFile(folder))).toBe(true);
});

it.each(['approvals_by_state', 'sqlite_autoindex_engine_1'])(
  'R75 puts a copy in the place of a database whose damage the first reads of a start meet: %s',
  async (spoilt) => {
    const { folder } = await folderWithCopies();
    spoilTable(databaseFile(folder), spoilt);
    expect(kindsOf(await mustOpen(folder))).toContain('engine.restored');
  },
);

describe('R75 refuses as it is, and leaves untouched,', () => {
  it.each([
    ['the database of another program', 'PRAGMA application_id = 7', 'is the database of another program'],
    ['the database of a newer Signalbox', 'PRAGMA user_version = 99', 'was written by a newer Signalbox'],
  ])('%s', async (_, sql, message) => {
    const { folder } = await folderWithCopies();
    const connection = new Database(databaseFile(folder));
    connection.exec(sql);
    connection.close();
    const before = readFileSync(databaseFile(folder));
    for (const unclean of [false, true]) {
      const { opened } = await open(folder, { unclean });
      expect(opened).toMatchObject({ ok: false, error: { message: expect.stringContaining(message) } });
    }
    expect(readFileSync(databaseFile(folder))).toEqual(before);
    expect(existsSync(join(folder, 'damaged'))).toBe(false);
  });

  it('one that another process holds', async () => {
    const { folder } = await folderWithCopies();
    const other = connectTo(databaseFile(folder));
    other.pragma('locking_mode = EXCLUSIVE');
    other.exec('BEGIN EXCLUSIVE');
    const { opened } = await open(folder);
    other.exec('ROLLBACK');
    expect(opened).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('Another process has held') },
    });
  });
});

it('starts with an empty file that has no copies as with a new database', async () => {
  const folder = temporaryFolder();
  writeFileSync(databaseFile(folder), '');
  expect(kindsOf(await mustOpen(folder))).toEqual([]);
});

describe('a replacement that was broken off', () => {
  async function begun() {
    const { folder } = await folderWithCopies();
    const copy = listCopies(folder)[0]?.path ?? '';
    const file = databaseFile(folder);
    const kept = join(folder, 'damaged', 'then');
    copyFileSync(copy, `${file}.new`);
    writeFileSync(
      `${file}.replaced.json`,
      JSON.stringify({ kept, backup: copy, reason: 'it was damaged', freeze: null }),
    );
    return { folder, file, kept };
  }

  it('before anything was moved is ended at the next start', async () => {
    const { folder, file, kept } = await begun();
    const store = await mustOpen(folder);
    expect(kindsOf(store)).toContain('engine.restored');
    expect(store.reads.row('engine', 'engine')?.frozenAt ?? null).toBeNull();
    expect(readdirSync(kept)).toEqual(['signalbox.db']);
    expect(pendingNote(folder)).toBeNull();
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  it('between two moves is ended at the next start: the log of the old database never meets the new one', async () => {
    const { folder, file, kept } = await begun();
    mkdirSync(kept, { recursive: true });
    renameSync(file, join(kept, 'signalbox.db'));
    writeFileSync(`${file}-wal`, 'the log of the old one');
    const store = await mustOpen(folder);
    expect(kindsOf(store)).toContain('engine.restored');
    expect(readFileSync(join(kept, 'signalbox.db-wal'), 'utf8')).toBe('the log of the old one');
  });

  it('before it was decided leaves nothing', async () => {
    const { folder, file } = await begun();
    renameSync(`${file}.replaced.json`, `${file}.replaced.json.part`);
    finishReplacement(folder);
    expect(existsSync(`${file}.new`)).toBe(false);
    expect(kindsOf(await mustOpen(folder))).not.toContain('engine.restored');
  });

  it('after all was moved is only told', async () => {
    const { folder } = await begun();
    finishReplacement(folder);
    const again = await mustOpen(folder);
    expect(kindsOf(again).filter((kind) => kind === 'engine.restored')).toHaveLength(1);
  });
});

it('leaves everything where it is when the copy cannot be copied', async () => {
  const { folder } = await folderWithCopies();
  const before = readFileSync(databaseFile(folder));
  const copy = join(backupFolder(folder), 'no-database');
  writeFileSync(copy, 'no database at all');
  const replaced = await replaceDatabase({ folder, copy, keepAs: 'replaced', reason: '', freeze: () => null, now });
  expect(replaced).toMatchObject({ ok: false, error: { type: 'storeFailed' } });
  expect(readFileSync(databaseFile(folder))).toEqual(before);
  expect(pendingNote(folder)).toBeNull();
  expect(existsSync(join(folder, 'replaced'))).toBe(false);
});

describe('tells how a database is:', () => {
  const look = (file: string, inUse = false) =>
    lookAtDatabase(Database, { file, newestSchema: migrations.length, inUse });

  it('sound, damaged, empty or none of ours', async () => {
    const { folder } = await folderWithCopies();
    const file = databaseFile(folder);
    expect(look(file)).toEqual({ state: 'sound' });
    expect(look(file, true)).toEqual({ state: 'sound' });
    expect(look(join(folder, 'none'))).toEqual({ state: 'empty' });
    const fresh = join(folder, 'fresh.db');
    new Database(fresh).exec('PRAGMA user_version = 1; PRAGMA user_version = 0; VACUUM').close();
    expect(look(fresh)).toEqual({ state: 'empty' });
    spoilTree(file);
    expect(look(file)).toMatchObject({ state: 'damaged' });
    expect(look(file, true)).toMatchObject({ state: 'damaged' });
    overwrite(file, 0, 50);
    expect(look(file)).toEqual({ state: 'damaged', reason: 'file is not a database' });
    mkdirSync(join(folder, 'folder.db'));
    expect(look(join(folder, 'folder.db'))).toMatchObject({ state: 'refused' });
  });
});
