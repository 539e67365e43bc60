import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { PartTrouble } from '../../src-main/core/parts.ts';
import type { StoreUnit } from '../../src-main/core/ports.ts';
import { Checkpointer } from '../../src-main/store/checkpointer.ts';
import type { Connection } from '../../src-main/store/connection.ts';
import { taskSpec } from '../support/samples.ts';
import { notYet, until } from '../support/until.ts';
import { connectTo, expectSound, KeptMessages, openTestStore } from './open-test-store.ts';
import { addTask } from './sample-events.ts';

const mebibyte = 1024 * 1024;

/** Stores a mebibyte, and as much again in the event. */
function addLargeTasks(unit: StoreUnit): void {
  for (let count = 0; count < 4; count += 1) {
    const prompt = String(count).repeat(mebibyte / 4);
    addTask(unit, { spec: taskSpec({ work: { kind: 'prompt', prompt, config: {} } }) });
  }
}

it('R75 keeps the log under 64 MiB, however fast and long it is written', async () => {
  const { store, file, log } = await openTestStore();
  let largest = 0;
  let written = 0;
  const write = async () => {
    while (written < 300 * mebibyte) {
      written += 2 * mebibyte;
      await store.write(addLargeTasks);
      largest = Math.max(largest, statSync(`${file}-wal`).size);
    }
  };
  await Promise.all([write(), write(), write(), write()]);
  expect(largest).toBeGreaterThan(8 * mebibyte);
  expect(largest).toBeLessThan(64 * mebibyte);
  expect(log.warnings).toEqual([]);
  await store.close();
  expectSound(file);
}, 60_000);

it('copies the log into the database while the process goes on, without being asked again', async () => {
  const { store, file } = await openTestStore();
  const before = statSync(file).size;
  await store.write(addLargeTasks);
  await until('a checkpoint', () => {
    const { size } = statSync(file);
    return size > before + mebibyte ? true : notYet(size);
  });
  expect(statSync(`${file}-wal`).size).toBeLessThan(4 * mebibyte);
});

/** A checkpointer on a connection in the test's hand, with how often the writer was held. */
function openCheckpointer(connection: Connection, entry?: URL) {
  const log = new KeptMessages();
  const holds: string[] = [];
  const writer = { connection, hold: () => holds.push('hold'), resume: () => holds.push('resume') };
  const checkpointer = new Checkpointer({ writer, logger: log, ...(entry === undefined ? {} : { entry }) });
  onTestFinished(() => checkpointer.close());
  const automatic = () => connection.pragma('wal_autocheckpoint', { simple: true });
  return { checkpointer, log, holds, automatic };
}

it('carries out checkpoints with the commits themselves when the thread has died, and says so', async () => {
  const { file } = await openTestStore();
  const entry = new URL('../fixtures/store/failing-worker.ts', import.meta.url);
  const { checkpointer, log, automatic } = openCheckpointer(connectTo(file), entry);
  await until('the thread', () => (automatic() === 0 ? true : notYet(automatic())));
  await until('its death', () => {
    checkpointer.committed();
    return automatic() === 1_000 ? true : notYet(log.warnings);
  });
  expect(log.warnings).toEqual([
    'The checkpoint thread failed.',
    'The checkpoint thread has ended; commits carry out the checkpoints themselves from now on.',
  ]);
  checkpointer.committed();
  await checkpointer.close();
});

it('holds the writer while the log is long and its copying lags behind', async () => {
  const { store, file } = await openTestStore();
  await store.close();
  const connection = connectTo(file);
  const entry = new URL('../fixtures/store/stalled-worker.ts', import.meta.url);
  const { checkpointer, holds, automatic } = openCheckpointer(connection, entry);
  await until('the thread', () => (automatic() === 0 ? true : notYet(automatic())));
  const write = () =>
    connection.exec(
      "UPDATE counters SET value = value + 1; INSERT INTO counters VALUES ('place', hex(randomblob(3000000)), 1)",
    );
  const growTo = (size: number) => {
    while ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) < size) write();
  };
  growTo(20 * mebibyte);
  checkpointer.committed();
  expect(holds.filter((call) => call === 'hold')).toEqual([]);
  growTo(48 * mebibyte);
  checkpointer.committed();
  expect(holds.at(-1)).toBe('hold');
});

it('says once that the log cannot start over, while somebody reads an old state', async () => {
  const { store, file, log } = await openTestStore();
  await store.write(addTask);
  const reader = connectTo(file, { readonly: true });
  reader.exec('BEGIN; SELECT count(*) FROM events');
  for (let lot = 0; lot < 25; lot += 1) await store.write(addLargeTasks);
  await until('a warning', () => (log.warnings.length > 0 ? true : notYet(statSync(`${file}-wal`).size)));
  reader.exec('COMMIT');
  expect(log.warnings).toEqual([
    'The write-ahead log cannot start over: another process writes, or reads an old state.',
  ]);
  await until('a new start', () => {
    void store.write(addTask);
    const { size } = statSync(`${file}-wal`);
    return size <= 32 * mebibyte ? true : notYet(size);
  });
}, 60_000);

/** A process of its own that reads the present state of a database until it is ended. */
async function startReader(file: string) {
  const program = fileURLToPath(new URL('../fixtures/store/read-for-ever.ts', import.meta.url));
  const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  onTestFinished(end);
  await once(child.stdout, 'data');
  return { end };
}

it('R75 P8 waits some seconds for a process that reads an old state, then goes on, and says so until the log has shrunk', async () => {
  const told: (PartTrouble | null)[] = [];
  const { store, file } = await openTestStore({ logTrouble: (trouble) => told.push(trouble) });
  await store.write(addTask);
  const reader = await startReader(file);
  let longestMs = 0;
  let wokenAt = performance.now();
  const beat = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - wokenAt);
    wokenAt = performance.now();
  }, 5);
  onTestFinished(() => clearInterval(beat));
  const begun = performance.now();
  let largest = 0;
  const grow = async () => {
    await store.write((unit) => {
      for (let count = 0; count < 3; count += 1) addLargeTasks(unit);
    });
    if (told.length > 0) return true;
    largest = Math.max(largest, statSync(`${file}-wal`).size);
    return notYet(largest);
  };
  await until('trouble', grow, 60_000);
  expect(performance.now() - begun).toBeGreaterThan(2_500);
  expect(largest).toBeGreaterThan(56 * mebibyte);
  expect(largest).toBeLessThan(64 * mebibyte);
  const startedAt = performance.now();
  for (let lot = 0; lot < 10; lot += 1) await store.write(addLargeTasks);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect(told.at(-1)).toEqual({
    message: expect.stringMatching(/^Another process reads an old state of the database.* has grown to [5-9]\d MiB\.$/),
    remedy: expect.stringContaining('End that process'),
  });
  expect(longestMs).toBeLessThan(1_000);

  await reader.end();
  // Also when nothing is stored any more.
  await until('the end of the trouble', () => (told.at(-1) === null ? true : notYet(told.at(-1))));
  expect(statSync(`${file}-wal`).size).toBe(0);
  const before = told.length;
  for (let lot = 0; lot < 40; lot += 1) {
    await store.write(addLargeTasks);
    expect(statSync(`${file}-wal`).size).toBeLessThan(64 * mebibyte);
  }
  expect(told).toHaveLength(before);
  await store.close();
  expectSound(file);
}, 120_000);

it('closes while its thread is still starting, and more than once', async () => {
  const { file } = await openTestStore();
  const { checkpointer, log } = openCheckpointer(connectTo(file));
  checkpointer.committed();
  await checkpointer.close();
  expect(log.warnings).toEqual([]);
});
