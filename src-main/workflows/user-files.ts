import { mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { WorkflowHash } from '../contract/ids.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { FoundWorkflow, WorkflowLibrary } from '../core/ports.ts';
import type { FileTexts } from './file-texts.ts';
import type { ParsedWorkflow } from './parse-workflow.ts';

export interface UserFilesDeps {
  /** Folder of the user's own workflows; it is made with the first file. */
  readonly folder: string;
  readonly texts: FileTexts;
  /** The workflow of a name, bundled or the user's. */
  readonly find: (name: string) => Promise<FoundWorkflow | null>;
  /** The file of the user's at a path. */
  readonly read: (path: string) => Promise<FoundWorkflow | null>;
  readonly parse: (text: string) => Promise<ParsedWorkflow>;
}

/**
 * Writes and deletes the user's own workflow files. Names are checked by the contract and hold letters, digits, `-` and
 * `_` only, so that no path leaves the folder. One change after the other: what a change compares with is still there
 * when it is made. An editor that saves within the same milliseconds is not kept out; no file system can do that.
 */
export function createUserFiles(deps: UserFilesDeps): Pick<WorkflowLibrary, 'save' | 'remove'> {
  let last: Promise<unknown> = Promise.resolve();
  return {
    save: (change) => inTurn('saved', () => save(deps, change)),
    remove: (change) => inTurn('deleted', () => remove(deps, change)),
  };

  function inTurn<T>(done: string, work: () => Promise<Result<T, ApiError>>): Promise<Result<T, ApiError>> {
    const turn = last.then(work).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      const remedy = `Look at the disk and at who may write to ${deps.folder}; then try again.`;
      return refuse('unavailable', `The workflow file could not be ${done}: ${reason}.`, remedy);
    });
    last = turn;
    return turn;
  }
}

async function save(
  deps: UserFilesDeps,
  { name, source, replaces }: Parameters<WorkflowLibrary['save']>[0],
): Promise<Result<FoundWorkflow, ApiError>> {
  const sound = checkText(await deps.parse(source), name);
  if (!sound.ok) return sound;
  const target = await findTarget(deps, name, replaces);
  if (!target.ok) return target;
  const path = await realpath(target.value).catch(() => target.value);
  await writeWhole(path, source);
  deps.texts.forget(target.value);
  const saved = await deps.read(target.value);
  return saved === null ? vanished(name) : ok(saved);
}

async function remove(
  deps: UserFilesDeps,
  { name, replaces }: Parameters<WorkflowLibrary['remove']>[0],
): Promise<Result<null, ApiError>> {
  const found = await deps.find(name);
  if (found === null) return refuse('notFound', `There is no workflow ${name}.`, 'Nothing to delete.');
  if (found.summary.origin === 'bundled') {
    const remedy = 'Leave it: it is part of Signalbox. Only workflow files of your own can be deleted.';
    return refuse('refused', `Workflow ${name} comes with Signalbox and cannot be deleted.`, remedy, { field: 'name' });
  }
  if (found.hash !== replaces) return changedSince(found, replaces);
  await rm(found.summary.path);
  deps.texts.forget(found.summary.path);
  return ok(null);
}

/** Refuses a text that could not be run, or that is another workflow than it is said to be. */
function checkText(parsed: ParsedWorkflow, name: string): Result<null, ApiError> {
  const errors = parsed.problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first !== undefined) {
    const more = errors.length > 1 ? ` There are ${errors.length} errors in all.` : '';
    return refuse(
      'invalidInput',
      `The workflow has an error in line ${first.line}, column ${first.column}: ${first.message}.${more}`,
      'Correct the text; nothing was saved.',
      { field: 'source', problems: parsed.problems },
    );
  }
  if (parsed.name === name) return ok(null);
  const remedy = `Write name: ${name} in the file, or save it as ${parsed.name}.`;
  return refuse('invalidInput', `The file names its workflow ${parsed.name}, not ${name}.`, remedy, { field: 'name' });
}

/** The file to write, if that is what the person who edited believes it to be. */
async function findTarget(
  { folder, find, read }: UserFilesDeps,
  name: string,
  replaces: WorkflowHash | null,
): Promise<Result<string, ApiError>> {
  const found = await find(name);
  if (found?.summary.origin === 'bundled') {
    return refuse(
      'refused',
      `Workflow ${name} comes with Signalbox and cannot be changed.`,
      'Save a copy of it under another name; your copy can be changed.',
      { field: 'name' },
    );
  }
  if (found !== null) return found.hash === replaces ? ok(found.summary.path) : changedSince(found, replaces);
  if (replaces !== null) return vanished(name);
  const path = join(folder, `${name}.yaml`);
  const other = await read(path);
  if (other === null) return ok(path);
  const remedy = `Give the other file ${path} another name, or choose another name for this workflow.`;
  return refuse('conflict', `The file ${name}.yaml is there already, and holds ${other.summary.name}.`, remedy);
}

function changedSince({ summary }: FoundWorkflow, replaces: WorkflowHash | null) {
  const { name, path } = summary;
  return replaces === null
    ? refuse(
        'conflict',
        `There is a workflow ${name} of yours already: ${path}.`,
        'Choose another name, or open that workflow and change it.',
        { field: 'name' },
      )
    : refuse(
        'conflict',
        `Workflow ${name} was changed by something else since it was opened: ${path}.`,
        'Compare your text with the file as it is now, then save again.',
      );
}

function vanished(name: string) {
  const message = `The file of workflow ${name} was deleted by something else since it was opened.`;
  return refuse('conflict', message, 'Save it as a new workflow to keep your text.');
}

/** All of the text or the file as it was: written beside it under a name that is no workflow's, then moved into place. */
async function writeWhole(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `.${basename(path)}.${crypto.randomUUID().slice(0, 8)}.tmp`);
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
