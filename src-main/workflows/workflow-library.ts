import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { basename, extname, isAbsolute, join } from 'node:path';
import type { Problem } from '../contract/errors.ts';
import { workflowHashSchema } from '../contract/ids.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { WorkflowVersion } from '../contract/workflow.ts';
import type { FoundWorkflow, WorkflowLibrary } from '../core/ports.ts';
import type { ParsedWorkflow } from './parse-workflow.ts';
import { parseWorkflow } from './parse-workflow.ts';
import { maxFileBytes } from './yaml-file.ts';

/** How many parsed texts are kept. */
const maxKnown = 64;

type Origin = WorkflowVersion['origin'];

/** Where workflows come from. */
export interface WorkflowLibraryDeps {
  /** Folder of the workflows that come with Signalbox. */
  readonly bundledFolder: string;
  /** `<dataFolder>/workflows` holds the user's own, which replace bundled ones of the same name. It may be missing. */
  readonly dataFolder: string;
  /** The agent types there are now; a stage that asks for another is an error. Null: not known, everything passes. */
  readonly agentTypes?: () => readonly string[] | null;
}

/**
 * The workflows on disk, read anew on every question: a file that was saved in an editor counts at once. A file that
 * cannot be read is a workflow with a problem, so that a person sees why it is not there.
 */
export function createWorkflowLibrary(deps: WorkflowLibraryDeps): WorkflowLibrary {
  const userFolder = join(deps.dataFolder, 'workflows');
  const parsed = new Map<string, ParsedWorkflow>();

  return {
    list,
    find: (nameOrPath) => (isAbsolute(nameOrPath) ? findFile(nameOrPath) : findByName(nameOrPath)),
    check: (source) => {
      const { definition, problems } = parseWorkflow(source, agentTypes());
      return { definition, problems };
    },
  };

  function agentTypes(): readonly string[] | null {
    return deps.agentTypes?.() ?? null;
  }

  /** A text that was parsed before, against the same agent types, is not parsed again. */
  function parse(text: string): ParsedWorkflow {
    const types = agentTypes();
    const key = JSON.stringify([hashOf(text), types]);
    const known = parsed.get(key) ?? parseWorkflow(text, types);
    parsed.delete(key);
    parsed.set(key, known);
    const oldest = parsed.keys().next().value;
    if (parsed.size > maxKnown && oldest !== undefined) parsed.delete(oldest);
    return known;
  }

  /** A broken file of the user's replaces a bundled workflow too: to run another one in silence would be worse. */
  async function list(): Promise<readonly FoundWorkflow[]> {
    const bundled = await readFolder(deps.bundledFolder, 'bundled');
    const user = await readFolder(userFolder, 'user');
    const all = new Map([...bundled, ...user]);
    return [...all.values()].toSorted((a, b) => (a.summary.name < b.summary.name ? -1 : 1));
  }

  async function findByName(name: string): Promise<FoundWorkflow | null> {
    return (await list()).find(({ summary }) => summary.name === name) ?? null;
  }

  async function findFile(path: string): Promise<FoundWorkflow | null> {
    const text = await readText(path);
    return text === null ? null : toFound(path, 'file', text);
  }

  /** One file after the other, so that a folder of large files does not fill the memory. */
  async function readFolder(folder: string, origin: Origin): Promise<ReadonlyMap<string, FoundWorkflow>> {
    const byName = new Map<string, FoundWorkflow>();
    for (const file of await listFiles(folder)) {
      const path = join(folder, file);
      const text = await readText(path);
      const found = text === null ? null : toFound(path, origin, text);
      const first = found === null ? undefined : byName.get(found.summary.name);
      if (found !== null) {
        byName.set(found.summary.name, first === undefined ? found : withDuplicate(first, path));
      }
    }
    return byName;
  }

  function toFound(path: string, origin: Origin, text: Result<string, Problem>): FoundWorkflow {
    const source = text.ok ? text.value : '';
    const content = text.ok ? parse(text.value) : { name: null, definition: null, problems: [text.error] };
    const { definition, problems } = content;
    const name = content.name ?? nameOfFile(path);
    const summary = {
      name,
      title: definition?.title ?? name,
      description: definition?.description ?? '',
      origin,
      path,
      stages: definition?.stages.length ?? 0,
      problems,
    };
    const version =
      definition === null ? null : { hash: hashOf(source), name: definition.name, origin, source, definition };
    return { summary, source, version };
  }
}

/** SHA-256 of a workflow file's text: names one immutable version of it. */
function hashOf(source: string): WorkflowVersion['hash'] {
  return workflowHashSchema.parse(createHash('sha256').update(source).digest('hex'));
}

/** Of two files with one name in one folder the first counts, by the name of the file, and says so. */
function withDuplicate(first: FoundWorkflow, path: string): FoundWorkflow {
  const message = `${basename(path)} has the same name and is not used; give one of the two another name`;
  const problem: Problem = { severity: 'warning', message, line: 1, column: 1, path: 'name' };
  return { ...first, summary: { ...first.summary, problems: [...first.summary.problems, problem] } };
}

/** What a broken file is called: its own name, which is most likely the workflow's too. */
function nameOfFile(path: string): string {
  const name = basename(path, extname(path))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-0-9]+|-+$/g, '')
    .slice(0, 64);
  return name.replace(/-$/, '') || 'unnamed';
}

/** Names of the workflow files of a folder, sorted; none when it cannot be listed. */
async function listFiles(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => /\.ya?ml$/i.test(name) && !name.startsWith('.')).toSorted();
  } catch {
    return []; // the user's folder does not exist before there is a workflow in it
  }
}

/** The text of a file; a problem when it cannot be used, null when there is no such file. */
async function readText(path: string): Promise<Result<string, Problem> | null> {
  try {
    const bytes = await readBytes(path);
    return bytes === null ? unusable('This is not a file') : decode(bytes);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return null;
    }
    return unusable(`The file cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** At most one byte more than a workflow file may have; null for what is not a file. Does not wait on a pipe. */
async function readBytes(path: string): Promise<Uint8Array | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) {
      return null;
    }
    const buffer = Buffer.alloc(maxFileBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      ({ bytesRead: read } = await file.read(buffer, length, buffer.length - length));
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

function decode(bytes: Uint8Array): Result<string, Problem> {
  if (bytes.length > maxFileBytes) {
    return unusable(`The file is larger than ${maxFileBytes / 1_000} kB; move long texts into files of their own`);
  }
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return unusable('The file is not UTF-8 text; save it as UTF-8');
  }
}

function unusable(message: string): Result<never, Problem> {
  return err({ severity: 'error', message, line: 1, column: 1, path: '' });
}
