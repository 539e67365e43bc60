import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger, Store } from '../../../src-main/core/ports.ts';
import { Copies } from '../../../src-main/store/backup/copies.ts';
import { backupFolder, databaseFile, keptFolder } from '../../../src-main/store/data-files.ts';
import { openStore } from '../../../src-main/store/open-store.ts';
import { openEngineStore } from '../../../src-main/store/safe-mode.ts';
import { choiceFrom, steps } from '../../store/random-histories.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import type { FaultGroup, Trial } from '../fault-group.ts';
import { rowsFollowFromEvents } from '../properties/rows.ts';
import { storedEvents } from '../properties/stored-history.ts';
import { contentOf, differences } from '../stored-content.ts';

const silent: Logger = { info: () => {}, warn: () => {}, error: () => {} };
const pageBytes = 4_096;
/**
 * Texts that have no second copy to be compared with, and SQLite's pages have no sums: workflow versions, and of events
 * what no row follows from, such as a reason or when something was done.
 */
const storedOnce = new Set(['workflow_versions', 'events']);
const ignored = new Set(['engine.restored', 'engine.frozen']);

type Damaging = (bytes: Buffer, trial: Trial) => Buffer;

/** Ways in which a file goes bad. */
const damages: Readonly<Record<string, Damaging>> = {
  'a flipped bit': (bytes, trial) => {
    const at = trial.between(0, bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << trial.between(0, 8));
    return bytes;
  },
  'several changed bytes': (bytes, trial) => {
    for (let count = trial.between(2, 40); count > 0; count -= 1) {
      bytes[trial.between(0, bytes.length)] = trial.between(0, 256);
    }
    return bytes;
  },
  'a shorter file': (bytes, trial) => bytes.subarray(0, trial.between(0, bytes.length)),
  'a damaged header': (bytes, trial) => {
    for (let count = trial.between(1, 20); count > 0; count -= 1) bytes[trial.between(0, 100)] = trial.between(0, 256);
    return bytes;
  },
  'a page of zeros': (bytes, trial) => bytes.fill(0, ...pageOf(bytes, trial)),
  'a page of garbage': (bytes, trial) => {
    const [from, to] = pageOf(bytes, trial);
    for (let at = from; at < to; at += 1) bytes[at] = trial.between(0, 256);
    return bytes;
  },
  'a page of another place': (bytes, trial) => {
    const [from] = pageOf(bytes, trial);
    bytes.copyWithin(from, ...pageOf(bytes, trial));
    return bytes;
  },
};

function pageOf(bytes: Buffer, trial: Trial): [number, number] {
  const page = trial.between(0, Math.floor(bytes.length / pageBytes));
  return [page * pageBytes, (page + 1) * pageBytes];
}

/** A good database, its copy, and how it looked when each was made. */
interface Original {
  readonly folder: string;
  readonly content: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

/** Files that went bad while no engine had them. */
export const damagedDatabase: FaultGroup = {
  number: 7,
  title: 'A damaged database',
  faults: [
    'The file of a closed database gets flipped bits, changed bytes, a wrong length, a bad header, or pages of zeros, of garbage or of another place; with a copy in the folder "backups" and without one.',
    'Whatever opens is right, or the doctor names the damage, but in texts that are stored once: of a workflow version, and of an event what no row follows from; what does not open is refused and left byte for byte; where a copy takes its place the damaged file is kept byte for byte, the copy is whole, and the engine starts frozen.',
  ],
  run: async (context) => {
    let original: Original | null = null;
    const cleanUps: (() => void)[] = [];
    await context.trials('damage', { short: 20, full: 500 }, async (trial) => {
      original ??= await makeOriginal(trial, cleanUps);
      await damageAndOpen(trial, original);
    });
    for (const cleanUp of cleanUps) cleanUp();
  },
};

async function makeOriginal(trial: Trial, cleanUps: (() => void)[]): Promise<Original> {
  const folder = `${trial.makeFolder()}-original`;
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  const store = await opened(openStore({ folder, logger: silent, now: () => 0 }));
  // The same for every trial, so that one that is repeated alone damages the same file.
  const random = seededRandom(7);
  await fill(store, random, 150);
  const copies = new Copies({ folder, now: () => 1_000 });
  const copy = await copies.create('asked');
  if (!copy.ok) throw new Error(copy.error.message);
  await fill(store, random, 60);
  await store.close();
  return { folder, content: contentOf(folder), events: storedEvents(folder).map((event) => JSON.stringify(event)) };
}

async function opened(opening: ReturnType<typeof openStore>): Promise<Store> {
  const store = await opening;
  if (!store.ok) throw new Error(store.error.message);
  return store.value;
}

async function fill(store: Store, random: () => number, units: number): Promise<void> {
  const number = (limit: number) => Math.floor(random() * limit);
  for (let unit = 0; unit < units; unit += 1) {
    await store.write((work) => {
      const choice = choiceFrom(Array.from({ length: 12 }, () => number(1_000)));
      for (let step = 0; step < 4; step += 1) steps[number(steps.length)]?.(work, choice);
      return null;
    });
  }
}

async function damageAndOpen(trial: Trial, original: Original): Promise<void> {
  const folder = join(trial.makeFolder(), 'data');
  cpSync(original.folder, folder, { recursive: true });
  const hasCopy = trial.random() < 0.6;
  if (!hasCopy) rmSync(backupFolder(folder), { recursive: true });
  const names = Object.keys(damages);
  const name = names[trial.between(0, names.length)] ?? '';
  const file = databaseFile(folder);
  const damaged = damages[name]?.(readFileSync(file), trial) ?? Buffer.alloc(0);
  writeFileSync(file, damaged);
  for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  const unclean = trial.random() < 0.7;
  const store = await openEngineStore({ folder, logger: silent, now: () => 5_000, mode: 'work', unclean });
  if (!store.ok) {
    trial.expect(hashOf(file) === hash(damaged), `${name}: the refused file was changed.`, store.error);
    trial.expect(
      store.error.remedy.length > 0 && store.error.message.includes(file),
      'The refusal does not help.',
      store.error,
    );
    trial.expect(!hasCopy || !/no good copy/.test(store.error.message), 'A good copy was not used.', store.error);
    trial.saw(`${name}: refused`);
    return;
  }
  const kept = keptFolder(folder, 'damaged');
  const isRestored = existsSync(kept);
  const isFrozen = store.value.reads.row('engine', 'engine')?.frozenAt != null;
  const findings = await store.value.diagnose();
  await store.value.close();
  if (isRestored) {
    const [time = ''] = readdirSync(kept);
    trial.expect(hashOf(join(kept, time, 'signalbox.db')) === hash(damaged), `${name}: the damaged file was not kept.`);
    trial.expect(isFrozen, `${name}: the engine did not start frozen from the copy.`);
    expectPrefix(trial, original, folder, name);
    await trial.hold(rowsFollowFromEvents(folder));
    trial.saw(`${name}: the copy took its place`);
    return;
  }
  const broken = findings.filter(({ status }) => status !== 'ok');
  if (broken.length > 0) {
    trial.saw(`${name}: found by the doctor`);
    return;
  }
  const wrong = damaged.length === 0 ? [] : differences(contentOf(folder), original.content);
  const untold = wrong.filter((table) => !storedOnce.has(table));
  trial.expect(untold.length === 0, `${name}: opened and silently wrong in ${untold.join(', ')}.`, unclean);
  const other = firstOtherEvent(original, folder);
  trial.expect(other === null, `${name}: opened, and an event is silently another one.`, other);
  trial.saw(
    wrong.length > 0 ? `${name}: changed a text that is stored once, which nothing tells` : `${name}: harmless`,
  );
}

/** The first event by which not the same happened to the same rows, as it was and as it is; null: there is none. */
function firstOtherEvent(original: Original, folder: string): readonly string[] | null {
  const events = storedEvents(folder);
  const skeleton = (event: Partial<Record<string, unknown>>) =>
    JSON.stringify(['seq', 'kind', 'runId', 'taskId', 'attemptId', 'agentId'].map((name) => event[name] ?? null));
  for (const [index, text] of original.events.entries()) {
    const [was, is] = [skeleton(JSON.parse(text)), skeleton(events[index] ?? {})];
    if (was !== is) return [was, is];
  }
  return null;
}

/** What the copy has is what was stored up to then. */
function expectPrefix(trial: Trial, original: Original, folder: string, name: string): void {
  const events = storedEvents(folder).filter(({ kind, actor }) => !(actor === 'engine' && ignored.has(kind)));
  const told = events.map((event) => JSON.stringify(event));
  const known = new Set(original.events);
  const isEarlier = told.length > 0 && told.every((event) => known.has(event));
  trial.expect(isEarlier, `${name}: what took its place is not an earlier state.`, told.length);
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function hashOf(path: string): string {
  return hash(readFileSync(path));
}
