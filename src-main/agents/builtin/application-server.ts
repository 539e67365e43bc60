import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import type { ChildProcesses } from './child-processes.ts';
import { StageFailure } from './stage-failure.ts';

const START_TIMEOUT_MS = 10_000;
const CALL_TIMEOUT_MS = 5_000;
const ADDRESS_LIMIT = 4_096;

/** Ends the server when its input ends, so that it cannot outlive an agent that was killed. */
const END_WITH_PARENT = `data:text/javascript,${encodeURIComponent("process.stdin.resume().once('end', () => process.exit()).once('error', () => process.exit());")}`;

/** The answer of an application's server, and how long it took. `body` is undefined when it was no JSON. */
export interface ServerAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly durationMs: number;
}

/** A running server of an application; `port` is a free one of the loopback interface. */
export interface RunningServer {
  readonly port: number;
  call(path: string, method?: string): Promise<ServerAnswer>;
}

/**
 * Starts the application in `folder`, lets `work` use its server, and stops it always.
 * Throws a `StageFailure` when the server does not tell its address within 10 s; passes on what `work` throws.
 */
export async function withServer<T>(
  children: ChildProcesses,
  folder: string,
  name: string,
  signal: AbortSignal,
  work: (server: RunningServer) => Promise<T>,
): Promise<T> {
  const program = join(folder, 'bin', `${name}.mjs`);
  const args = ['--import', END_WITH_PARENT, program, 'serve', '--port', '0'];
  const child = children.start(process.execPath, args, { cwd: folder });
  try {
    const port = await readPort(child, AbortSignal.any([signal, AbortSignal.timeout(START_TIMEOUT_MS)]));
    return await work({ port, call: (path, method = 'GET') => callServer(port, path, method, signal) });
  } finally {
    await children.stop(child);
  }
}

async function readPort(child: ChildProcessWithoutNullStreams, signal: AbortSignal): Promise<number> {
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('the server ended');
  });
  try {
    return await Promise.race([ended, findPort(child)]);
  } catch {
    const reason = errors.join('').trim().slice(-500);
    throw new StageFailure({
      class: 'unknown',
      what: 'The server of the application did not start',
      why: reason || `it ended, or told no address within ${START_TIMEOUT_MS} ms`,
      remedy: 'Start it by hand with "npm start" in the application\'s folder and read what it says',
    });
  }
}

/** Reads the server's output for as long as it runs, because a full pipe would stop the server. */
function findPort(child: ChildProcessWithoutNullStreams): Promise<number> {
  return new Promise((resolve) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-ADDRESS_LIMIT);
      const port = text.match(/^listening on http:\/\/127\.0\.0\.1:(\d+)$/m)?.[1];
      if (port !== undefined) {
        resolve(Number(port));
      }
    });
  });
}

function callServer(port: number, path: string, method: string, signal: AbortSignal): Promise<ServerAnswer> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path,
      method,
      agent: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]),
    };
    const call = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('error', reject);
      response.once('end', () =>
        resolve({
          status: Number(response.statusCode),
          body: parseJson(text),
          durationMs: performance.now() - startedAt,
        }),
      );
    });
    call.once('error', reject);
    call.end();
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON; the caller compares with what it expects
  }
}
