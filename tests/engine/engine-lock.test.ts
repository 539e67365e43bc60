import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { LockHolder } from '../../src-main/engine/engine-lock.ts';
import { acquireEngineLock, lockPath, readEngineLock } from '../../src-main/engine/engine-lock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function holder(pid: number): LockHolder {
  return { pid, startMark: `mark-${pid}`, socketPath: `/run/${pid}.sock`, version: '1.0.0', startedAt: pid };
}

/** Starters of one data folder in this process; `alive` says which of their made-up PIDs live. */
function starters(dataFolder: string) {
  const alive = new Set<number>();
  return {
    alive,
    start(pid: number) {
      alive.add(pid);
      return acquireEngineLock({
        dataFolder,
        self: holder(pid),
        isAlive: async (process) => {
          await new Promise((resolve) => setImmediate(resolve));
          return alive.has(process.pid) && process.startMark === `mark-${process.pid}`;
        },
        createNonce: () => crypto.randomUUID(),
      });
    },
  };
}

test('R80 a free folder is taken, says by whom, and is free again after the release', async () => {
  const folder = temporaryFolder();
  const { start } = starters(folder);
  expect(await readEngineLock(folder)).toBeNull();
  const lock = await start(1);
  if (!lock.ok) throw new Error('held');
  expect(lock.value.tookOverFrom).toBeNull();
  expect(await readEngineLock(folder)).toEqual(holder(1));
  await lock.value.release();
  expect(readdirSync(folder)).toEqual([]);
});

test('R80 a second starter learns who holds the folder, and changes nothing', async () => {
  const folder = temporaryFolder();
  const { start } = starters(folder);
  await start(1);
  const before = readFileSync(lockPath(folder), 'utf8');
  expect(await start(2)).toEqual({ ok: false, error: holder(1) });
  expect(readFileSync(lockPath(folder), 'utf8')).toBe(before);
  expect(readdirSync(folder)).toEqual(['engine.lock']);
});

test('R80 the lock of a dead holder is taken over', async () => {
  const folder = temporaryFolder();
  const { start, alive } = starters(folder);
  await start(1);
  alive.delete(1);
  const lock = await start(2);
  expect(lock).toMatchObject({ ok: true, value: { tookOverFrom: holder(1) } });
  expect(await readEngineLock(folder)).toEqual(holder(2));
  expect(readdirSync(folder)).toEqual(['engine.lock']);
});

test('R80 a reused PID does not keep the lock of its predecessor', async () => {
  const folder = temporaryFolder();
  const { start, alive } = starters(folder);
  const dead = { ...holder(1), startMark: 'another process of this number' };
  writeFileSync(lockPath(folder), JSON.stringify({ ...dead, nonce: 'n' }));
  alive.add(1);
  expect(await start(2)).toMatchObject({ ok: true, value: { tookOverFrom: dead } });
});

test.each(['', 'garbage', '{"pid":1}', '{"pid":"x"}'])('a damaged lock file (%j) holds nobody off', async (text) => {
  const folder = temporaryFolder();
  writeFileSync(lockPath(folder), text);
  expect(await readEngineLock(folder)).toBeNull();
  expect(await starters(folder).start(1)).toMatchObject({ ok: true, value: { tookOverFrom: null } });
});

test('a release by a holder whose lock is gone removes nothing of another', async () => {
  const folder = temporaryFolder();
  const { start, alive } = starters(folder);
  const first = await start(1);
  if (!first.ok) throw new Error('held');
  alive.delete(1);
  await start(2);
  await first.value.release();
  expect(await readEngineLock(folder)).toEqual(holder(2));
});

test('a folder that cannot hold a lock is an error of the system, not a free folder', async () => {
  const missing = join(temporaryFolder(), 'missing');
  await expect(starters(missing).start(1)).rejects.toThrow(/ENOENT/);
  expect(existsSync(missing)).toBe(false);
});

test('R80 of 30 starters at once exactly one takes over, however often the holder dies', async () => {
  const folder = temporaryFolder();
  const { start, alive } = starters(folder);
  let pid = 1;
  for (let round = 0; round < 15; round += 1) {
    const results = await Promise.all(Array.from({ length: 30 }, () => start(pid++)));
    const winners = results.filter((result) => result.ok);
    expect(winners).toHaveLength(1);
    const held = await readEngineLock(folder);
    expect(new Set(results.flatMap((result) => (result.ok ? [] : [result.error.pid])))).toEqual(new Set([held?.pid]));
    expect(readdirSync(folder)).toEqual(['engine.lock']);
    alive.clear();
  }
});

describe('R80 among ten processes', () => {
  const script = fileURLToPath(new URL('./lock-starter.ts', import.meta.url));

  async function startProcess(folder: string) {
    const child: ChildProcess = spawn(process.execPath, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await exited;
    });
    if (child.stdout === null) throw new Error('no output');
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    await lines.next();
    const tell = (text: string) => child.stdin?.write(`${text}\n`);
    const hear = async () => JSON.parse((await lines.next()).value as string) as { got?: number; heldBy?: number };
    return { child, exited, tell, hear };
  }

  /** Ten processes race. @returns the winner. */
  async function race(folder: string) {
    const racers = await Promise.all(Array.from({ length: 10 }, () => startProcess(folder)));
    for (const racer of racers) racer.tell('go');
    const heard = await Promise.all(racers.map((racer) => racer.hear()));
    const winners = racers.filter((_, index) => heard[index]?.got !== undefined);
    expect(winners).toHaveLength(1);
    const [winner] = winners;
    if (winner === undefined) throw new Error('nobody won');
    const losers = heard.filter(({ heldBy }) => heldBy !== undefined);
    expect(losers).toEqual(Array.from({ length: 9 }, () => ({ heldBy: winner.child.pid })));
    return winner;
  }

  test('one takes a free folder; after its death one takes over; after its release one takes it again', async () => {
    const folder = temporaryFolder();
    const first = await race(folder);
    first.child.kill('SIGKILL');
    await first.exited;
    const second = await race(folder);
    expect(await readEngineLock(folder)).toMatchObject({ pid: second.child.pid });
    second.tell('release');
    await second.exited;
    expect(readdirSync(folder)).toEqual([]);
    await race(folder);
  }, 60_000);
});
