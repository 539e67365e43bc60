import { connect } from 'node:net';
import type { ApiClient } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { Hello } from '../contract/wire.ts';
import { wireProtocol } from '../contract/wire-terms.ts';
import { createApiClient } from './api-client.ts';
import { ClientSession, engineSilent } from './client-session.ts';
import type { Feed, FeedListener } from './feed.ts';

export interface SocketClientOptions {
  readonly path: string;
  /** How long the engine may take to say hello. */
  readonly connectMs: number;
  /** How long it may take to answer a request. */
  readonly answerMs: number;
  /** How often the engine is asked for a sign of life; absent: never. One that gives none is given up as lost. */
  readonly pingEveryMs?: number;
}

/** A connection to a living engine in another process. */
export interface SocketClient {
  readonly client: ApiClient;
  readonly hello: Hello;
  follow(subscription: unknown, listener: FeedListener): Promise<Result<Feed, ApiError>>;
  /** Resolves when the connection is gone, with what to tell the person; null after `close`. */
  readonly lost: Promise<ApiError | null>;
  close(): void;
}

/** Connects to the engine that listens at a path. The caller closes the client. */
export function connectSocketClient(options: SocketClientOptions): Promise<Result<SocketClient, ApiError>> {
  const { path, connectMs } = options;
  const session = new ClientSession({ ...options, socket: connect(path) });
  session.start();
  return new Promise((resolve) => {
    const give = (result: Result<SocketClient, ApiError>) => {
      clearTimeout(timer);
      if (!result.ok) session.close();
      resolve(result);
    };
    const timer = setTimeout(() => give(err(engineSilent(connectMs))), connectMs);
    void session.hello.then((hello) => {
      give(hello.protocol === wireProtocol ? ok(asClient(session, hello)) : otherProtocol(hello));
    });
    void session.lost.then((error) => give(err(error ?? engineSilent(connectMs))));
  });
}

function asClient(session: ClientSession, hello: Hello): SocketClient {
  return {
    client: createApiClient((name, input) => session.call(name, input)),
    hello,
    follow: (subscription, listener) => session.follow(subscription, listener),
    lost: session.lost,
    close: () => session.close(),
  };
}

function otherProtocol(hello: Hello) {
  return refuse(
    'conflict',
    `The running engine (version ${hello.version}, process ${hello.pid}) speaks another protocol than this command.`,
    'End that engine, or use the same version of Signalbox for both.',
  );
}
