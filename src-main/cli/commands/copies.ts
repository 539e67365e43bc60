import { closeSync, constants, copyFileSync, existsSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { answer } from '../answer.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { badInput, exitCodes, expectOk } from '../refused.ts';
import { safeJson } from '../safe-text.ts';

export interface BackupOptions extends CommonOptions {
  readonly to?: string;
}

/** `signalbox backup`: copies the database while work goes on; the copy was checked when it is named. */
export function backUp(context: CliContext, options: BackupOptions): Promise<number> {
  const to = options.to === undefined ? null : resolve(context.cwd, options.to);
  if (to !== null && existsSync(to)) {
    throw badInput(`${to} exists already, and was left as it is.`, 'Give --to a name that is free.');
  }
  return answer(
    context,
    options,
    async (client) => {
      const made = expectOk(await client.createBackup({}));
      return to === null ? made : { ...made, path: moveCopy(made.path, to) };
    },
    ({ path, bytes }) => [`Copied the database: ${path} (${(bytes / 1_000_000).toFixed(1)} MB).`],
  );
}

/** To another disk too; the copy is whole there before it is removed here. */
function moveCopy(from: string, to: string): string {
  try {
    copyFileSync(from, to, constants.COPYFILE_EXCL);
    const descriptor = openSync(to, 'r+');
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw badInput(`The copy could not be put to ${to}: ${reason}. It is kept as ${from}.`, 'Copy it from there.');
  }
  rmSync(from, { force: true });
  return to;
}

export interface RestoreOptions extends CommonOptions {
  readonly empty?: boolean;
}

/** `signalbox restore`: puts a copy in the database's place while no engine runs, and keeps what was there. */
export async function restore(context: CliContext, file: string | undefined, options: RestoreOptions): Promise<number> {
  if ((file === undefined) === (options.empty !== true)) {
    throw badInput(
      'Either a copy or --empty is needed.',
      'Write: signalbox restore FILE, or: signalbox restore --empty',
    );
  }
  const copy = file === undefined ? null : resolve(context.cwd, file);
  const { kept } = await context.restore(copy, options);
  const { terminal } = context;
  if (options.json === true) {
    terminal.printRaw(`${safeJson({ restored: copy, kept })}\n`);
    return exitCodes.done;
  }
  terminal.print(copy === null ? 'The database is empty now.' : `Restored ${copy}; the file itself stays where it is.`);
  if (kept !== null) terminal.print(`What was in its place is kept in ${kept}.`);
  return exitCodes.done;
}

export interface ExportOptions extends CommonOptions {
  readonly out?: string;
  readonly from?: string;
}

/** `signalbox export`: every row and event as a line of JSON. Exit code 1 when something could not be read. */
export async function exportAll(context: CliContext, options: ExportOptions): Promise<number> {
  const { terminal, cwd } = context;
  const from = options.from === undefined ? null : resolve(cwd, options.from);
  const out = options.out === undefined ? null : resolve(cwd, options.out);
  const descriptor = out === null ? null : createFile(out);
  const write = (line: string) => {
    if (descriptor === null) terminal.printRaw(`${line}\n`);
    else writeSync(descriptor, `${line}\n`);
  };
  try {
    const { rows, skipped } = await context.exportRows(from, write, options);
    for (const { table, reason } of skipped) terminal.note(`Skipped of ${table}: ${reason}`);
    terminal.note(`Wrote ${rows} rows${out === null ? '' : ` to ${out}`}.`);
    return skipped.length === 0 ? exitCodes.done : exitCodes.failed;
  } finally {
    if (descriptor !== null) {
      fsyncSync(descriptor);
      closeSync(descriptor);
    }
  }
}

function createFile(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw badInput(`${path} cannot be made: ${reason}.`, 'Give --out a name that is free, in a folder that exists.');
  }
}
