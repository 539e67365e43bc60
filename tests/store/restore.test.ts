import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { Copies, listCopies } from '../../src-main/store/backup/copies.ts';
import { checkDueFile } from '../../src-main/store/data-files.ts';
import { restoreDatabase } from '../../src-main/store/restore.ts';
import { openEngineStore } from '../../src-main/store/safe-mode.ts';
import { KeptMessages, openTestStore } from './open-test-store.ts';
import { addTask } from './sample-events.ts';

const now = Date.UTC(2026, 6, 2);

/** A closed database: the first task is in the copy too, the second is not. */
async function folderWithCopy() {
  const { store, folder, file } = await openTestStore();
  const { taskId: first } = await store.write((unit) => addTask(unit));
  const made = await new Copies({ folder, now: () => Date.UTC(2026, 6, 1) }).create('asked');
  if (!made.ok) throw new Error(made.error.message);
  const { taskId: second } = await store.write((unit) => addTask(unit));
  await store.close();
  return { folder, file, copy: made.value.path, first, second };
}

async function openAgain(folder: string) {
  const opened = await openEngineStore({
    folder,
    logger: new KeptMessages(),
    now: () => now,
    mode: 'idle',
    unclean: false,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

it('R75 puts a copy in the place of the database, keeps what was there, and says so in the history', async () => {
  const { folder, file, copy, first, second } = await folderWithCopy();
  const before = readFileSync(file);
  const restored = await restoreDatabase({ folder, copy, now });
  const kept = join(folder, 'replaced', '2026-07-02T00-00-00-000Z');
  expect(restored).toMatchObject({ ok: true, value: { kept, backup: copy, freeze: null } });
  expect(readFileSync(join(kept, 'signalbox.db'))).toEqual(before);
  expect(existsSync(copy)).toBe(true);
  const store = await openAgain(folder);
  expect(store.reads.row('task', first)).not.toBeNull();
  expect(store.reads.row('task', second)).toBeNull();
  expect(store.reads.listEvents({ afterSeq: 0, limit: 10 }).events.at(-1)).toMatchObject({
    kind: 'engine.restored',
    damaged: kept,
    backup: copy,
  });
  await store.close();
  expect(readdirSync(folder).sort()).toEqual(['backups', 'replaced', 'signalbox.db']);
});

it('R75 begins empty when that is wanted, and keeps a damaged database as what it is', async () => {
  const { folder, file } = await folderWithCopy();
  writeFileSync(file, 'no database any more, but long enough to be looked at as one'.repeat(100));
  writeFileSync(checkDueFile(folder), '');
  const restored = await restoreDatabase({ folder, copy: null, now });
  expect(restored).toMatchObject({
    ok: true,
    value: { kept: join(folder, 'damaged', '2026-07-02T00-00-00-000Z'), backup: null },
  });
  expect(existsSync(checkDueFile(folder))).toBe(false);
  const store = await openAgain(folder);
  expect(store.reads.countTasks().queued).toBe(0);
  expect(store.reads.listEvents({ afterSeq: 0, limit: 10 }).events).toMatchObject([
    { kind: 'engine.restored', backup: null },
  ]);
  await store.close();
  expect(listCopies(folder)).toHaveLength(1);
});

it('R75 restores where no database is any more', async () => {
  const { folder, file, copy, first } = await folderWithCopy();
  const elsewhere = join(folder, 'elsewhere.db');
  copyFileSync(copy, elsewhere);
  expect((await restoreDatabase({ folder, copy: null, now })).ok).toBe(true);
  expect((await restoreDatabase({ folder, copy: elsewhere, now })).ok).toBe(true);
  expect(readdirSync(join(folder, 'replaced')).sort()).toEqual([
    '2026-07-02T00-00-00-000Z',
    '2026-07-02T00-00-00-000Z-2',
  ]);
  const store = await openAgain(folder);
  expect(store.reads.row('task', first)).not.toBeNull();
  await store.close();
  expect(existsSync(`${file}.new`)).toBe(false);
});

describe('R75 refuses, and leaves everything as it is:', () => {
  it.each<[string, (paths: { folder: string; file: string; copy: string }) => string, string]>([
    ['the database itself', ({ file }) => file, 'is the database itself'],
    ['a file that is not there', ({ folder }) => join(folder, 'none.db'), 'There is no file'],
    ['a damaged copy', ({ folder }) => written(join(folder, 'bad.db'), 'no database'.repeat(500)), 'is damaged'],
    ['an empty one', ({ folder }) => written(join(folder, 'empty.db'), ''), 'Nothing is stored'],
    ['one of another program', ({ copy }) => changed(copy, 'application_id = 7'), 'another program'],
    ['one of a newer Signalbox', ({ copy }) => changed(copy, 'user_version = 99'), 'newer Signalbox'],
  ])('%s', async (_, choose, message) => {
    const { folder, file, copy } = await folderWithCopy();
    const chosen = choose({ folder, file, copy });
    const before = readFileSync(file);
    const restored = await restoreDatabase({ folder, copy: chosen, now });
    expect(restored).toMatchObject({ ok: false, error: { message: expect.stringContaining(message) } });
    expect(readFileSync(file)).toEqual(before);
    expect(existsSync(join(folder, 'replaced'))).toBe(false);
  });
});

function written(path: string, text: string): string {
  writeFileSync(path, text);
  return path;
}

function changed(path: string, pragma: string): string {
  const connection = new Database(path);
  connection.pragma(pragma);
  connection.close();
  return path;
}
