import type { JsonRpcPeer, RpcError } from './json-rpc-peer.ts';

/**
 * The seam between an attempt and the version of the Agent Client Protocol that an agent speaks. Everything above
 * it uses these words; everything below knows method names and shapes of messages. A later version is one more
 * implementation.
 */
export interface AgentProtocol {
  /** Asks for version and capabilities. `settle` is called once, as everywhere here. */
  handshake(peer: JsonRpcPeer, settle: (answer: Answer<AgentFacts>) => void): void;
  /** Opens a session and gives its id. */
  openSession(peer: JsonRpcPeer, session: SessionRequest, settle: (answer: Answer<string>) => void): void;
  /** Gives the work. `settle` is called once, before anything that the agent sent after its answer. */
  prompt(peer: JsonRpcPeer, sessionId: string, text: string, settle: (answer: Answer<StopReason>) => void): void;
  /** Asks the agent to end the prompt under way. */
  cancel(peer: JsonRpcPeer, sessionId: string): void;
  /** Lets the agent forget the session, where it offers that. */
  closeSession(peer: JsonRpcPeer, sessionId: string, facts: AgentFacts): void;
  /** Reads a notification. */
  readNews(method: string, params: unknown): News;
  /** Reads a question. @returns null for a method that is not offered, `unreadable` for one that makes no sense. */
  readQuestion(method: string, params: unknown): PermissionQuestion | null | 'unreadable';
  /** The answer to a permission question; a null option cancels it. */
  permissionAnswer(optionId: string | null): unknown;
}

/** What an agent said about itself. */
export interface AgentFacts {
  readonly version: string | null;
  /** Whether it knows Signalbox's extension: facts of the task beside the prompt. */
  readonly knowsSignalbox: boolean;
  /** Whether it sends heartbeats of its own; only these then count as signs of life. */
  readonly heartbeat: boolean;
  readonly closesSessions: boolean;
}

export interface SessionRequest {
  /** Absolute working folder. */
  readonly cwd: string;
  /** Facts of the task, for agents that know Signalbox. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** How a request ended. `unreadable`: there was an answer, but it is not what the protocol says. */
export type Answer<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'error'; readonly error: RpcError }
  | { readonly kind: 'unreadable'; readonly detail: string }
  | { readonly kind: 'closed' };

export const stopReasons = ['end_turn', 'max_tokens', 'max_turn_requests', 'refusal', 'cancelled'] as const;
export type StopReason = (typeof stopReasons)[number];

/** A notification, in the words of this room. */
export type News =
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'update'; readonly sessionId: string; readonly update: SessionUpdate }
  /** Something of a later version, or of no interest here. */
  | { readonly kind: 'other' }
  | { readonly kind: 'unreadable'; readonly detail: string };

export const toolStatuses = ['pending', 'in_progress', 'completed', 'failed'] as const;
export type ToolStatus = (typeof toolStatuses)[number];

export type SessionUpdate =
  | { readonly kind: 'message' | 'thought'; readonly text: string; readonly messageId: string | null }
  | ({ readonly kind: 'toolCall' } & ToolCallNews)
  | { readonly kind: 'plan'; readonly entries: readonly { readonly content: string; readonly status: string }[] }
  | { readonly kind: 'usage'; readonly used: number; readonly size: number; readonly cost: string | null }
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'other' };

/** What is new about a tool call; null where nothing was said. */
export interface ToolCallNews {
  readonly callId: string;
  readonly title: string | null;
  readonly tool: string | null;
  /** The protocol's kind of the tool, where `tool` may be the agent's own name of it. */
  readonly kindOfTool: string | null;
  readonly status: ToolStatus | null;
  /** What the call printed or changed, as text for the log; empty when nothing was said. */
  readonly output: string;
  /** What the call would do, as text for a person who is asked about it; bounded, empty when nothing was said. */
  readonly detail: string;
}

export const permissionKinds = ['allow_once', 'allow_always', 'reject_once', 'reject_always'] as const;
export type PermissionKind = (typeof permissionKinds)[number];

export interface PermissionQuestion {
  readonly sessionId: string;
  readonly call: ToolCallNews;
  readonly options: readonly { readonly id: string; readonly kind: PermissionKind; readonly name: string }[];
}
