import { z } from 'zod';

/** JSON-RPC's own error codes that this side answers with. */
const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;

/** Longest quotation of a broken message. */
const QUOTED_LENGTH = 200;

const errorSchema = z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() });
const idSchema = z.union([z.string(), z.number()]);
const messageSchema = z.looseObject({
  id: idSchema.nullish(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: errorSchema.optional(),
});

export type RpcId = string | number;
export type RpcError = z.infer<typeof errorSchema>;

/** How a request ended: answered, refused with an error, or never answered because the connection closed. */
export type RpcAnswer =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly error: RpcError }
  | { readonly kind: 'closed' };

/** What the other side may ask; the answer is given by calling one of the two functions, once. */
export interface RpcQuestion {
  readonly method: string;
  readonly params: unknown;
  answer(result: unknown): void;
  refuse(code: number, message: string): void;
}

export interface JsonRpcPeerParts {
  /** Sends one message, without its line end. */
  send(line: string): void;
  onNotification(method: string, params: unknown): void;
  onQuestion(question: RpcQuestion): void;
  /** A line that is no message, or answers nothing. It changed nothing. `line` is as received. */
  onBroken(detail: string, line: string): void;
}

/**
 * One side of a JSON-RPC 2.0 connection whose messages are lines.
 *
 * Written here, and not taken from the protocol's SDK, for two promises which the SDK's client does not make: every
 * message is handled before the next line is looked at, so that nothing overtakes the answer that ends a prompt;
 * and whatever is no proper message is reported here instead of being printed to the console.
 */
export class JsonRpcPeer {
  readonly #parts: JsonRpcPeerParts;
  readonly #waiting = new Map<RpcId, (answer: RpcAnswer) => void>();
  #lastId = 0;
  #closed = false;

  constructor(parts: JsonRpcPeerParts) {
    this.#parts = parts;
  }

  /**
   * Sends a request. `settle` is called exactly once, in the order of the lines: before anything that the other side
   * sent after its answer.
   */
  request(method: string, params: unknown, settle: (answer: RpcAnswer) => void): void {
    if (this.#closed) {
      settle({ kind: 'closed' });
      return;
    }
    this.#lastId += 1;
    this.#waiting.set(this.#lastId, settle);
    this.#send({ id: this.#lastId, method, params });
  }

  notify(method: string, params: unknown): void {
    if (!this.#closed) this.#send({ method, params });
  }

  /** Handles one line of the other side. Never throws for what is in it. */
  receive(line: string): void {
    const text = line.trim();
    if (text === '' || this.#closed) return;
    const message = parseMessage(text);
    if (message === null) this.#broken('a line that is no JSON-RPC message', line);
    else if (message.method !== undefined) this.#takeCall(message.method, message.id, message.params);
    else this.#takeAnswer(message, line);
  }

  /** Ends the connection: requests that wait are settled as closed, later lines are ignored. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const settle of waiting) settle({ kind: 'closed' });
  }

  #takeCall(method: string, id: RpcId | null | undefined, params: unknown): void {
    if (id === undefined || id === null) {
      this.#parts.onNotification(method, params);
      return;
    }
    let answered = false;
    const once = (answer: Readonly<Record<string, unknown>>) => {
      if (!answered && !this.#closed) this.#send({ id, ...answer });
      answered = true;
    };
    this.#parts.onQuestion({
      method,
      params,
      answer: (result) => once({ result }),
      refuse: (code, message) => once({ error: { code, message } }),
    });
  }

  #takeAnswer({ id, result, error }: z.infer<typeof messageSchema>, line: string): void {
    const settle = id === undefined || id === null ? undefined : this.#waiting.get(id);
    if (settle === undefined || id === undefined || id === null) {
      this.#broken('an answer to a request that does not wait for one', line);
      return;
    }
    this.#waiting.delete(id);
    settle(error === undefined ? { kind: 'result', result } : { kind: 'error', error });
  }

  #send(message: Readonly<Record<string, unknown>>): void {
    this.#parts.send(JSON.stringify({ jsonrpc: '2.0', ...message }));
  }

  #broken(what: string, line: string): void {
    this.#parts.onBroken(`${what}: ${quote(line)}`, line);
  }
}

/** Refuses a method that is not offered. */
export function refuseMethod(question: RpcQuestion): void {
  question.refuse(METHOD_NOT_FOUND, `Signalbox does not offer ${quote(question.method)}`);
}

/** Refuses a known method whose parameters cannot be understood. */
export function refuseParams(question: RpcQuestion): void {
  question.refuse(INVALID_PARAMS, `The parameters of ${question.method} cannot be understood`);
}

/** Text of the other side inside a sentence: shortened, control characters visible. */
export function quote(text: string): string {
  const shown = text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text;
  return JSON.stringify(shown);
}

/** Null for what is no JSON object, and for an object that is neither a call nor an answer. */
function parseMessage(text: string): z.infer<typeof messageSchema> | null {
  if (!text.startsWith('{')) return null;
  try {
    const parsed = messageSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return null;
    const { method, result, error } = parsed.data;
    return method !== undefined || result !== undefined || error !== undefined ? parsed.data : null;
  } catch {
    return null;
  }
}
