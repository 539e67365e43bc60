import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { describeTrouble, isBusy, isStoreTrouble, sqliteCode } from '../../src-main/store/sqlite-trouble.ts';

const error = (code: string) => new Database.SqliteError('it failed', code);

it.each([
  ['SQLITE_FULL', 'is full'],
  ['SQLITE_READONLY_DIRECTORY', 'may only be read'],
  ['SQLITE_CANTOPEN', 'cannot be opened'],
  ['SQLITE_PERM', 'may not use'],
  ['SQLITE_AUTH', 'may not use'],
  ['SQLITE_NOTADB', 'is not a database of Signalbox'],
  ['SQLITE_CORRUPT_INDEX', 'is damaged'],
  ['SQLITE_IOERR_WRITE', 'reported an error'],
  ['SQLITE_BUSY_RECOVERY', 'for too long'],
  ['SQLITE_NOMEM', 'not enough memory'],
])('R75 says in words what %s means, and what to do', (code, words) => {
  expect(isStoreTrouble(error(code))).toBe(true);
  const told = describeTrouble(error(code), '/data/signalbox.db');
  expect(told).toMatchObject({ type: 'storeFailed', message: expect.stringContaining(words) });
  expect(told.message).toContain('/data/signalbox.db');
  expect(told.remedy).toMatch(/\.$/);
});

it('tells the trouble of the store from the defect of a unit', () => {
  expect(isStoreTrouble(error('SQLITE_CONSTRAINT_UNIQUE'))).toBe(false);
  expect(isStoreTrouble(new Error('not decided'))).toBe(false);
  expect(sqliteCode(Object.assign(new Error('other'), { code: 'ENOENT' }))).toBeNull();
  expect(describeTrouble('something odd', '/data/signalbox.db').message).toContain('something odd');
});

it('knows a lock that another connection holds', () => {
  expect(isBusy(error('SQLITE_BUSY'))).toBe(true);
  expect(isBusy(error('SQLITE_LOCKED'))).toBe(true);
  expect(isBusy(error('SQLITE_FULL'))).toBe(false);
  expect(isBusy(null)).toBe(false);
});
