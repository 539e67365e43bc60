import type { ApiError } from '../contract/errors.ts';

/** SQLite's name for what went wrong, such as `SQLITE_FULL`; null for an error that is not SQLite's. */
export function sqliteCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return error.code.startsWith('SQLITE_') ? error.code : null;
}

/** Whether another connection holds the lock that was asked for. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== null && (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'));
}

/** Whether an error says that what is in the file is damaged. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== null && (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT'));
}

/** What to do about a damaged database. */
export const damageRemedy =
  'Start the engine anew ("signalbox engine"): it keeps the damaged file, puts the newest good copy in its place, and waits for your decision. Or choose a copy yourself: signalbox restore FILE.';

/**
 * Whether an error says that the store failed and not the unit of work: constraints and misuse are defects of the
 * unit, everything else that SQLite reports is trouble with the file or the disk.
 */
export function isStoreTrouble(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== null && trouble.some(([prefix]) => code.startsWith(prefix));
}

type Sentence = (file: string) => { readonly message: string; readonly remedy: string };

/** SQLite's codes by their beginning, with what they mean to a person. */
const trouble: readonly (readonly [prefix: string, sentence: Sentence])[] = [
  [
    'SQLITE_FULL',
    (file) => ({
      message: `The disk that holds ${file} is full; nothing of the change was stored.`,
      remedy: 'Free some space on that disk, then try again.',
    }),
  ],
  [
    'SQLITE_READONLY',
    (file) => ({
      message: `The database ${file} may only be read; nothing of the change was stored.`,
      remedy: 'Make the file and its folder writable for your user, then start Signalbox again.',
    }),
  ],
  [
    'SQLITE_CANTOPEN',
    (file) => ({
      message: `The database ${file} cannot be opened.`,
      remedy: 'Check that its folder exists, that your user may read and write it, and that the disk is mounted.',
    }),
  ],
  ['SQLITE_PERM', unreadable],
  ['SQLITE_AUTH', unreadable],
  [
    'SQLITE_NOTADB',
    (file) => ({
      message: `${file} is not a database of Signalbox, or its beginning is damaged. It was left as it is.`,
      remedy: damageRemedy,
    }),
  ],
  [
    'SQLITE_CORRUPT',
    (file) => ({
      message: `The database ${file} is damaged. It was left as it is.`,
      remedy: damageRemedy,
    }),
  ],
  [
    'SQLITE_IOERR',
    (file) => ({
      message: `The disk reported an error while ${file} was read or written; nothing of the change was stored.`,
      remedy: 'Check the disk and its free space, then start Signalbox again.',
    }),
  ],
  [
    'SQLITE_BUSY',
    (file) => ({
      message: `Another process has held the database ${file} for too long; nothing of the change was stored.`,
      remedy: 'End the other process that uses this data folder, then try again.',
    }),
  ],
  [
    'SQLITE_NOMEM',
    (file) => ({
      message: `There was not enough memory to work on ${file}; nothing of the change was stored.`,
      remedy: 'End other programs, then try again.',
    }),
  ],
];

function unreadable(file: string): { readonly message: string; readonly remedy: string } {
  return {
    message: `Your user may not use the database ${file}.`,
    remedy: 'Make the file and its folder readable and writable for your user, then start Signalbox again.',
  };
}

/** What to tell a person about an error of the store. */
export function describeTrouble(error: unknown, file: string): ApiError {
  const code = sqliteCode(error) ?? '';
  const known = trouble.find(([prefix]) => code.startsWith(prefix));
  if (known !== undefined) return { type: 'storeFailed', ...known[1](file) };
  const reason = error instanceof Error ? error.message : String(error);
  return {
    type: 'storeFailed',
    message: `The database ${file} could not be used: ${reason}`,
    remedy: 'Check that the data folder exists and is writable, then start Signalbox again.',
  };
}
