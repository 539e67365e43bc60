import type { ToolKind } from '@agentclientprotocol/sdk';

/** What a mode asks to be allowed. */
export interface Question {
  readonly title: string;
  /** Kind of tool, as the Agent Client Protocol names it. */
  readonly tool: ToolKind;
  /** The command that it would run; none when absent. */
  readonly command: string | undefined;
  /** Place among those that are asked at once, from 0. */
  readonly index: number;
}

/** How a mode talks to the engine; one implementation speaks ACP, the other is a plain command. */
export interface Channel {
  /** Aborts when the task is cancelled. A plain command is never told; it gets a signal instead. */
  readonly signal: AbortSignal;
  /** One line or message of ordinary output. */
  say(text: string): Promise<void>;
  /** Begins an action, which stays unfinished when the mode ends badly. */
  begin(title: string): Promise<void>;
  /** Finishes the action. */
  finish(): Promise<void>;
  /** Bytes straight to standard output, past every protocol. */
  raw(bytes: string | Uint8Array): Promise<void>;
  /** A part of the final answer, broken off in the middle. */
  answerHalf(): Promise<void>;
  /** A complete answer that belongs to somebody else's task. */
  answerForeign(): Promise<void>;
  /** Arranges for a second, different answer after the true one. */
  answerTwice(): void;
  /** Asks for a permission; returns the kind of the chosen option, or `cancelled`. */
  ask(question: Question): Promise<string>;
}
