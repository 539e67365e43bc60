import sqlite from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { openReader, openWriter, stopWaiting } from '../../src-main/store/database.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('I1 survives a power cut with what it acknowledged: every commit is flushed, foreign keys are in force', () => {
  const writer = openWriter(sqlite, temporaryFolder(), 1);
  if (!writer.ok) throw new Error(writer.error.message);
  onTestFinished(() => void writer.value.close());
  const setting = (name: string) => writer.value.pragma(name, { simple: true });
  expect({
    journal: setting('journal_mode'),
    synchronous: setting('synchronous'),
    keys: setting('foreign_keys'),
  }).toEqual({ journal: 'wal', synchronous: 2, keys: 1 });
  expect(setting('busy_timeout')).toBe(5_000);
  stopWaiting(writer.value);
  expect(setting('busy_timeout')).toBe(4);
});

it('R29 refuses every change through the connection for reads', () => {
  const folder = temporaryFolder();
  const writer = openWriter(sqlite, folder, 1);
  if (!writer.ok) throw new Error(writer.error.message);
  writer.value.exec('CREATE TABLE notes (id)');
  const reader = openReader(sqlite, folder);
  onTestFinished(() => {
    reader.close();
    writer.value.close();
  });
  expect(() => reader.exec('INSERT INTO notes VALUES (1)')).toThrow('attempt to write a readonly database');
  expect(() => reader.exec('PRAGMA user_version = 7')).toThrow('attempt to write a readonly database');
});
