import { join, resolve } from 'node:path';
import { z } from 'zod';
import { fatal } from '../stage-failure.ts';
import type { StageContext } from '../stage-work.ts';
import { readIfPresent } from '../write-atomically.ts';
import type { Specification } from './specification.ts';
import { readSpecification } from './specification.ts';

const NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** An application on disk: its folder (absolute) and what it is to be. */
export interface Application {
  readonly folder: string;
  readonly specification: Specification;
}

const manifestSchema = z.looseObject({ version: z.string().regex(/^\d+\.\d+\.\d+$/), files: z.array(z.string()) });

/** The parts of an application's `package.json` that the agents use; other parts are kept as they are. */
export type Manifest = z.infer<typeof manifestSchema>;

/**
 * The `name` input of the workflow "app". It becomes a folder, a package and a program, hence its narrow form.
 * Throws a fatal `StageFailure` for any other.
 */
export function nameInput({ task }: StageContext): string {
  const name = task.inputs.name;
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw fatal(
      'The name of the application cannot be used',
      `${JSON.stringify(name)} is not 1 to 63 lower-case letters, digits and hyphens that start with a letter`,
      'Start the run again with a name such as "calculator-app"',
    );
  }
  return name;
}

/**
 * Folder of the application that a task is about: the one that the run makes in its workspace (workflow "app"),
 * or the existing one that the input `repository` names. Throws a fatal `StageFailure` when neither is given.
 */
export function applicationFolder(context: StageContext): string {
  const repository = context.task.inputs.repository;
  if (repository === undefined) {
    return join(context.workspace, nameInput(context));
  }
  if (typeof repository !== 'string' || repository.trim() === '') {
    throw fatal(
      'The repository cannot be used',
      'its folder is empty',
      'Give the folder of an application that the workflow "app" made',
    );
  }
  return resolve(context.workspace, repository);
}

/** The application that a task is about. Throws a fatal `StageFailure` when it does not exist. */
export async function openApplication(context: StageContext): Promise<Application> {
  const folder = applicationFolder(context);
  return { folder, specification: await readSpecification(folder) };
}

/** The application's `package.json`. Throws a fatal `StageFailure` when it cannot be used. */
export async function readManifest(folder: string): Promise<Manifest> {
  const manifest = parseManifest((await readIfPresent(join(folder, 'package.json'))) ?? '');
  if (manifest === undefined) {
    throw fatal(
      `The package.json in ${folder} cannot be used`,
      'it is missing, no JSON, or lacks a version x.y.z or its list of files',
      'Repair it, or let the workflow "app" make the application anew',
    );
  }
  return manifest;
}

/** The manifest in a text, with its keys in their order; undefined when it is none. */
export function parseManifest(text: string): Manifest | undefined {
  try {
    const manifest: unknown = JSON.parse(text);
    return manifestSchema.safeParse(manifest).success ? (manifest as Manifest) : undefined;
  } catch {
    return undefined; // not JSON
  }
}

/** The manifest as its file's text. */
export function renderManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
