import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Copies, listCopies } from '../../src-main/store/backup/copies.ts';
import { backupFolder } from '../../src-main/store/data-files.ts';
import { openEngineStore } from '../../src-main/store/safe-mode.ts';
import { refuseWrites } from '../support/file-size-limit.ts';
import { taskSpec } from '../support/samples.ts';
import { notYet, until } from '../support/until.ts';
import { expectSound, KeptMessages, openTestStore } from './open-test-store.ts';
import { addTask } from './sample-events.ts';

const mebibyte = 1024 * 1024;
const programPath = (name: string) => fileURLToPath(new URL(`../fixtures/store/${name}.ts`, import.meta.url));

/** Starts a program of tests/fixtures/store; killed at the end of the test at the latest. */
function start(name: string, argument: string) {
  const child = spawn(process.execPath, [programPath(name), argument], { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  onTestFinished(kill);
  return { child, kill };
}

/** A closed database of so many mebibytes. */
async function closedFolder(size: number) {
  const { store, folder, file } = await openTestStore();
  for (let count = 0; count < size; count += 1) {
    const work = { kind: 'prompt', prompt: 'x'.repeat(mebibyte / 2), config: {} } as const;
    await store.write((unit) => addTask(unit, { spec: taskSpec({ work }) }));
  }
  await store.close();
  return { folder, file };
}

function openAsEngine(folder: string) {
  return openEngineStore({ folder, logger: new KeptMessages(), now: () => 0, mode: 'work', unclean: false });
}

it.skipIf(process.platform !== 'linux')(
  'R75 says why a copy cannot be made when its disk takes no more, and leaves no half of it',
  async () => {
    const { store, folder, file } = await openTestStore();
    await store.write((unit) => addTask(unit));
    const copies = new Copies({ folder, now: () => Date.UTC(2026, 6, 1) });
    onTestFinished(() => copies.close());
    const allow = refuseWrites();
    const made = await copies.create('rotating').finally(allow);
    expect(made).toEqual({
      ok: false,
      error: {
        type: 'storeFailed',
        message: expect.stringMatching(
          /^The database could not be copied: (The disk that holds|The disk reported an error while) .*\.db/,
        ),
        remedy: expect.stringMatching(/[Ff]ree some space on that disk|Check the disk and its free space/),
      },
    });
    expect(readdirSync(backupFolder(folder))).toEqual([]);
    expect(store.facts().trouble).toBeNull();

    expect((await copies.create('rotating')).ok).toBe(true);
    expect(listCopies(folder)).toHaveLength(1);
    await store.close();
    expectSound(file);
  },
);

it('R75 removes at the next start what an engine left that was killed in the middle of a copy, and never lists it', async () => {
  const { folder, file } = await closedFolder(40);
  const halves = () =>
    existsSync(backupFolder(folder)) ? readdirSync(backupFolder(folder)).filter((name) => name.endsWith('.part')) : [];
  let left: readonly string[] = [];
  for (let round = 0; round < 10 && left.length === 0; round += 1) {
    const { kill } = start('copy-for-ever', folder);
    await until('a copy under way', () => {
      const [half] = halves();
      const size =
        half === undefined ? 0 : (statSync(join(backupFolder(folder), half), { throwIfNoEntry: false })?.size ?? 0);
      return size > mebibyte ? true : notYet(size);
    });
    await kill();
    left = halves();
  }
  expect(left).toHaveLength(1);
  for (const { path } of listCopies(folder)) {
    expect(path).not.toContain('.part');
    expectSound(path);
  }

  const opened = await openAsEngine(folder);
  expect(opened.ok).toBe(true);
  if (opened.ok) await opened.value.close();
  expect(readdirSync(backupFolder(folder)).filter((name) => name.includes('.part'))).toEqual([]);
  expectSound(file);
}, 120_000);

it('R75 refuses a database that another process holds, and leaves it byte for byte', async () => {
  const { folder, file } = await closedFolder(1);
  const before = readFileSync(file);
  const { child, kill } = start('hold-database', file);
  await once(child.stdout, 'data');
  const opened = await openAsEngine(folder);
  await kill();
  expect(opened).toEqual({
    ok: false,
    error: {
      type: 'storeFailed',
      message: `Another process has held the database ${file} for too long; nothing of the change was stored.`,
      remedy: 'End the other process that uses this data folder, then try again.',
    },
  });
  expect(readFileSync(file).equals(before)).toBe(true);
  const again = await openAsEngine(folder);
  expect(again.ok).toBe(true);
  if (again.ok) await again.value.close();
}, 60_000);

/** The number of the user nobody, on every Linux. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

/** Root is not held by modes: it becomes nobody for the test, where it may. */
function runUnprivileged(argv: readonly string[]) {
  const rights = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--no-new-privs', process.execPath];
  const [command = '', ...rest] = isRoot ? ['setpriv', ...rights, ...argv] : [process.execPath, ...argv];
  return spawnSync(command, rest, { encoding: 'utf8', timeout: 30_000 });
}

const canBeHeld = process.platform !== 'win32' && runUnprivileged([programPath('open-and-tell'), '/none']).status === 0;

// Skipped on Windows, which has no modes, and where root cannot become a user whom they hold.
describe.skipIf(!canBeHeld)('R75 refuses with a sentence, and leaves byte for byte,', () => {
  it.each([
    {
      what: 'a database that may only be read',
      fileMode: 0o444,
      folderMode: 0o755,
      message: (file: string) => `The database ${file} may not be written: EACCES: permission denied, open '${file}'.`,
    },
    {
      what: 'a folder that may only be read',
      fileMode: 0o644,
      folderMode: 0o555,
      message: (file: string) => `The database ${file} may only be read; nothing of the change was stored.`,
    },
  ])('$what', async ({ fileMode, folderMode, message }) => {
    const { folder, file } = await closedFolder(1);
    const before = readFileSync(file);
    const names = readdirSync(folder);
    if (isRoot) for (const path of [file, folder]) chownSync(path, nobody, nobody);
    chmodSync(file, fileMode);
    chmodSync(folder, folderMode);
    onTestFinished(() => chmodSync(folder, 0o755));
    const { stdout, stderr } = runUnprivileged([programPath('open-and-tell'), folder]);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      type: 'storeFailed',
      message: message(file),
      remedy: 'Make the file and its folder writable for your user, then start Signalbox again.',
    });
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(names);
  });
});
