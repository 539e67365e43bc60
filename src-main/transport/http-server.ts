import { existsSync } from 'node:fs';
import { join } from 'node:path';
import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import webSocket from '@fastify/websocket';
import type { FastifyError, FastifyInstance } from 'fastify';
import { fastify } from 'fastify';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { Hello } from '../contract/wire.ts';
import { maxConnections, maxRequestLength } from '../contract/wire-terms.ts';
import { openDownload } from './downloads.ts';
import { createHttpAccess } from './http-access.ts';
import { guardHttp } from './http-guard.ts';
import { sendRefusal, statusOf } from './http-replies.ts';
import { describeApi } from './openapi.ts';
import type { ServedApi } from './serve-api.ts';
import type { ServedSession } from './served-session.ts';
import { serveWebSocket } from './web-socket-connection.ts';

export interface HttpServerOptions {
  readonly served: ServedApi;
  /** Who answers now, for pages that connect. */
  readonly hello: () => Hello;
  /** The built window: index.html and its assets. */
  readonly rendererFolder: string;
  /** 0: any free one. */
  readonly port: number;
  /** What programs have to send, from `readApiToken`. */
  readonly apiToken: string;
  readonly logger: { error(message: string, facts?: Readonly<Record<string, unknown>>): void };
  /** Milliseconds that only ever grow. */
  readonly monotonic: () => number;
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** A new link that lets one browser in, once, within five minutes. */
  createEntryUrl(): string;
  /** To be called when another engine answers than before: pages connect again, and follow that one. */
  reconnectPages(): void;
  /** Tells every page that the host ends, and stops listening. The engine is not touched. */
  close(): Promise<void>;
}

/** Not to be changed: whoever reaches the server and has a link is the person themselves. */
const loopback = '127.0.0.1';

/** Connections of browsers and programs together; a browser uses seven for one page. */
const maxSockets = 512;

/** Serves the window, the contract and downloads to browsers and programs of this machine. */
export async function startHttpServer(options: HttpServerOptions): Promise<Result<HttpServer, ApiError>> {
  const { rendererFolder, apiToken, monotonic } = options;
  if (!existsSync(join(rendererFolder, 'index.html'))) return notBuilt(rendererFolder);
  const access = createHttpAccess(apiToken, monotonic);
  const sessions = new Set<ServedSession>();
  let { port } = options;
  const app = fastify({ bodyLimit: maxRequestLength, exposeHeadRoutes: false, forceCloseConnections: true });
  app.server.maxConnections = maxSockets;
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  await app.register(webSocket, { options: { maxPayload: maxRequestLength } });
  const enter = guardHttp({ app, access, port: () => port });
  app.get<{ Querystring: { token?: unknown } }>('/enter', (request, reply) =>
    enter(request, reply, String(request.query.token ?? '')),
  );
  handleFailures(app, options);
  routeApi(app, options);
  routeLive(app, options, sessions);
  routeDownloads(app, options);
  await routeWindow(app, rendererFolder);
  try {
    await app.listen({ host: loopback, port });
  } catch (error) {
    await app.close();
    return cannotListen(port, error as NodeJS.ErrnoException);
  }
  const listening = app.server.address();
  if (typeof listening === 'object' && listening !== null) port = listening.port;
  const url = `http://${loopback}:${port}/`;
  return ok({
    url,
    port,
    createEntryUrl: () => `${url}enter?token=${access.createTicket()}`,
    reconnectPages() {
      for (const session of sessions) session.close(engineChanged);
    },
    async close() {
      for (const session of sessions) session.close(hostEnded);
      await app.close();
    },
  });
}

function routeApi(app: FastifyInstance, { served, hello }: HttpServerOptions): void {
  // Only JSON is taken: what a form of another page can send is not even read.
  app.removeContentTypeParser('text/plain');
  app.post<{ Params: { name: string } }>('/api/:name', async (request, reply) => {
    const result = await served.call(request.params.name, request.body ?? {});
    return reply.code(result.ok ? 200 : statusOf(result.error)).send(result);
  });
  let description: Promise<unknown> | null = null;
  app.get('/api/openapi.json', () => {
    description ??= describeApi(hello().version);
    return description;
  });
}

function routeLive(app: FastifyInstance, { served, hello }: HttpServerOptions, sessions: Set<ServedSession>): void {
  app.get('/live', { websocket: true }, (socket) => {
    const session = serveWebSocket({ socket, served, hello: hello() });
    sessions.add(session);
    socket.on('close', () => sessions.delete(session));
    if (sessions.size > maxConnections) session.close(tooManyPages);
  });
}

function routeDownloads(app: FastifyInstance, { served }: HttpServerOptions): void {
  app.get('/download/*', async (request, reply) => {
    const download = await openDownload(served, request.url);
    if (!download.ok) return sendRefusal(request, reply, statusOf(download.error), download.error);
    const { fileName, contentType, size, stream } = download.value;
    if (size !== null) reply.header('content-length', size);
    return reply.type(contentType).header('content-disposition', `attachment; filename="${fileName}"`).send(stream);
  });
}

/** A year: an asset's name changes with its content. */
const forEver = 'private, max-age=31536000, immutable';

async function routeWindow(app: FastifyInstance, rendererFolder: string): Promise<void> {
  // Browsers ask for it by themselves.
  app.get('/favicon.ico', (_request, reply) => reply.code(204).send());
  await app.register(fastifyStatic, {
    root: rendererFolder,
    cacheControl: false,
    dotfiles: 'deny',
    setHeaders(response, path) {
      if (path.startsWith(join(rendererFolder, 'assets'))) response.header('cache-control', forEver);
    },
  });
}

function handleFailures(app: FastifyInstance, { logger }: HttpServerOptions): void {
  app.setNotFoundHandler((request, reply) => sendRefusal(request, reply, 404, nothingHere));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { statusCode = 500 } = error;
    if (statusCode < 500) return sendRefusal(request, reply, statusCode, badRequest(error));
    logger.error('A request over HTTP failed unexpectedly', { cause: error.stack ?? error.message });
    return sendRefusal(request, reply, 500, failed);
  });
}

function badRequest({ statusCode, message }: FastifyError): ApiError {
  const isTooLong = statusCode === 413;
  return {
    type: 'invalidInput',
    message: isTooLong
      ? `The request is longer than ${maxRequestLength / 1024 / 1024} MiB.`
      : `The request was not understood: ${message}.`,
    remedy: isTooLong
      ? 'Send less at once, or put long text into a file and name the file.'
      : 'Send one JSON value as application/json; GET /api/openapi.json describes which.',
  };
}

function notBuilt(folder: string) {
  return refuse('unavailable', `The window has not been built: ${folder} has no index.html.`, 'Run: npm run build');
}

const listenTroubles: Readonly<Record<string, (port: number) => ApiError>> = {
  EADDRINUSE: (port) => ({
    type: 'conflict',
    message: `Port ${port} is in use by another program.`,
    remedy: 'Choose another with --port, or leave it out for any free one.',
  }),
  EACCES: (port) => ({
    type: 'refused',
    message: `This system lets only the administrator listen at port ${port}.`,
    remedy: 'Choose one above 1023 with --port, or leave it out for any free one.',
  }),
};

function cannotListen(port: number, error: NodeJS.ErrnoException) {
  const known = listenTroubles[error.code ?? ''];
  if (known !== undefined) return err(known(port));
  return refuse('unavailable', `Nothing can listen at port ${port}: ${error.message}.`, 'Choose another with --port.');
}

const nothingHere: ApiError = {
  type: 'notFound',
  message: 'There is nothing here.',
  remedy: 'Go to the start page: /',
};
const failed: ApiError = {
  type: 'internal',
  message: 'The host failed unexpectedly.',
  remedy: 'Look into engine.log in the data folder, and report it.',
};
const engineChanged: ApiError = {
  type: 'unavailable',
  message: 'The engine has ended, and another one takes over.',
  remedy: 'Connect again. Stored work is not lost.',
};
const hostEnded: ApiError = {
  type: 'unavailable',
  message: 'The host of this page has ended.',
  remedy: 'Start it again with: signalbox serve. Stored work is not lost.',
};
const tooManyPages: ApiError = {
  type: 'unavailable',
  message: `The host has ${maxConnections} pages already.`,
  remedy: 'Close pages that are no longer needed, and try again.',
};
