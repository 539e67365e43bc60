import type { Reply, Request } from '../../src-main/contract/wire.ts';
import type { SocketLike } from '../../src-renderer/api/web-socket-link.ts';

/** A socket whose other end is the test. */
export class FakeSocket implements SocketLike {
  readonly sent: Request[] = [];
  isClosed = false;
  readonly #onMessage: ((event: { readonly data: unknown }) => void)[] = [];
  readonly #onClose: (() => void)[] = [];

  addEventListener(type: 'message' | 'close', listener: (event: { readonly data: unknown }) => void): void {
    if (type === 'message') this.#onMessage.push(listener);
    else this.#onClose.push(() => listener({ data: null }));
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Request);
  }

  close(): void {
    this.isClosed = true;
  }

  /** The engine says something. */
  say(reply: Reply): void {
    for (const listener of this.#onMessage) listener({ data: JSON.stringify(reply) });
  }

  hello(protocol = 1): void {
    this.say({ say: 'hello', protocol, version: '1.0.0', pid: 1 });
  }

  /** The engine's end closes. */
  end(): void {
    for (const listener of this.#onClose) listener();
  }

  /** Answers every question for a sign of life so far that was not answered. */
  pong(): void {
    const last = this.sent.findLast(({ ask }) => ask === 'ping');
    if (last !== undefined) this.say({ say: 'pong', id: last.id });
  }

  asked<K extends Request['ask']>(ask: K): Extract<Request, { ask: K }>[] {
    return this.sent.filter((request): request is Extract<Request, { ask: K }> => request.ask === ask);
  }
}
