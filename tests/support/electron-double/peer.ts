/** What a process can be talked to through: a child, or the parent. */
export interface Port {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

type Handler = (...values: never[]) => unknown;

interface Ask {
  readonly ask: number;
  readonly name: string;
  readonly values: unknown[];
}

type Message = Ask | { readonly answer: number; readonly value?: unknown; readonly error?: string };

/** Two processes that ask each other by name; values cross as structured clones. */
export class Peer {
  readonly #port: Port;
  readonly #handlers = new Map<string, Handler>();
  readonly #open = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #next = 0;

  constructor(port: Port) {
    this.#port = port;
    port.onMessage((message) => void this.#take(message as Message));
  }

  handle(name: string, handler: Handler): void {
    this.#handlers.set(name, handler);
  }

  ask(name: string, ...values: unknown[]): Promise<unknown> {
    this.#next += 1;
    const ask = this.#next;
    return new Promise((resolve, reject) => {
      this.#open.set(ask, { resolve, reject });
      this.#port.send({ ask, name, values } satisfies Message);
    });
  }

  /** Asks, and does not care for the answer. */
  tell(name: string, ...values: unknown[]): void {
    this.ask(name, ...values).catch((error: unknown) => {
      process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    });
  }

  async #take(message: Message): Promise<void> {
    if ('ask' in message) {
      this.#port.send(await this.#answer(message));
      return;
    }
    const open = this.#open.get(message.answer);
    this.#open.delete(message.answer);
    if (message.error === undefined) open?.resolve(message.value);
    else open?.reject(new Error(message.error));
  }

  async #answer({ ask, name, values }: Ask): Promise<Message> {
    try {
      const handler = this.#handlers.get(name);
      if (handler === undefined) throw new Error(`nobody handles ${name}`);
      return { answer: ask, value: await handler(...(values as never[])) };
    } catch (error) {
      return { answer: ask, error: error instanceof Error ? error.message : String(error) };
    }
  }
}
