import type {
  AgentContext,
  JsonRpcId,
  PermissionOption,
  RequestPermissionResponse,
  ToolCallUpdate,
} from '@agentclientprotocol/sdk';
import { methods } from '@agentclientprotocol/sdk';
import { writeAtomically } from '../builtin/write-atomically.ts';
import type { Channel, Question } from './channel.ts';
import { writeFully } from './write-fully.ts';

const SECOND_ANSWER_AFTER_MS = 20;

/** The prompt that a channel belongs to. */
export interface PromptFacts {
  readonly sessionId: string;
  readonly requestId: JsonRpcId;
  readonly outputFile: string | undefined;
}

/** Speaks ACP, and past it where a mode asks for that. */
export class AcpChannel implements Channel {
  readonly signal: AbortSignal;
  readonly #client: AgentContext;
  readonly #prompt: PromptFacts;
  #begun = false;

  constructor(client: AgentContext, prompt: PromptFacts, signal: AbortSignal) {
    this.#client = client;
    this.#prompt = prompt;
    this.signal = signal;
  }

  async say(text: string): Promise<void> {
    await this.#update(this.#prompt.sessionId, `${text}\n`);
  }

  async begin(title: string): Promise<void> {
    const { sessionId } = this.#prompt;
    this.#begun = true;
    const update = {
      sessionUpdate: 'tool_call',
      toolCallId: 'mode',
      title,
      kind: 'other',
      status: 'in_progress',
    } as const;
    await this.#client.notify(methods.client.session.update, { sessionId, update });
  }

  async finish(status: 'completed' | 'failed' = 'completed'): Promise<void> {
    if (!this.#begun) {
      return;
    }
    this.#begun = false;
    const update = { sessionUpdate: 'tool_call_update', toolCallId: 'mode', status } as const;
    await this.#client.notify(methods.client.session.update, { sessionId: this.#prompt.sessionId, update });
  }

  readonly raw = (bytes: string | Uint8Array): Promise<void> => writeFully(process.stdout, bytes);

  async answerHalf(): Promise<void> {
    const answer = this.#answer(this.#prompt.requestId);
    await this.raw(answer.slice(0, Math.floor(answer.length / 2)));
  }

  async answerForeign(): Promise<void> {
    await this.#update('a-session-that-was-never-opened', 'news from another session');
    await this.raw(this.#answer(999_999_999));
  }

  answerTwice(): void {
    setTimeout(async () => {
      const { outputFile, requestId } = this.#prompt;
      if (outputFile !== undefined) {
        // The folder may be gone with the attempt: a liar does not care.
        await writeAtomically(outputFile, '{"answer":"second"}\n').catch(() => undefined);
      }
      await this.raw(this.#answer(requestId));
    }, SECOND_ANSWER_AFTER_MS);
  }

  async ask({ title, tool, command, index }: Question): Promise<string> {
    const { sessionId } = this.#prompt;
    const options = [
      { optionId: 'yes', name: 'Allow once', kind: 'allow_once' },
      { optionId: 'always', name: 'Always allow', kind: 'allow_always' },
      { optionId: 'no', name: 'Reject', kind: 'reject_once' },
      { optionId: 'never', name: 'Always reject', kind: 'reject_always' },
    ] satisfies PermissionOption[];
    const toolCallId = index === 0 ? 'mode' : `mode-${index + 1}`;
    const input = command === undefined ? {} : { rawInput: { command } };
    const toolCall: ToolCallUpdate = { toolCallId, title, kind: tool, status: 'pending', ...input };
    const params = { sessionId, toolCall, options };
    const { outcome } = await this.#client.request<RequestPermissionResponse>(
      methods.client.session.requestPermission,
      params,
    );
    if (outcome.outcome === 'cancelled') {
      return 'cancelled';
    }
    return options.find(({ optionId }) => optionId === outcome.optionId)?.kind ?? outcome.optionId;
  }

  async #update(sessionId: string, text: string): Promise<void> {
    const update = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } } as const;
    await this.#client.notify(methods.client.session.update, { sessionId, update });
  }

  #answer(id: JsonRpcId): string {
    return `${JSON.stringify({ jsonrpc: '2.0', id, result: { stopReason: 'end_turn' } })}\n`;
  }
}
