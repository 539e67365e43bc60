import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { TaskId } from '../../src-main/contract/ids.ts';
import { databaseFile } from '../../src-main/store/data-files.ts';
import { migrations } from '../../src-main/store/migrations/all-migrations.ts';
import { testAgent } from '../support/real-engine.ts';

/** The version of the newest schema. */
export const newestSchema = migrations.length;

/** A database as an earlier version left it when it died in the middle of its work. */
export interface OlderDatabase {
  readonly schema: number;
  /** Tasks that stand alone and were claimed, running, or waiting and may be done at once. */
  readonly openTasks: readonly TaskId[];
  /** Those of them that {@link olderWorker} does; the others were being cancelled, or ask for other agents. */
  readonly work: readonly TaskId[];
}

const openSql = `
SELECT t.id FROM tasks t WHERE t.run_id IS NULL AND t.held = 0 AND t.available_at_ms < 1800000000000
AND t.state IN ('claimed', 'running', 'queued')`;
const workSql = `${openSql} AND t.cancel_requested_at_ms IS NULL AND EXISTS (
  SELECT 1 FROM events e WHERE e.task_id = t.id AND e.kind = 'task.created'
  AND e.data ->> '$.spec.selector.type' = 'worker')`;

/**
 * Puts the database of an earlier schema into an empty data folder: what the first release wrote, with live work in
 * it, and the migrations up to that schema.
 */
export function putOlderDatabase(dataFolder: string, schema: number): OlderDatabase {
  const fixture = join(import.meta.dirname, '../fixtures/store/schema-1.sql');
  const connection = new Database(databaseFile(dataFolder));
  connection.exec(readFileSync(fixture, 'utf8'));
  for (let version = 2; version <= schema; version += 1) {
    connection.exec(migrations[version - 1] ?? '');
    connection.pragma(`user_version = ${version}`);
  }
  const ids = (sql: string) => connection.prepare<[], TaskId>(sql).pluck().all();
  const found = { schema, openTasks: ids(openSql), work: ids(workSql) };
  connection.close();
  return found;
}

/** An agent that does the work of such a database: its own are gone, as programs of another machine are. */
export const olderWorker = testAgent('older-worker', { type: 'worker' });
