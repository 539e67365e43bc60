import { mkdirSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src-main/engine/system-clock.ts';
import type { HttpServer } from '../../src-main/transport/http-server.ts';
import { startHttpServer } from '../../src-main/transport/http-server.ts';
import { serveApi } from '../../src-main/transport/serve-api.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { FakeEngine } from './fake-engine.ts';

/** What programs of these tests send. */
export const apiToken = 'a'.repeat(43);

/** A built window, as far as the server can tell. */
export function windowFolder(): string {
  const folder = join(temporaryFolder(), 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Signalbox</title>');
  writeFileSync(join(folder, 'assets', 'index-abc.js'), 'export {};');
  writeFileSync(join(folder, '..', 'secret.txt'), 'secret');
  return folder;
}

export interface ServedOverHttp {
  readonly server: HttpServer;
  /** What was logged. */
  readonly logged: string[];
  /** Moves the server's clock. */
  advance(ms: number): void;
}

/** Serves an engine over HTTP until the test ends. */
export async function serveOverHttp(engine: FakeEngine): Promise<ServedOverHttp> {
  let now = 0;
  const logged: string[] = [];
  const logger = { error: (message: string) => void logged.push(message) };
  const started = await startHttpServer({
    served: serveApi({ engine, timer: systemClock, logger, createReference: () => 'ref-1' }),
    hello: () => ({ say: 'hello', protocol: 1, version: '1.2.3', pid: 42 }),
    rendererFolder: windowFolder(),
    port: 0,
    apiToken,
    logger,
    monotonic: () => now,
  });
  if (!started.ok) throw new Error(started.error.message);
  const server = started.value;
  onTestFinished(() => server.close());
  return {
    server,
    logged,
    advance: (ms) => {
      now += ms;
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Asks with exactly these headers and this path, which `fetch` would tidy. */
export function ask({ port }: HttpServer, path: string, { method = 'GET', headers = {}, body }: Asked = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Enters with a link. @returns the cookie, as a browser sends it. */
export async function enter(server: HttpServer): Promise<string> {
  const { pathname, search } = new URL(server.createEntryUrl());
  const { headers } = await ask(server, pathname + search);
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}
