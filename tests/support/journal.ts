/** Reads what `journal-child.ts` wrote. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** When an attempt's process was seen to live, in nanoseconds of the system's monotonic clock. */
export interface JournalEntry {
  readonly attemptId: string;
  readonly from: bigint;
  readonly to: bigint;
  /** Whether the process came to its own end. */
  readonly ended: boolean;
}

/** The command line of a journal child. */
export function journalCommand(folder: string, name: string, ms: number): string[] {
  return [process.execPath, join(import.meta.dirname, 'journal-child.ts'), folder, name, String(ms)];
}

/** All journals of a folder by name, each with its attempts in the order in which they began. */
export function readJournals(folder: string): Map<string, JournalEntry[]> {
  return new Map(readdirSync(folder).map((name) => [name, readJournal(join(folder, name))]));
}

function readJournal(file: string): JournalEntry[] {
  const attempts = new Map<string, JournalEntry>();
  // The last line may be cut: its writer was killed.
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [attemptId, word, time] = line.split(' ');
    if (attemptId === undefined || word === undefined || time === undefined || time === '') continue;
    const at = BigInt(time);
    const from = attempts.get(attemptId)?.from ?? at;
    attempts.set(attemptId, { attemptId, from, to: at, ended: word === 'ended' });
  }
  return [...attempts.values()].toSorted((a, b) => (a.from < b.from ? -1 : 1));
}

/** Pairs of attempts of one journal that lived at the same time; there must be none. */
export function overlaps(entries: readonly JournalEntry[]): string[] {
  return entries.flatMap((entry, index) => {
    const before = entries[index - 1];
    if (before === undefined || entry.from > before.to) return [];
    return [`${before.attemptId} lived until ${before.to}, ${entry.attemptId} began at ${entry.from}`];
  });
}
