import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ApiClient, ApiOutput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { projectFolderName } from '../contract/project.ts';
import type { Result } from '../contract/result.ts';
import type { CliContext } from './cli-context.ts';
import { plainText } from './safe-text.ts';
import { workflowReference } from './workflow-inputs.ts';

/** The nearest folder, from this one upwards, that holds a `.signalbox` folder; null: there is none. */
export async function projectAround(folder: string): Promise<string | null> {
  for (let at = folder; ; at = dirname(at)) {
    const found = await stat(join(at, projectFolderName)).catch(() => null);
    if (found?.isDirectory() === true) return at;
    if (dirname(at) === at) return null;
  }
}

/**
 * The folder for which names of workflows are meant: the one that the command is given in, when that is in a project;
 * undefined otherwise. Says so when nobody trusts the project, because what it holds is then not used.
 */
export async function folderHere(context: CliContext, client: ApiClient): Promise<string | undefined> {
  const project = await projectAround(context.cwd);
  if (project === null) return undefined;
  await tellUntrusted(context, client, project);
  return context.cwd;
}

async function tellUntrusted({ terminal }: CliContext, client: ApiClient, project: string): Promise<void> {
  const seen = await client.inspectProject({ folder: project });
  if (!seen.ok || seen.value.trusted) return;
  terminal.note(
    `${plainText(project)} has a .signalbox folder that nobody trusts, so nothing of it is used. See what is in it: signalbox projects show`,
  );
}

/** A workflow as it was typed: what it means here, and the folder that its run is to work in. */
export interface TypedWorkflow {
  readonly reference: string;
  readonly found: Result<ApiOutput<'getWorkflow'>, ApiError>;
  /** Undefined: one that is made for the run. That of a project works in the project, as its author meant it. */
  readonly folder: string | undefined;
}

/** Looks up a workflow that was typed, with the folder that was typed for it. */
export async function findTyped(
  context: CliContext,
  client: ApiClient,
  workflow: string,
  typedFolder: string | undefined,
): Promise<TypedWorkflow> {
  const reference = workflowReference(workflow, context.cwd);
  const typed = typedFolder === undefined ? undefined : resolve(context.cwd, typedFolder);
  const project = typed === undefined ? await projectAround(context.cwd) : null;
  const meant = typed ?? (project === null ? undefined : context.cwd);
  const found = await client.getWorkflow({ workflow: reference, ...(meant === undefined ? {} : { folder: meant }) });
  // A name that means nothing is refused with the same.
  if (found.ok && project !== null) await tellUntrusted(context, client, project);
  const ofProject = found.ok ? (found.value.project ?? undefined) : undefined;
  return { reference, found, folder: typed ?? ofProject };
}
