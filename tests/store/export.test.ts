import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { exportRows } from '../../src-main/store/export-rows.ts';
import { migrations } from '../../src-main/store/migrations/all-migrations.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { connectTo, openTestStore } from './open-test-store.ts';
import { addTask, agentRegistered } from './sample-events.ts';

async function exported(file: string) {
  const lines: string[] = [];
  const result = await exportRows(file, (line) => lines.push(line), Date.UTC(2026, 6, 1));
  return { result, lines: lines.map((line) => JSON.parse(line)) };
}

async function filled(count: number) {
  const opened = await openTestStore();
  await opened.store.write((unit) => {
    unit.record([agentRegistered()]);
    for (let number = 0; number < count; number += 1) addTask(unit);
  });
  return opened;
}

it('R75 writes every row of every table as a line that any program reads, also while the database is in use', async () => {
  const { file } = await filled(1_203);
  const { result, lines } = await exported(file);
  const connection = connectTo(file, { readonly: true });
  const tables = connection
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all() as string[];
  for (const table of tables) {
    const stored = connection.prepare(`SELECT * FROM ${table}`).all();
    const written = lines.filter((line) => line.table === table).map(({ row }) => row);
    expect(new Set(written.map((row) => JSON.stringify(row)))).toEqual(
      new Set(stored.map((row) => JSON.stringify(row))),
    );
    expect(written).toHaveLength(stored.length);
  }
  expect(lines[0]).toEqual({
    export: 'signalbox',
    format: 1,
    schema: migrations.length,
    file,
    at: '2026-07-01T00:00:00.000Z',
  });
  expect(lines.at(-1)).toEqual({ end: true, rows: lines.length - 2, skipped: [] });
  expect(result).toEqual({ ok: true, value: { rows: lines.length - 2, skipped: [] } });
});

it('R75 writes of a damaged database what comes before and after the damage, and says what it skipped', async () => {
  const { store, file } = await filled(3_000);
  await store.close();
  const connection = new Database(file, { readonly: true });
  const root = Number(connection.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'events'").pluck().get());
  connection.close();
  const bytes = readFileSync(file);
  const leaf = middleLeaf(bytes, root);
  bytes.fill(0xa5, (leaf - 1) * 4_096, leaf * 4_096);
  writeFileSync(file, bytes);

  const { result, lines } = await exported(file);
  const numbers = lines.filter(({ table }) => table === 'events').map(({ row }) => Number(row.seq));
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers).toContain(1);
  expect(numbers).toContain(3_001);
  expect(numbers.length).toBeGreaterThan(2_900);
  expect(numbers.length).toBeLessThan(3_001);
  expect(lines.filter(({ table }) => table === 'tasks')).toHaveLength(3_000);
  expect(result).toMatchObject({ ok: true, value: { skipped: [{ table: 'events' }] } });
});

/** A page of rows in the middle of a table with one level above its rows. */
function middleLeaf(bytes: Buffer, root: number): number {
  const page = bytes.subarray((root - 1) * 4_096, root * 4_096);
  expect(page[0]).toBe(5);
  const cells = page.readUInt16BE(3);
  const cell = page.readUInt16BE(12 + 2 * Math.floor(cells / 2));
  return page.readUInt32BE(cell);
}

it('R75 skips a table that cannot be read at all, and goes on with the next', async () => {
  const { store, file } = await filled(3);
  await store.close();
  const connection = new Database(file, { readonly: true });
  const pageOf = (name: string) =>
    Number(connection.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name));
  const pages = [pageOf('counters'), pageOf('agents')];
  connection.close();
  const bytes = readFileSync(file);
  for (const page of pages) bytes.fill(0xa5, (page - 1) * 4_096, page * 4_096);
  writeFileSync(file, bytes);
  const { result, lines } = await exported(file);
  expect(result).toMatchObject({ ok: true, value: { skipped: [{ table: 'agents' }, { table: 'counters' }] } });
  expect(lines.filter(({ table }) => table === 'tasks')).toHaveLength(3);
});

it('refuses what is no database, and what holds nothing', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'diary'), 'Dear diary'.repeat(100));
  new Database(join(folder, 'empty.db')).exec('PRAGMA user_version = 1').close();
  expect((await exported(join(folder, 'diary'))).result).toMatchObject({ ok: false, error: { type: 'storeFailed' } });
  expect((await exported(join(folder, 'none'))).result).toMatchObject({ ok: false });
  expect((await exported(join(folder, 'empty.db'))).result).toMatchObject({ ok: false, error: { type: 'refused' } });
});
