import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Finding } from '../../contract/api-engine.ts';
import type { Connection } from '../connection.ts';
import { backupFolder } from '../data-files.ts';
import type { Check, Verdict } from './check.ts';
import { DiagnoseReader, faulty } from './check.ts';
import { counterCheck, leaseCheck, queueCheck } from './check-derived.ts';
import { eventCheck } from './check-events.ts';
import { foreignKeyCheck, integrityCheck, numberCheck } from './check-file.ts';
import { permissionCheck } from './check-permissions.ts';
import { runCheck } from './check-runs.ts';
import { taskCheck } from './check-tasks.ts';
import { setAsideCheck } from './set-aside.ts';

const checks: readonly Check[] = [
  integrityCheck,
  foreignKeyCheck,
  numberCheck,
  eventCheck,
  runCheck,
  taskCheck,
  permissionCheck,
  queueCheck,
  leaseCheck,
  counterCheck,
  setAsideCheck,
];

/**
 * Looks at everything that is stored. All checks are made, whatever the earlier ones found.
 * @param connection read-only, and the caller's to close.
 */
export function diagnoseDatabase(connection: Connection): readonly Finding[] {
  const reader = new DiagnoseReader(connection);
  return checks.map((check) => {
    const verdict = lookSafely(check, reader);
    return { check: check.name, remedy: remedyOf(verdict, connection.name), ...verdict };
  });
}

/** A damaged file makes any check fail in any place: that is then what it found. */
function lookSafely(check: Check, reader: DiagnoseReader): Verdict {
  try {
    return check.look(reader);
  } catch (error) {
    return faulty(`It could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function remedyOf(verdict: Verdict, file: string): string | null {
  if (verdict.status === 'warning') return verdict.remedy;
  return verdict.status === 'ok' ? null : remedyFor(file);
}

function remedyFor(file: string): string {
  const copies = backupFolder(dirname(file));
  const [newest] = existsSync(copies)
    ? readdirSync(copies)
        .filter((name) => name.endsWith('.db'))
        .sort()
        .reverse()
    : [];
  const keep = `Stop Signalbox and keep a copy of ${file}.`;
  if (newest === undefined) {
    return `${keep} There is no older copy of it: move it away to start empty, or go on with what can still be read.`;
  }
  return `${keep} Then put ${join(copies, newest)} in its place, or go on with what can still be read.`;
}
