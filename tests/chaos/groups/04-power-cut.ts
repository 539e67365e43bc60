import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { databaseFile } from '../../../src-main/store/data-files.ts';
import { BusyProcess } from '../busy-process.ts';
import type { FaultGroup, Trial } from '../fault-group.ts';
import type { LogFrames } from '../log-frames.ts';
import { readLogFrames } from '../log-frames.ts';
import { historyHolds } from '../properties/history.ts';
import { databaseSound, rowsFollowFromEvents } from '../properties/rows.ts';
import { storedEvents } from '../properties/stored-history.ts';
import { contentOf, differences } from '../stored-content.ts';

/** What becomes of the log's end when the power goes: bytes that were never flushed. @returns the first changed byte. */
const cuts: Readonly<Record<string, (log: Buffer, from: number, trial: Trial) => { log: Buffer; at: number }>> = {
  'the end is missing': (log, from, trial) => {
    const at = trial.between(from, log.length + 1);
    return { log: log.subarray(0, at), at };
  },
  'the end is zeros': (log, from, trial) => {
    const at = sectorAt(trial.between(from, log.length), from);
    return { log: Buffer.from(log).fill(0, at), at };
  },
  'a sector is zeros': (log, from, trial) => {
    const at = sectorAt(trial.between(from, log.length), from);
    return { log: Buffer.from(log).fill(0, at, at + 512), at };
  },
  'a sector is garbage': (log, from, trial) => {
    const at = sectorAt(trial.between(from, log.length), from);
    const changed = Buffer.from(log);
    for (let index = at; index < Math.min(log.length, at + 512); index += 1) changed[index] = trial.between(0, 256);
    return { log: changed, at };
  },
  'a bit is flipped': (log, from, trial) => {
    const at = trial.between(from, log.length);
    const changed = Buffer.from(log);
    changed[at] = (changed[at] ?? 0) ^ (1 << trial.between(0, 8));
    return { log: changed, at };
  },
  'sectors arrived in another order': (log, from, trial) => {
    const at = sectorAt(trial.between(from, log.length), from);
    const changed = Buffer.from(log);
    const later = sectorAt(trial.between(at, log.length), at);
    log.copy(changed, at, later, Math.min(log.length, later + 512));
    return { log: changed, at };
  },
};

/** Where the sector of a byte begins; not before a place. */
function sectorAt(byte: number, least: number): number {
  return Math.max(least, byte - (byte % 512));
}

/** The power goes while the store writes. */
export const powerCut: FaultGroup = {
  number: 4,
  title: 'A power cut',
  faults: [
    'The files of a store that writes without rest are copied at random moments, while its process stands still. Opened as they are, they hold everything that was acknowledged.',
    'Of each copy the end of the log, which was not copied into the database yet, is cut off, zeroed, torn, filled with garbage, mixed up or has a flipped bit: what is opened is exactly the state after the last transaction whose frames are whole, never a mixture.',
    'Damage to frames that a checkpoint had begun to copy, which no power cut makes: either the state of an earlier transaction, or recognised as damaged.',
  ],
  run: async (context) => {
    await context.trials('copies at random moments', { short: 2, full: 40 }, async (trial) => {
      const folder = trial.makeFolder();
      const busy = new BusyProcess(folder, trial.between(1, 1_000_000));
      trial.cleanUp(() => busy.kill());
      await busy.stored(trial.between(20, 500));
      const moments = trial.form === 'short' ? 2 : 5;
      for (let moment = 0; moment < moments; moment += 1) {
        await sleep(trial.between(0, 60));
        const copied = trial.makeFolder();
        const acknowledged = await busy.copyTo(copied);
        await lookAtCopy(trial, copied, acknowledged);
      }
      await busy.end();
    });
  },
};

async function lookAtCopy(trial: Trial, folder: string, acknowledged: number): Promise<void> {
  const file = databaseFile(folder);
  const kept = join(folder, 'kept');
  mkdirSync(kept);
  for (const suffix of ['', '-wal', '-shm']) copyFileSync(`${file}${suffix}`, join(kept, `db${suffix}`));
  const whole = storedEvents(folder).map((event) => JSON.stringify(event));
  trial.expect(whole.length >= acknowledged, `${acknowledged} events were acknowledged, ${whole.length} are stored.`);
  await trial.hold(...historyHolds(folder), rowsFollowFromEvents(folder), databaseSound(folder));
  trial.saw('copies of a busy store', 1);
  const log = readFileSync(join(kept, 'db-wal'));
  if (log.length === 0) return;
  const frames = readLogFrames(log, join(kept, 'db-shm'));
  const put = (changed: Buffer) => {
    rmSync(`${file}-shm`, { force: true });
    copyFileSync(join(kept, 'db'), file);
    writeFileSync(`${file}-wal`, changed);
  };
  for (const [what, cut] of Object.entries(cuts)) {
    const from = frames.copiedBytes;
    if (from >= log.length) continue;
    const { log: changed, at } = cut(log, from, trial);
    await lookAtCut(trial, { folder, what, log, changed, at, frames, put });
  }
  if (trial.random() < 0.3) await lookAtOldDamage(trial, { folder, whole, log, put });
}

/** Nothing before the first changed byte may be lost, and nothing after it may be half there. */
async function lookAtCut(
  trial: Trial,
  cut: {
    readonly folder: string;
    readonly what: string;
    readonly log: Buffer;
    readonly changed: Buffer;
    readonly at: number;
    readonly frames: LogFrames;
    readonly put: (changed: Buffer) => void;
  },
): Promise<void> {
  const { folder, what, log, changed, at, frames, put } = cut;
  const last = changed.equals(log) ? log.length : (frames.commits.findLast((end) => end <= at) ?? 0);
  put(log.subarray(0, last));
  const expected = contentOf(folder);
  put(changed);
  const mixed = differences(contentOf(folder), expected);
  trial.expect(mixed.length === 0, `Log changed at byte ${at} (${what}): not the state before it.`, mixed);
  await trial.hold(databaseSound(folder));
  if (trial.random() < 0.2) await trial.hold(...historyHolds(folder), rowsFollowFromEvents(folder));
  trial.saw(what);
}

/** A place that was flushed long ago: that may be past mending, but is never passed off as whole. */
async function lookAtOldDamage(
  trial: Trial,
  copy: {
    readonly folder: string;
    readonly whole: readonly string[];
    readonly log: Buffer;
    readonly put: (changed: Buffer) => void;
  },
): Promise<void> {
  const { folder, whole, log, put } = copy;
  const changed = Buffer.from(log);
  const at = trial.between(0, log.length);
  changed[at] = (changed[at] ?? 0) ^ (1 << trial.between(0, 8));
  put(changed);
  const found = await rowsFollowFromEvents(folder).catch((error: unknown) => ({ violations: [String(error)] }));
  const isRecognised = found.violations.length > 0;
  const isEarlier =
    !isRecognised && storedEvents(folder).every((event, index) => JSON.stringify(event) === whole[index]);
  trial.expect(isRecognised || isEarlier, `A flipped bit at byte ${at} of the log was neither harmless nor noticed.`);
  trial.saw(isRecognised ? 'old damage that was recognised' : 'old damage that led to an earlier state');
}
