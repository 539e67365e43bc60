import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { CommandDesk } from './command-desk.ts';
import type { FoundWorkflow, WorkflowLibrary } from './ports.ts';

export interface WorkflowCommandDeps {
  readonly workflows: WorkflowLibrary;
  readonly desk: CommandDesk;
}

/**
 * Changing the user's own workflow files. A file is not state of the engine: no row and no event has it, and an editor
 * may change it at any time. Runs keep the version they were started from, which is why nothing has to be told.
 */
export class WorkflowCommands {
  readonly #deps: WorkflowCommandDeps;

  constructor(deps: WorkflowCommandDeps) {
    this.#deps = deps;
  }

  async saveWorkflow(input: ApiParsedInput<'saveWorkflow'>): Promise<Result<ApiOutput<'saveWorkflow'>, ApiError>> {
    const saved = await this.#deps.workflows.save(input);
    return saved.ok ? ok(viewWorkflow(saved.value)) : this.#recordRefusal('saveWorkflow', saved);
  }

  async deleteWorkflow(
    input: ApiParsedInput<'deleteWorkflow'>,
  ): Promise<Result<ApiOutput<'deleteWorkflow'>, ApiError>> {
    const removed = await this.#deps.workflows.remove(input);
    return removed.ok ? ok({}) : this.#recordRefusal('deleteWorkflow', removed);
  }

  #recordRefusal(command: string, refused: Result<never, ApiError>): Promise<Result<never, ApiError>> {
    return this.#deps.desk.run(command, {}, () => refused);
  }
}

/** A workflow as the contract shows it. */
export function viewWorkflow({ summary, source, hash, version }: FoundWorkflow): ApiOutput<'getWorkflow'> {
  return { ...summary, source, hash, definition: version?.definition ?? null };
}
