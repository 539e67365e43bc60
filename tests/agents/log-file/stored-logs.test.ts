import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createStoredLogs } from '../../../src-main/agents/log-file/stored-logs.ts';
import type { AttemptId } from '../../../src-main/contract/ids.ts';
import type { StoredLog } from '../../../src-main/core/ports-history.ts';
import { countingIds } from '../../support/counting-ids.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ids = countingIds();

async function listed(logs: ReturnType<typeof createStoredLogs>): Promise<StoredLog[]> {
  const all: StoredLog[] = [];
  for await (const lot of logs.listLogs()) all.push(...lot);
  return all;
}

function write(folder: string, id: AttemptId): void {
  writeFileSync(join(folder, `${id}.log`), '12345');
  writeFileSync(join(folder, `${id}.idx`), '123');
}

it('R75 lists logs with their sizes and removes them with their indexes, however many there are', async () => {
  const folder = temporaryFolder();
  const all = Array.from({ length: 150 }, () => ids.attemptId());
  for (const id of all) write(folder, id);
  const logs = createStoredLogs({ folder });
  const found = await listed(logs);
  expect(found.map(({ attemptId }) => attemptId).toSorted()).toEqual(all);
  expect(new Set(found.map(({ bytes }) => bytes))).toEqual(new Set([8]));
  const [kept, ...others] = all;
  await logs.removeLogs(others);
  await logs.removeLogs(others);
  expect((await listed(logs)).map(({ attemptId }) => attemptId)).toEqual([kept]);
  expect(existsSync(join(folder, `${others[0]}.idx`))).toBe(false);
});

it('touches nothing that a link leads to, and no file that is no log', async () => {
  const folder = temporaryFolder();
  const elsewhere = temporaryFolder();
  const [linked, plain, broken] = [ids.attemptId(), ids.attemptId(), ids.attemptId()];
  write(elsewhere, linked);
  symlinkSync(join(elsewhere, `${linked}.log`), join(folder, `${linked}.log`));
  writeFileSync(join(folder, 'notes.log'), 'mine');
  writeFileSync(join(folder, `${plain}.log`), 'without an index');
  mkdirSync(join(folder, `${broken}.log`));
  const logs = createStoredLogs({ folder });
  expect(await listed(logs)).toMatchObject([{ attemptId: plain, bytes: 16 }]);
  await logs.removeLogs([linked, plain, broken]);
  expect(existsSync(join(elsewhere, `${linked}.log`))).toBe(true);
  expect(existsSync(join(folder, `${linked}.log`))).toBe(true);
  expect(existsSync(join(folder, 'notes.log'))).toBe(true);
  expect(existsSync(join(folder, `${plain}.log`))).toBe(false);
});

it('finds none in a folder that is not there', async () => {
  expect(await listed(createStoredLogs({ folder: join(temporaryFolder(), 'logs') }))).toEqual([]);
});
