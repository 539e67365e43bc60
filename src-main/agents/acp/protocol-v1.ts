import type {
  CancelNotification,
  CloseSessionRequest,
  InitializeRequest,
  NewSessionRequest,
  PromptRequest,
  RequestPermissionResponse,
} from '@agentclientprotocol/sdk';
import { methods, PROTOCOL_VERSION } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import { readDetail } from './call-detail.ts';
import type { RpcAnswer } from './json-rpc-peer.ts';
import type { AgentProtocol, Answer, News, PermissionQuestion, SessionUpdate, ToolCallNews } from './protocol.ts';
import type { Content, ToolCall, ToolContent, Update } from './v1-messages.ts';
import {
  initializeResultSchema,
  newSessionResultSchema,
  permissionRequestSchema,
  promptResultSchema,
  sessionUpdateSchema,
} from './v1-messages.ts';

/** Signalbox's own notification, by which an agent shows that its event loop is alive. */
const HEARTBEAT_METHOD = '_signalbox/heartbeat';

/** Neither files nor terminals are offered: agents have their own, and later versions drop these. */
const handshake: InitializeRequest = {
  protocolVersion: PROTOCOL_VERSION,
  clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
  clientInfo: { name: 'signalbox', title: 'Signalbox', version: '1' },
};

/** Version 1 of the Agent Client Protocol. Names and shapes of what is sent are the SDK's. */
export const protocolV1: AgentProtocol = {
  handshake(peer, settle) {
    peer.request(methods.agent.initialize, handshake, (answer) => {
      const read = readAnswer(answer, initializeResultSchema);
      if (read.kind !== 'value') return settle(read);
      const { protocolVersion, agentInfo, agentCapabilities } = read.value;
      if (protocolVersion !== PROTOCOL_VERSION) {
        const detail = `it speaks version ${protocolVersion} of the Agent Client Protocol, Signalbox speaks ${PROTOCOL_VERSION}`;
        return settle({ kind: 'unreadable', detail });
      }
      const extension = agentCapabilities?._meta?.signalbox;
      const value = {
        version: agentInfo?.version ?? null,
        knowsSignalbox: extension !== undefined && extension !== null,
        heartbeat: extension?.heartbeat === true,
        closesSessions: Boolean(agentCapabilities?.sessionCapabilities?.close),
      };
      return settle({ kind: 'value', value });
    });
  },

  openSession(peer, { cwd, facts }, settle) {
    const params: NewSessionRequest = { cwd, mcpServers: [], _meta: { signalbox: facts } };
    peer.request(methods.agent.session.new, params, (answer) => {
      const read = readAnswer(answer, newSessionResultSchema);
      settle(read.kind === 'value' ? { kind: 'value', value: read.value.sessionId } : read);
    });
  },

  prompt(peer, sessionId, text, settle) {
    const params: PromptRequest = { sessionId, prompt: [{ type: 'text', text }] };
    peer.request(methods.agent.session.prompt, params, (answer) => {
      const read = readAnswer(answer, promptResultSchema);
      settle(read.kind === 'value' ? { kind: 'value', value: read.value.stopReason } : read);
    });
  },

  cancel(peer, sessionId) {
    const params: CancelNotification = { sessionId };
    peer.notify(methods.agent.session.cancel, params);
  },

  closeSession(peer, sessionId, facts) {
    if (!facts.closesSessions) return;
    const params: CloseSessionRequest = { sessionId };
    // Whatever it answers, the session is of no further use.
    peer.request(methods.agent.session.close, params, () => undefined);
  },

  readNews(method, params): News {
    if (method === HEARTBEAT_METHOD) return { kind: 'heartbeat' };
    if (method !== methods.client.session.update) return isExtension(method) ? { kind: 'other' } : notOffered;
    const parsed = sessionUpdateSchema.safeParse(params);
    if (!parsed.success) return { kind: 'unreadable', detail: sentence(parsed.error) };
    const { sessionId, update } = parsed.data;
    return { kind: 'update', sessionId, update: update === null ? { kind: 'other' } : readUpdate(update) };
  },

  readQuestion(method, params): PermissionQuestion | null | 'unreadable' {
    if (method !== methods.client.session.requestPermission) return null;
    const parsed = permissionRequestSchema.safeParse(params);
    if (!parsed.success) return 'unreadable';
    const { sessionId, toolCall, options } = parsed.data;
    return {
      sessionId,
      call: readToolCall(toolCall),
      options: options.map(({ optionId, name, kind }) => ({ id: optionId, name, kind })),
    };
  },

  permissionAnswer(optionId): RequestPermissionResponse {
    return { outcome: optionId === null ? { outcome: 'cancelled' } : { outcome: 'selected', optionId } };
  },
};

/** Names that anybody may use, and that whoever does not know them leaves alone. */
function isExtension(method: string): boolean {
  return method.startsWith('_') || method.startsWith('$/');
}

const notOffered: News = { kind: 'unreadable', detail: 'the method is not offered' };

function readAnswer<T>(answer: RpcAnswer, schema: z.ZodType<T>): Answer<T> {
  if (answer.kind !== 'result') return answer;
  const parsed = schema.safeParse(answer.result);
  if (parsed.success) return { kind: 'value', value: parsed.data };
  return { kind: 'unreadable', detail: sentence(parsed.error) };
}

function readUpdate(update: Update): SessionUpdate {
  switch (update.sessionUpdate) {
    case 'agent_message_chunk':
    case 'agent_thought_chunk': {
      const kind = update.sessionUpdate === 'agent_message_chunk' ? 'message' : 'thought';
      return { kind, text: readContent(update.content), messageId: update.messageId ?? null };
    }
    case 'tool_call':
    case 'tool_call_update':
      return { kind: 'toolCall', ...readToolCall(update) };
    case 'plan':
      return { kind: 'plan', entries: update.entries };
    case 'usage_update': {
      const { used, size, cost } = update;
      return { kind: 'usage', used, size, cost: cost ? `${cost.amount} ${cost.currency}` : null };
    }
    case 'notice': {
      const { severity, title, description } = update;
      return { kind: 'notice', text: `${severity}: ${title}${description ? `. ${description}` : ''}` };
    }
  }
}

function readToolCall(call: ToolCall): ToolCallNews {
  return {
    callId: call.toolCallId,
    title: call.title ?? null,
    tool: call.name ?? call.kind ?? null,
    kindOfTool: call.kind ?? null,
    status: call.status ?? null,
    output: (call.content ?? []).map(readToolContent).join('\n'),
    detail: readDetail(call, readToolContent),
  };
}

function readToolContent({ type, content, path, oldText, newText }: ToolContent): string {
  if (content) return readContent(content);
  if (type === 'diff') return `${path ?? ''}\n${prefixed('-', oldText)}${prefixed('+', newText)}`.trimEnd();
  return `(${type})`;
}

/** A text as it is; anything else by its kind and, where there is one, its place. */
function readContent({ type, text, uri, name }: Content): string {
  if (type === 'text') return text ?? '';
  const place = uri ?? name;
  return place ? `(${type} ${place})` : `(${type})`;
}

/** The lines of one side of a diff, each marked as that side. */
function prefixed(mark: string, text: string | null | undefined): string {
  if (!text) return '';
  return `${text.replace(/\n$/, '').replaceAll(/^/gm, `${mark} `)}\n`;
}

function sentence(error: z.ZodError): string {
  return z.prettifyError(error).replaceAll('\n', ' ');
}
