import type { Connection } from './connection.ts';

const frameHeaderBytes = 24;

/**
 * `passive` copies what it can of the log without waiting for anyone. `restart` also waits for other connections, so
 * that the log starts over; it is quick when a passive one came just before, and the caller has no writer at work.
 * `truncate` does the same, and gives back the room of the log's file at once.
 */
export type CheckpointMode = 'passive' | 'restart' | 'truncate';

/** What a checkpoint left behind. */
export interface CheckpointReport {
  readonly mode: CheckpointMode;
  /** What the log holds, in bytes; its file may be larger until the log starts over. */
  readonly walBytes: number;
  /** Whether something was in the way: another writer, or somebody who reads an old state. */
  readonly busy: boolean;
}

/** Copies the write-ahead log into the database. */
export function checkpoint(connection: Connection, mode: CheckpointMode, pageBytes: number): CheckpointReport {
  const rows = connection.pragma(`wal_checkpoint(${mode})`) as { busy: number; log: number }[];
  const { busy = 0, log = 0 } = rows[0] ?? {};
  return { mode, busy: busy !== 0, walBytes: log * (pageBytes + frameHeaderBytes) };
}
