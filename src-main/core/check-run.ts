import type { Agent } from '../contract/agent.ts';
import type { ApiParsedInput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { JsonObject } from '../contract/values.ts';
import type { WorkflowVersion } from '../contract/workflow.ts';
import { checkSelector } from './agent-check.ts';
import { parseInputs, pathInputs } from './inputs.ts';
import type { Folders, Store, WorkflowLibrary } from './ports.ts';
import type { Projects } from './ports-projects.ts';
import type { WorkPlace } from './project-desk.ts';
import { selectorOf } from './stage-task.ts';
import { unknownWorkflow } from './unknown-workflow.ts';

/** A version as it is found on disk; it gets its time of registration with the first run that is started from it. */
export type RunnableVersion = Omit<WorkflowVersion, 'registeredAt'>;

/**
 * The version that a run of this name or file, for work in this folder, would be started from; refuses one that is not
 * there or has errors.
 */
export async function findRunnable(
  deps: { readonly workflows: WorkflowLibrary; readonly projects: Projects },
  name: string,
  folder: string | undefined,
): Promise<Result<RunnableVersion, ApiError>> {
  const found = await deps.workflows.find(name, folder);
  if (found === null) return unknownWorkflow(deps, name, folder);
  if (found.version !== null) return ok(found.version);
  const { problems } = found.summary;
  const errors = problems.filter((problem) => problem.severity === 'error');
  const places = errors.map(({ line, column, message }) => `Line ${line}, column ${column}: ${message}`);
  return refuse(
    'invalidInput',
    [`The workflow file ${found.summary.path} has errors.`, ...places.slice(0, 1)].join(' '),
    `Correct the file; see all findings: signalbox workflows validate ${found.summary.path}`,
    { field: 'workflow', problems },
  );
}

/**
 * Everything that a start of a run is refused for: inputs, agents that are missing, paths that are not there. A dry run
 * asks the same, so that the two cannot disagree. @returns the inputs with their defaults filled in.
 */
export async function checkStart(
  deps: { readonly store: Pick<Store, 'reads'>; readonly folders: Folders },
  version: RunnableVersion,
  given: Pick<ApiParsedInput<'startRun'>, 'inputs'>,
  { folder, project }: WorkPlace,
): Promise<Result<JsonObject, ApiError>> {
  const { inputs: specs } = version.definition;
  const inputs = parseInputs(specs, given.inputs);
  if (!inputs.ok) return inputs;
  const fit = checkStages(deps.store.reads.agents(), version, project);
  if (!fit.ok) return fit;
  for (const { name, type, path } of pathInputs(specs, inputs.value)) {
    const refused = await checkPath(deps.folders, type, path, `inputs.${name}`);
    if (!refused.ok) return refused;
  }
  if (folder !== undefined) {
    const refused = await checkPath(deps.folders, 'folder', folder, 'folder');
    if (!refused.ok) return refused;
  }
  return inputs;
}

/** Refuses a workflow that has a stage which no registered agent could do in this project (null: in none). */
export function checkStages(
  agents: readonly Agent[],
  version: Pick<WorkflowVersion, 'definition'>,
  project: string | null,
): Result<null, ApiError> {
  for (const stage of version.definition.stages) {
    if (stage.action.kind === 'approval') continue;
    const fit = checkSelector(agents, selectorOf(stage.action), `stages.${stage.name}.agent`, project);
    if (!fit.ok) return fit;
  }
  return ok(null);
}

/** Refuses a path that is not absolute, is not there, may not be read, or is of the other kind. */
export async function checkPath(
  folders: Folders,
  type: 'folder' | 'file',
  path: string,
  field: string,
): Promise<Result<null, ApiError>> {
  if (!/^([/\\]|[A-Za-z]:[/\\])/.test(path)) {
    return refuse('invalidInput', `${field} is ${path}, which is not an absolute path.`, 'Give the whole path.', {
      field,
    });
  }
  const seen = await folders.inspect(path);
  if (seen === type) return ok(null);
  const why = {
    missing: 'does not exist',
    unreadable: 'may not be read by this user',
    file: 'is a file, not a folder',
    folder: 'is a folder, not a file',
  }[seen];
  return refuse('invalidInput', `${field}: ${path} ${why}.`, `Name an existing ${type} that this user may read.`, {
    field,
  });
}
