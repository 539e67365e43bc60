import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { backupFolder, databaseFile, fileSizes } from '../../../src-main/store/data-files.ts';
import { runDiagnosis } from '../../../src-main/store/diagnose/run-diagnosis.ts';
import type { Held } from '../properties.ts';
import { held } from '../properties.ts';
import { lookAt } from './stored-history.ts';

/** The log before a checkpoint, several times over; without checkpoints it would only grow. */
const maxWalBytes = 64 * 1024 * 1024;

/**
 * P1: every task that was acknowledged has its row and the event that created it.
 * @param acknowledged ids that an engine gave back, kept outside of the engine.
 * @param ended whether each of them must have come to the state `completed` by now.
 */
export function noTaskLost(dataFolder: string, acknowledged: readonly string[], ended = true): Held {
  const violations = lookAt(dataFolder, (statements) =>
    acknowledged.flatMap((taskId) => {
      const state = statements.row('SELECT state FROM tasks WHERE id = ?', taskId)?.[0];
      if (state === undefined) return [`Task ${taskId} was acknowledged and has no row.`];
      if (ended && state !== 'completed') return [`Task ${taskId} is ${state} and not completed.`];
      const created = statements.number(
        "SELECT count(*) FROM events WHERE task_id = ? AND kind = 'task.created'",
        taskId,
      );
      return created === 1 ? [] : [`Task ${taskId} has ${created} events that created it.`];
    }),
  );
  return held('P1', acknowledged.length, violations);
}

/** P5: rows and derived tables are what the doctor makes of the events, in a thread of its own. */
export async function rowsFollowFromEvents(dataFolder: string): Promise<Held> {
  const findings = await runDiagnosis(databaseFile(dataFolder));
  const events = lookAt(dataFolder, (statements) => statements.number('SELECT count(*) FROM events'));
  const wrong = findings.filter(({ status }) => status !== 'ok').map(({ check, detail }) => `${check}: ${detail}`);
  return held('P5', events, wrong);
}

/** P8: the database opens, SQLite's full look at its structure finds nothing, and the log beside it is bounded. */
export function databaseSound(dataFolder: string, boundBytes = maxWalBytes): Held {
  const { walBytes } = fileSizes(databaseFile(dataFolder));
  const { found, pages } = lookAt(dataFolder, (statements) => ({
    found: statements.rows('PRAGMA quick_check(20)').map(([message]) => String(message)),
    pages: statements.number('PRAGMA page_count'),
  }));
  const damaged = found.filter((message) => message !== 'ok');
  const long = walBytes > boundBytes ? [`The write-ahead log has ${walBytes} bytes.`] : [];
  return held('P8', pages, [...damaged, ...long]);
}

/** P8 of the copies of the database: whatever has the name of one opens, and SQLite finds nothing wrong with it. */
export function backupsSound(dataFolder: string): Held {
  const folder = backupFolder(dataFolder);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.db')) : [];
  const violations = names.flatMap((name) => {
    try {
      const connection = new Database(join(folder, name), { readonly: true });
      const found = String(connection.pragma('quick_check(1)', { simple: true }));
      connection.close();
      return found === 'ok' ? [] : [`The copy ${name} is damaged: ${found}`];
    } catch (error) {
      return [`The copy ${name} does not open: ${String(error)}`];
    }
  });
  return held('P8', names.length, violations);
}
