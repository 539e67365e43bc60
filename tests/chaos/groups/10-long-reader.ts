import Database from 'better-sqlite3';
import { Copies } from '../../../src-main/store/backup/copies.ts';
import { databaseFile, fileSizes } from '../../../src-main/store/data-files.ts';
import { openStore } from '../../../src-main/store/open-store.ts';
import { addTask } from '../../store/sample-events.ts';
import { taskSpec } from '../../support/samples.ts';
import type { FaultGroup, Trial } from '../fault-group.ts';
import { databaseSound, rowsFollowFromEvents } from '../properties/rows.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const mebibyte = 1024 * 1024;
/** The bound of the write-ahead log that the group holds the store to. */
const maxWalBytes = 64 * mebibyte;
/** Half of what one reader may hold up: more than a burst of work writes while somebody reads. */
const burstBytes = 24 * mebibyte;

/** Readers and copies that hold up the write-ahead log while the store is busy. */
export const longReader: FaultGroup = {
  number: 10,
  title: 'A long reader, and copies under load',
  faults: [
    'A program reads an old state for as long as a burst of work takes, and lets go: the log stays below 64 MiB, is copied and starts over, and nobody is told SQLITE_BUSY.',
    'Work writes without rest for ten times the bound while nobody reads: the log stays below it.',
    'Copies are made one after the other in the middle of it: each is whole, and no write is refused.',
  ],
  run: async (context) => {
    await context.trials('a long reader', { short: 1, full: 5 }, (trial) =>
      load(trial, { reader: true, bytes: burstBytes }),
    );
    await context.trials('writes without rest', { short: 1, full: 3 }, (trial) =>
      load(trial, { reader: false, bytes: trial.form === 'short' ? burstBytes : 10 * maxWalBytes }),
    );
  },
};

async function load(trial: Trial, wanted: { readonly reader: boolean; readonly bytes: number }): Promise<void> {
  const folder = trial.makeFolder();
  const opened = await openStore({ folder, logger: silent, now: () => 0 });
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  await store.write((unit) => void addTask(unit));
  const reader = wanted.reader ? new Database(databaseFile(folder), { readonly: true }) : null;
  reader?.exec('BEGIN');
  const before = reader?.prepare('SELECT count(*) FROM tasks').pluck().get();
  const copies = new Copies({ folder, now: () => Date.now() });
  let copied = 0;
  let isLoaded = true;
  const copying = (async () => {
    while (isLoaded) {
      const copy = await copies.create('rotating');
      if (copy.ok) copied += 1;
      else trial.expect(false, 'A copy could not be made under load.', copy.error);
      copies.rotate(1);
    }
  })();
  // A failure is told when it is waited for, below.
  copying.catch(() => undefined);
  let longest = 0;
  let written = 0;
  const prompt = { kind: 'prompt' as const, prompt: 'x'.repeat(20_000), config: {} };
  while (written < wanted.bytes) {
    const units = Array.from({ length: 8 }, () =>
      store.write((unit) => {
        addTask(unit, { spec: taskSpec({ work: prompt }) });
        return null;
      }),
    );
    await Promise.all(units);
    // The specification is stored twice: in its event, and beside the task.
    written += units.length * 2 * prompt.prompt.length;
    longest = Math.max(longest, fileSizes(databaseFile(folder)).walBytes);
  }
  const after = reader?.prepare('SELECT count(*) FROM tasks').pluck().get();
  trial.expect(before === after, 'A reader saw two states in one transaction.', [before, after]);
  reader?.close();
  isLoaded = false;
  await copying;
  trial.expect(longest < maxWalBytes, 'The write-ahead log was longer than 64 MiB.', longest);
  trial.expect(copied > 0, 'No copy was made.');
  await store.close();
  trial.saw('copies under load', copied);
  trial.saw('MiB written', Math.round(written / mebibyte));
  await trial.hold(rowsFollowFromEvents(folder), databaseSound(folder, maxWalBytes));
}
