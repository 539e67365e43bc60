import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Problem } from '../contract/errors.ts';
import { projectFolderName } from '../contract/project.ts';
import type { WorkflowVersion } from '../contract/workflow.ts';
import type { FoundWorkflow } from '../core/ports.ts';
import type { FileText, FileTexts } from './file-texts.ts';
import { unusable } from './file-texts.ts';
import { listInside, whyOutside } from './inside-folder.ts';
import type { ParsedWorkflow } from './parse-workflow.ts';

/** The agent types that stages may ask for; null: not known, everything passes. */
export type Types = readonly string[] | null;

/** Where a file was found, and the agent types that its stages may ask for. */
export interface From {
  readonly origin: WorkflowVersion['origin'];
  /** Folder of the project that brings it; null: none does. */
  readonly project: string | null;
  readonly types: Types;
}

/** Workflows by their name. */
export type NamedWorkflows = ReadonlyMap<string, FoundWorkflow>;

const workflowFile = /\.ya?ml$/i;
/** The most workflows that a project brings. */
const mostOfProject = 200;

/** Reads workflow files, one or all of a folder. A file that cannot be used is a workflow with a problem. */
export function createWorkflowReader(deps: {
  readonly texts: FileTexts;
  readonly parse: (text: string, types: Types) => Promise<ParsedWorkflow>;
}) {
  const { texts, parse } = deps;
  return { findFile, findInProject, readFolder, readProject };

  async function findFile(path: string, from: From): Promise<FoundWorkflow | null> {
    const file = await texts.read(path);
    return file === null ? null : await toFound(path, from, file);
  }

  async function readFolder(folder: string, from: From): Promise<NamedWorkflows> {
    const paths = (await listFiles(folder)).map((name) => join(folder, name));
    return byName(paths, (path) => findFile(path, from));
  }

  /** A file of a project by its path, unless it leads out of the project. */
  async function findInProject(path: string, project: string, types: Types): Promise<FoundWorkflow | null> {
    const from: From = { origin: 'project', project, types };
    const problem = await whyOutside(path, project);
    return problem === null ? findFile(path, from) : toFound(path, from, unusable(problem));
  }

  async function readProject(project: string, types: Types): Promise<NamedWorkflows> {
    const from: From = { origin: 'project', project, types };
    const options = { root: project, accepts: workflowFile, most: mostOfProject };
    const { files } = await listInside(workflowsOf(project), options);
    const refused = new Map(files.flatMap(({ path, problem }) => (problem === null ? [] : [[path, problem]])));
    return byName(
      files.map(({ path }) => path),
      (path) => {
        const problem = refused.get(path);
        return problem === undefined ? findFile(path, from) : toFound(path, from, unusable(problem));
      },
    );
  }

  /** One file after the other, so that a folder of large files does not fill the memory. */
  async function byName(
    paths: readonly string[],
    find: (path: string) => Promise<FoundWorkflow | null>,
  ): Promise<NamedWorkflows> {
    const names = new Map<string, FoundWorkflow>();
    for (const path of paths) {
      const found = await find(path);
      const first = found === null ? undefined : names.get(found.summary.name);
      if (found !== null) names.set(found.summary.name, first === undefined ? found : withDuplicate(first, path));
    }
    return names;
  }

  async function toFound(
    path: string,
    { origin, project, types }: From,
    { text: source, hash, problem }: FileText,
  ): Promise<FoundWorkflow> {
    const content =
      problem === null ? await parse(source, types) : { name: null, definition: null, problems: [problem] };
    const { definition, problems } = content;
    const name = content.name ?? nameOfFile(path);
    const summary = {
      name,
      title: definition?.title ?? name,
      description: definition?.description ?? '',
      origin,
      path,
      project,
      stages: definition?.stages.length ?? 0,
      problems,
    };
    const version = definition === null ? null : { hash, name: definition.name, origin, source, definition };
    return { summary, source, hash, version };
  }
}

/** The folder of a project's workflows. */
export function workflowsOf(project: string): string {
  return join(project, projectFolderName, 'workflows');
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
    return names.filter((name) => workflowFile.test(name) && !name.startsWith('.')).toSorted();
  } catch {
    return []; // the user's folder does not exist before there is a workflow in it
  }
}
