import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { apiTokenPath, readApiToken } from '../../src-main/transport/api-token-file.ts';
import { createHttpAccess, createSecret } from '../../src-main/transport/http-access.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('R71 secrets have 256 bits and are never the same', () => {
  expect(Buffer.from(createSecret(), 'base64url')).toHaveLength(32);
  expect(new Set(Array.from({ length: 100 }, createSecret)).size).toBe(100);
});

test('R71 tickets and visitors do not grow without bound: the oldest goes', () => {
  const access = createHttpAccess('token', () => 0);
  const tickets = Array.from({ length: 17 }, () => access.createTicket());
  expect(access.enter(tickets[0] ?? '')).toBeNull();
  expect(access.enter(tickets[1] ?? '')).not.toBeNull();
  const visitors = Array.from({ length: 65 }, () => access.enter(access.createTicket()) ?? '');
  expect(visitors.map((visitor) => access.isKnown(visitor)).indexOf(true)).toBe(1);
  expect(access.isApiToken('token')).toBe(true);
  expect(access.isApiToken('')).toBe(false);
});

test('R71 the token for programs is kept where only the person can read it', async () => {
  const folder = temporaryFolder();
  const token = await readApiToken(folder);
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(await readApiToken(folder)).toBe(token);
  expect(readFileSync(apiTokenPath(folder), 'utf8')).toBe(`${token}\n`);
  expect(process.platform === 'win32' ? 0o600 : statSync(apiTokenPath(folder)).mode & 0o777).toBe(0o600);
});

test('R71 a token that is damaged, or that others could read, is replaced', async () => {
  const folder = temporaryFolder();
  const path = apiTokenPath(folder);
  writeFileSync(path, 'short\n', { mode: 0o600 });
  const first = await readApiToken(folder);
  expect(first).toMatch(/^[\w-]{43}$/);
  chmodSync(path, 0o644);
  const second = await readApiToken(folder);
  expect(second === first).toBe(process.platform === 'win32');
});

test('a token file that cannot be read is no reason to make a new one', async () => {
  const folder = temporaryFolder();
  writeFileSync(`${folder}/file`, '');
  await expect(readApiToken(`${folder}/file`)).rejects.toThrow();
  expect(existsSync(apiTokenPath(folder))).toBe(false);
});
