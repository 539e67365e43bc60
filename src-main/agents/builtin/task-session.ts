import { isAbsolute } from 'node:path';
import type { AgentContext, PromptResponse } from '@agentclientprotocol/sdk';
import { ChildProcesses } from './child-processes.ts';
import { chooseWork } from './choose-work.ts';
import { fatal } from './stage-failure.ts';
import type { AgentType, StageOutputs } from './stage-work.ts';
import type { TaskFacts } from './task-facts.ts';
import { readTaskFacts } from './task-facts.ts';
import { WorkReport } from './work-report.ts';
import { writeAtomically } from './write-atomically.ts';

/** What `session/new` told about a task. */
export interface SessionFacts {
  readonly id: string;
  readonly cwd: string;
  readonly meta: Record<string, unknown> | null | undefined;
}

/** One task in an agent: from `session/new` to the end of its one prompt. */
export class TaskSession {
  readonly #type: AgentType;
  readonly #facts: SessionFacts;
  readonly #cancelled = new AbortController();
  #children: ChildProcesses | undefined;

  constructor(type: AgentType, facts: SessionFacts) {
    this.#type = type;
    this.#facts = facts;
  }

  /** Stops the work and its children; the prompt then answers `cancelled`. */
  cancel(): void {
    this.#cancelled.abort(new Error('The task was cancelled'));
  }

  /** Kills the children at once, for the end of the agent itself. */
  kill(): void {
    this.#children?.killAll();
  }

  /**
   * Does the work, writes its outputs, and only then tells that it is done. Throws what the work throws.
   * `requestSignal` aborts when the client withdraws the prompt itself.
   */
  async prompt(client: AgentContext, requestSignal: AbortSignal): Promise<PromptResponse> {
    const signal = AbortSignal.any([this.#cancelled.signal, requestSignal]);
    this.#children = new ChildProcesses(signal);
    try {
      await this.#work(client, signal, this.#children);
      return { stopReason: 'end_turn' };
    } catch (error) {
      if (this.#cancelled.signal.aborted) {
        return { stopReason: 'cancelled' };
      }
      throw error;
    } finally {
      await this.#children.stopAll();
    }
  }

  async #work(client: AgentContext, signal: AbortSignal, children: ChildProcesses): Promise<void> {
    const workspace = this.#facts.cwd;
    if (!isAbsolute(workspace)) {
      throw fatal(
        'The task cannot start',
        `its folder is not an absolute path: ${workspace}`,
        'Give an absolute workspace folder',
      );
    }
    signal.throwIfAborted();
    const task = readTaskFacts(this.#facts.meta);
    const work = chooseWork(this.#type, task);
    const report = new WorkReport(client, this.#facts.id);
    const outputs = await work({ workspace, task, report, children, signal });
    signal.throwIfAborted();
    await keepOutputs(task, outputs);
  }
}

async function keepOutputs(task: TaskFacts, outputs: StageOutputs): Promise<void> {
  if (task.outputFile !== undefined) {
    await writeAtomically(task.outputFile, `${JSON.stringify(outputs, null, 2)}\n`);
  }
}
