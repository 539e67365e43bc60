import { accessSync, closeSync, constants, existsSync, openSync, rmSync, statSync } from 'node:fs';
import type { Backup } from '../contract/api-backups.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err } from '../contract/result.ts';
import type { Store } from '../core/ports.ts';
import type { Condition } from './backup/condition.ts';
import { listCopies, removeHalfCopies } from './backup/copies.ts';
import type { Underway } from './backup/copy-thread.ts';
import { startLook } from './backup/copy-thread.ts';
import { finishReplacement, forgetNote, pendingNote, replaceDatabase } from './backup/replace-database.ts';
import { checkDueFile, databaseFile } from './data-files.ts';
import { migrations } from './migrations/all-migrations.ts';
import type { OpenStoreOptions } from './open-store.ts';
import { openStore } from './open-store.ts';
import { damageRemedy } from './sqlite-trouble.ts';

export interface EngineStoreOptions extends OpenStoreOptions {
  /** Only an engine that works looks at the database and puts a copy in the place of a damaged one. */
  readonly mode: 'work' | 'idle';
  /** Whether the process before ended without giving the folder back: killed, or by a power cut. */
  readonly unclean: boolean;
  /** After this long at work the database is looked at in the background, in ms; ten seconds when not given. */
  readonly lookAfterMs?: number;
}

/** Larger databases take long enough to check for a person to be told, in bytes. */
const largeBytes = 64 * 1024 * 1024;

/**
 * Opens the store of an engine. After an unclean end the database is checked before work begins, otherwise in the
 * background after it. One that is damaged is kept whole in a folder of its own, the newest good copy takes its place,
 * and the engine starts frozen: a person looks first at what is missing.
 * @returns the store; or why not, with the files as they were.
 */
export async function openEngineStore(options: EngineStoreOptions): Promise<Result<Store, ApiError>> {
  const { folder, mode, unclean } = options;
  finishReplacement(folder);
  removeHalfCopies(folder);
  if (unclean) markCheckDue(folder);
  const damage: Damage = { error: null };
  const openOptions = {
    ...options,
    readFirst: mode === 'work',
    damaged: (error: unknown) => noteDamage(folder, damage, error),
  };
  if (mode === 'idle' || !mayBeWritten(databaseFile(folder))) return followUp(await openStore(openOptions), options);

  const checked = await checkAtStart(options);
  if (checked.state === 'damaged') {
    const refusal = await restoreNewest(options, checked.reason);
    if (refusal !== null) return err(refusal);
  }
  let opened = await openStore(openOptions);
  if (!opened.ok && checked.state === 'unchecked') {
    const found = await look(options).answer;
    if (found.state !== 'damaged') return opened;
    const refusal = await restoreNewest(options, found.reason);
    if (refusal !== null) return err(refusal);
    opened = await openStore(openOptions);
  }
  if (opened.ok) rmSync(checkDueFile(folder), { force: true });
  const store = await followUp(opened, options);
  return store.ok ? { ok: true, value: watched(store.value, options, damage, checked.state === 'unchecked') } : store;
}

/**
 * One that may only be read is refused at once: to look at it would leave a log beside it that may only be read too,
 * and would stand in the way when the file itself may be written again.
 */
function mayBeWritten(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch {
    return !existsSync(file);
  }
}

/** That the database is damaged; null: nothing is known of it. */
interface Damage {
  error: ApiError | null;
}

type StartCheck = { readonly state: 'sound' | 'unchecked' } | { readonly state: 'damaged'; readonly reason: string };

/** Looks at the database before anything is done with it, where there is a reason to. */
async function checkAtStart(options: EngineStoreOptions): Promise<StartCheck> {
  const { folder, logger } = options;
  if (isEmptied(folder)) return { state: 'damaged', reason: 'it has no content any more' };
  if (!existsSync(checkDueFile(folder))) return { state: 'unchecked' };
  const bytes = sizeOf(databaseFile(folder));
  const say = bytes > largeBytes ? 'warn' : 'info';
  const startedAt = performance.now();
  logger[say]('The database was not closed at the last end, or seemed damaged: it is checked before work begins.', {
    bytes,
  });
  const found = await look(options).answer;
  logger[say]('The database was checked.', { state: found.state, ms: Math.round(performance.now() - startedAt) });
  if (found.state === 'damaged') return found;
  return { state: found.state === 'sound' ? 'sound' : 'unchecked' };
}

/** A database of no bytes is a new one, unless there are copies of it. */
function isEmptied(folder: string): boolean {
  const file = databaseFile(folder);
  const isEmpty = existsSync(file) && sizeOf(file) === 0;
  return isEmpty && pendingNote(folder) === null && listCopies(folder).length > 0;
}

function look({ folder }: EngineStoreOptions, inUse = false): Underway<Condition> {
  return startLook({ file: databaseFile(folder), newestSchema: migrations.length, inUse });
}

/** @returns why no copy could be put in the place of the damaged database, which was then left where it is. */
async function restoreNewest(options: EngineStoreOptions, damage: string): Promise<ApiError | null> {
  const { folder, logger, now } = options;
  const file = databaseFile(folder);
  logger.error('The database is damaged; the newest good copy is looked for.', { reason: damage });
  for (const copy of listCopies(folder)) {
    const found = await startLook({ file: copy.path, newestSchema: migrations.length, inUse: false }).answer;
    if (found.state !== 'sound') {
      logger.warn('A copy is not good, and an older one is looked at.', { path: copy.path, state: found.state });
      continue;
    }
    const freeze = (kept: string) => freezeReason(copy, kept, damage);
    const reason = `the database was damaged: ${damage}`;
    const replaced = await replaceDatabase({
      folder,
      copy: copy.path,
      keepAs: 'damaged',
      reason,
      freeze,
      now: now(),
    });
    if (!replaced.ok) return replaced.error;
    logger.error('A copy was put in the place of the damaged database.', { ...replaced.value });
    return null;
  }
  return noGoodCopy(file, damage).error;
}

function freezeReason({ at, path }: Backup, kept: string, damage: string): string {
  const time = new Date(at).toISOString();
  return (
    `The database was damaged (${damage}). The copy of ${time} (${path}) is in its place: what was stored after that ` +
    `is missing. The damaged files are kept in ${kept}. Look at what is missing ("signalbox export --from ` +
    `${kept}/signalbox.db" writes out what can still be read), then thaw to go on.`
  );
}

function noGoodCopy(file: string, damage: string) {
  return refuse(
    'storeFailed',
    `The database ${file} is damaged (${damage}), and there is no good copy of it in the data folder. It was left as it is.`,
    'Put a copy from elsewhere in its place: signalbox restore FILE. Or start empty, which keeps the damaged file: signalbox restore --empty. What can still be read is written out by: signalbox export',
  );
}

/** Stores what was done before there was a store to say it in. */
async function followUp(
  opened: Result<Store, ApiError>,
  { folder, now }: EngineStoreOptions,
): Promise<Result<Store, ApiError>> {
  const note = pendingNote(folder);
  if (!opened.ok || note === null) return opened;
  const { kept, backup, reason, freeze } = note;
  await opened.value.write((unit) => {
    const moment = { at: now(), actor: 'engine' } as const;
    unit.record([{ ...moment, kind: 'engine.restored', damaged: kept ?? '', backup, reason }]);
    if (freeze !== null) unit.record([{ ...moment, kind: 'engine.frozen', reason: freeze }]);
    return null;
  });
  forgetNote(folder);
  return opened;
}

/** The store, looked at once in the background where it was not checked before; health tells what is found. */
function watched(store: Store, options: EngineStoreOptions, damage: Damage, isDue: boolean): Store {
  const { folder, logger, lookAfterMs = 10_000 } = options;
  let stopLook = () => {};
  const lookLater = async () => {
    const underway = look(options, true);
    stopLook = underway.stop;
    const found = await underway.answer;
    if (found.state !== 'damaged') return;
    logger.error('The database is damaged.', { reason: found.reason });
    noteDamage(folder, damage, found.reason);
  };
  const timer = isDue ? setTimeout(() => void lookLater(), lookAfterMs) : null;
  timer?.unref();
  return {
    ...store,
    facts: () => {
      const facts = store.facts();
      return { ...facts, trouble: damage.error ?? facts.trouble };
    },
    close: () => {
      if (timer !== null) clearTimeout(timer);
      stopLook();
      return store.close();
    },
  };
}

/** The next start checks the database before it works, and puts a copy in its place. */
function noteDamage(folder: string, damage: Damage, error: unknown): void {
  if (damage.error !== null) return;
  const reason = error instanceof Error ? error.message : String(error);
  const message = `The database ${databaseFile(folder)} is damaged: ${reason}.`;
  damage.error = { type: 'storeFailed', message, remedy: damageRemedy };
  markCheckDue(folder);
}

function markCheckDue(folder: string): void {
  closeSync(openSync(checkDueFile(folder), 'a', 0o600));
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
