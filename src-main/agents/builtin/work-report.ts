import type { AgentContext, SessionUpdate, ToolKind } from '@agentclientprotocol/sdk';
import { methods } from '@agentclientprotocol/sdk';

/** Longest output text of one tool call that is sent to the engine, in characters; the end is kept. */
const OUTPUT_LIMIT = 8_000;

/** One real action of an agent, as it is shown to the person who watches. */
export interface ActionTitle {
  readonly title: string;
  readonly kind: ToolKind;
  /** Absolute paths that the action reads or changes. */
  readonly paths?: readonly string[];
}

/** Lets the work of an action add to the output that its finishing update shows. */
export type AddOutput = (text: string) => void;

/**
 * Tells the engine what an agent does while it does it.
 * Every update is handed to the connection before the method resolves, so updates arrive in the order of the work.
 */
export class WorkReport {
  readonly #client: AgentContext;
  readonly #sessionId: string;
  #actions = 0;

  constructor(client: AgentContext, sessionId: string) {
    this.#client = client;
    this.#sessionId = sessionId;
  }

  /** The plan of the work, in a sentence or two. */
  async think(text: string): Promise<void> {
    await this.#update({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text } });
  }

  /** What the agent has to say; by convention the closing summary. */
  async say(text: string): Promise<void> {
    await this.#update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
  }

  /**
   * Runs `work` as one tool call: a start, then exactly one finishing update, also when the work throws.
   * Returns what the work returns and passes its error on.
   */
  async action<T>(action: ActionTitle, work: (addOutput: AddOutput) => Promise<T>): Promise<T> {
    this.#actions += 1;
    const toolCallId = `action-${this.#actions}`;
    const output: string[] = [];
    const locations = (action.paths ?? []).map((path) => ({ path }));
    await this.#update({
      sessionUpdate: 'tool_call',
      toolCallId,
      title: action.title,
      kind: action.kind,
      status: 'in_progress',
      locations,
    });
    const finish = (status: 'completed' | 'failed') =>
      this.#update({ sessionUpdate: 'tool_call_update', toolCallId, status, content: asContent(output) });
    let result: T;
    try {
      result = await work((text) => output.push(text));
    } catch (error) {
      output.push(error instanceof Error ? error.message : String(error));
      await finish('failed');
      throw error;
    }
    await finish('completed');
    return result;
  }

  async #update(update: SessionUpdate): Promise<void> {
    await this.#client.notify(methods.client.session.update, { sessionId: this.#sessionId, update });
  }
}

function asContent(output: readonly string[]) {
  const text = output.join('\n').trim();
  if (text === '') {
    return [];
  }
  const shown = text.length > OUTPUT_LIMIT ? `… ${text.slice(-OUTPUT_LIMIT)}` : text;
  return [{ type: 'content' as const, content: { type: 'text' as const, text: shown } }];
}
