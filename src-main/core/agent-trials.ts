import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { AgentLauncher, IdSource } from './ports.ts';

/** More at once would take the machine from the work. */
const trialsAtOnce = 2;
/** A `command` agent does nothing without a prompt. */
const plainPrompt = 'This is a test whether you can be reached. Answer with one short sentence, and change nothing.';

/** Trials of agents' definitions, before they are saved. Nothing of them is stored. */
export class AgentTrials {
  readonly #launcher: AgentLauncher;
  readonly #ids: IdSource;
  #running = 0;

  constructor(deps: { readonly launcher: AgentLauncher; readonly ids: IdSource }) {
    this.#launcher = deps.launcher;
    this.#ids = deps.ids;
  }

  async testAgent({
    definition,
    prompt,
  }: ApiParsedInput<'testAgent'>): Promise<Result<ApiOutput<'testAgent'>, ApiError>> {
    if (definition.protocol === 'shell') return shellRefused();
    if (this.#running >= trialsAtOnce) return busyRefused();
    this.#running += 1;
    try {
      const ids = { taskId: this.#ids.taskId(), attemptId: this.#ids.attemptId(), traceId: this.#ids.traceId() };
      const asked = prompt ?? (definition.protocol === 'command' ? plainPrompt : null);
      return ok(await this.#launcher.testAgent({ agent: definition, prompt: asked, ids }));
    } finally {
      this.#running -= 1;
    }
  }
}

function shellRefused() {
  return refuse(
    'invalidInput',
    'An agent of the protocol shell has no program of its own: it runs the command that a task brings, and there is nothing to test.',
    'Save it, and queue a command for it; or choose another protocol.',
    { field: 'definition.protocol' },
  );
}

function busyRefused() {
  return refuse(
    'unavailable',
    `${trialsAtOnce} agents are being tested already, and no more are at once.`,
    'Wait until one of them has ended.',
  );
}
