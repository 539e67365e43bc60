import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import { apiNames } from '../../../src-main/contract/api-names.ts';
import { maxConnections } from '../../../src-main/contract/wire-terms.ts';
import { readEngineLock } from '../../../src-main/engine/engine-lock.ts';
import type { HttpServer } from '../../../src-main/transport/http-server.ts';
import { startHttpServer } from '../../../src-main/transport/http-server.ts';
import type { SocketClient } from '../../../src-main/transport/socket-client.ts';
import { connectSocketClient } from '../../../src-main/transport/socket-client.ts';
import type { RealEngine } from '../../support/real-engine.ts';
import { commandTask } from '../../support/real-engine.ts';
import { notYet, until } from '../../support/until.ts';
import type { FaultGroup, Trial } from '../fault-group.ts';
import { openEngine, parkAndHold } from '../real-trial.ts';

const mebibyte = 1024 * 1024;
/** Others are answered within this long while one misbehaves, in ms; in a flood what one read brought in comes first. */
const answeredWithinMs = 1_000;
const answeredInFloodMs = 5_000;
const apiToken = 'a'.repeat(43);

/** Callers that keep no rules. */
export const hostileCallers: FaultGroup = {
  number: 16,
  title: 'Callers that keep no rules',
  faults: [
    'Over the real local socket: no JSON, no text, HTTP, endless lines, unknown entries, keys of prototypes, wrong types, floods of requests and of connections, half a request. Each is told or cut off; the engine changes nothing for it.',
    'Over the real HTTP server: wrong and missing tokens, other hosts and origins, forms, bodies of 9 MiB, keys of prototypes, paths that climb. Each gets a 4xx.',
    'All the while another caller is answered: within a second, within five in a flood.',
  ],
  run: async (context) => {
    await context.trials('the local socket', { short: 1, full: 5 }, socketTrial);
    await context.trials('the HTTP server', { short: 1, full: 5 }, httpTrial);
  },
};

/** A caller that writes what it likes, and keeps what comes back. */
class Intruder {
  readonly socket: Socket;
  seen = '';
  isClosed = false;

  constructor(path: string) {
    this.socket = connect(path);
    this.socket.on('data', (chunk) => {
      if (this.seen.length < mebibyte) this.seen += String(chunk);
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.isClosed = true;
    });
  }

  async greeted(): Promise<void> {
    await until('a greeting', () => (this.seen.includes('\n') || this.isClosed ? true : notYet(this.seen)));
  }
}

const call = (id: number, name: string, input: unknown) => `${JSON.stringify({ ask: 'call', id, name, input })}\n`;

/** Bytes, and what must come back: `goodbye` ends the connection, `refusal` does not. */
const messages: readonly (readonly [bytes: string | Buffer, answer: 'goodbye' | 'refusal'])[] = [
  ['hello?\n', 'goodbye'],
  ['5\n', 'goodbye'],
  ['null\n', 'goodbye'],
  ['[]\n', 'goodbye'],
  ['{"ask":"shutdown","id":1}\n', 'goodbye'],
  ['{"ask":"stop","id":"__proto__"}\n', 'goodbye'],
  ['{"ask":"stop","id":1,"admin":true}\n', 'goodbye'],
  ['GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', 'goodbye'],
  [Buffer.from([0xff, 0xfe, 0x00, 0x0a]), 'goodbye'],
  [`${'['.repeat(100_000)}\n`, 'goodbye'],
  [call(1, 'constructor', {}), 'refusal'],
  [call(1, '__proto__', {}), 'refusal'],
  [call(1, 'toString', {}), 'refusal'],
  ['{"ask":"call","id":1,"name":"listRuns","input":{"__proto__":{"limit":1}}}\n', 'refusal'],
  ['{"ask":"call","id":1,"name":"listRuns","input":{"constructor":{"prototype":{"limit":1}}}}\n', 'refusal'],
  [call(1, 'listRuns', { limit: -1 }), 'refusal'],
  [call(1, 'listRuns', { limit: 1e9 }), 'refusal'],
  [call(1, 'enqueueTasks', { tasks: [] }), 'refusal'],
  [call(1, 'cancelTask', { taskId: { toString: 'x' }, reason: 'x' }), 'refusal'],
  [call(1, 'freeze', { reason: 'x'.repeat(200_000) }), 'refusal'],
];

async function socketTrial(trial: Trial): Promise<void> {
  const engine = await openEngine(trial);
  const path = (await readEngineLock(engine.dataFolder))?.socketPath ?? '';
  const friend = await connectSocketClient({ path, connectMs: 5_000, answerMs: 10_000 });
  if (!friend.ok) throw new Error(friend.error.message);
  trial.cleanUp(() => friend.value.close());
  const before = (await engine.events()).length;
  for (const [bytes, answer] of messages) {
    const intruder = new Intruder(path);
    trial.cleanUp(() => intruder.socket.destroy());
    await intruder.greeted();
    intruder.socket.write(bytes);
    const wanted = `"say":"${answer}"`;
    await until(`${answer} to ${String(bytes).slice(0, 60)}`, () =>
      intruder.seen.includes(wanted) ? true : notYet(intruder.seen),
    );
    intruder.socket.destroy();
    await answered(trial, friend.value);
  }
  trial.saw('requests that keep no rules', messages.length);
  await endless(trial, path, friend.value);
  await flood(trial, path, friend.value);
  await crowd(trial, path, friend.value);
  const changed = (await engine.events()).slice(before).filter(({ kind }) => kind !== 'command.refused');
  trial.expect(changed.length === 0, 'A caller that was refused changed something.', changed[0]?.kind);
  await finish(trial, engine);
}

async function answered(trial: Trial, { client }: SocketClient, withinMs = answeredWithinMs): Promise<void> {
  const begun = performance.now();
  const status = await client.getStatus({});
  const tookMs = performance.now() - begun;
  trial.expect(status.ok && tookMs < withinMs, 'Another caller was not answered meanwhile.', tookMs);
}

/** A request without an end, and one that stops in the middle. */
async function endless(trial: Trial, path: string, friend: SocketClient): Promise<void> {
  const half = new Intruder(path);
  trial.cleanUp(() => half.socket.destroy());
  await half.greeted();
  half.socket.write('{"ask":"call","id":1,');
  const long = new Intruder(path);
  trial.cleanUp(() => long.socket.destroy());
  await long.greeted();
  for (let sent = 0; sent < 10; sent += 1) long.socket.write(Buffer.alloc(mebibyte, 0x61));
  await until('the end of an endless request', () => (long.isClosed ? true : notYet(long.seen.length)));
  await answered(trial, friend);
  trial.saw('endless requests');
}

/** Ten thousand requests at once, whose answers nobody reads. */
async function flood(trial: Trial, path: string, friend: SocketClient): Promise<void> {
  const intruder = new Intruder(path);
  await intruder.greeted();
  intruder.socket.pause();
  intruder.socket.write(call(1, 'listAgents', {}).repeat(10_000));
  for (let look = 0; look < 3; look += 1) await answered(trial, friend, answeredInFloodMs);
  intruder.socket.destroy();
  trial.saw('requests of floods', 10_000);
}

/** More connections than there may be. */
async function crowd(trial: Trial, path: string, friend: SocketClient): Promise<void> {
  const all = Array.from({ length: maxConnections + 20 }, () => new Intruder(path));
  await Promise.all(all.map((intruder) => intruder.greeted()));
  await answered(trial, friend);
  const refused = all.filter(({ seen, isClosed }) => isClosed || seen.includes('goodbye')).length;
  trial.expect(refused >= 19, 'There may be more connections than there may be.', refused);
  for (const { socket } of all) socket.destroy();
  await until('room for others', async () => {
    const again = await connectSocketClient({ path, connectMs: 2_000, answerMs: 2_000 });
    if (!again.ok) return notYet(again.error.message);
    again.value.close();
    return true;
  });
  trial.saw('connections that were one too many', refused);
}

async function finish(trial: Trial, engine: RealEngine): Promise<void> {
  const { task } = await engine.runTask(commandTask(['/bin/true']));
  await parkAndHold(trial, engine, [task.id]);
}

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Asks with exactly these headers and this path. @returns the status; 0 when the connection was cut. */
function ask({ port }: HttpServer, { path = '/api/listRuns', method = 'POST', headers = {}, body = '{}' }: Asked) {
  return new Promise<number>((resolve) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}

async function httpTrial(trial: Trial): Promise<void> {
  const engine = await openEngine(trial);
  const rendererFolder = join(engine.dataFolder, 'window');
  mkdirSync(rendererFolder);
  writeFileSync(join(rendererFolder, 'index.html'), '<!doctype html>');
  const started = await startHttpServer({
    served: engine.served,
    hello: () => ({ say: 'hello', protocol: 1, version: '0.0.0', pid: process.pid }),
    rendererFolder,
    port: 0,
    apiToken,
    logger: { error: () => undefined },
    monotonic: () => performance.now(),
  });
  if (!started.ok) throw new Error(started.error.message);
  const server = started.value;
  trial.cleanUp(() => server.close());
  const json = { 'content-type': 'application/json' };
  const right = { ...json, authorization: `Bearer ${apiToken}` };
  const strange: readonly Asked[] = [
    { headers: json },
    { headers: { ...json, authorization: 'Bearer wrong' } },
    { headers: { ...json, authorization: apiToken } },
    { headers: { ...json, cookie: `signalbox-${server.port}=${'x'.repeat(43)}` } },
    { headers: { ...right, host: 'evil.example' } },
    { headers: { ...right, host: `localhost.evil.example:${server.port}` } },
    { headers: { ...right, origin: 'https://evil.example' } },
    { headers: { ...right, origin: 'null' } },
    { headers: { ...right, 'content-type': 'text/plain' } },
    { headers: { ...right, 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' },
    { headers: right, body: '{' },
    { headers: right, body: '{"__proto__":{"limit":1}}' },
    { headers: right, body: '{"constructor":{"prototype":{"limit":1}}}' },
    { headers: right, body: Buffer.alloc(9 * mebibyte, 0x61) },
    { headers: right, path: '/api/constructor' },
    { headers: right, path: '/api/__proto__' },
    { headers: right, path: '/api/../../etc/passwd' },
    { headers: right, path: '/../../../../etc/passwd', method: 'GET', body: '' },
    { headers: right, path: '/%2e%2e/%2e%2e/etc/passwd', method: 'GET', body: '' },
    { headers: json, path: '/live', method: 'GET', body: '' },
    ...apiNames.slice(0, 20).map((name): Asked => ({ headers: json, path: `/api/${name}` })),
  ];
  for (const asked of strange) {
    const status = await ask(server, asked);
    const isRefused = status === 0 || (status >= 400 && status < 500);
    trial.expect(isRefused, 'A strange request was not refused.', [status, asked.path, asked.headers]);
  }
  trial.saw('strange requests', strange.length);
  const begun = performance.now();
  const many = Array.from({ length: 500 }, () => ask(server, { headers: { ...json, authorization: 'Bearer wrong' } }));
  const friendly = await ask(server, { headers: right });
  trial.expect(
    friendly === 200 && performance.now() - begun < 5_000,
    'A flood of strangers kept others out.',
    friendly,
  );
  const statuses = await Promise.all(many);
  trial.expect(
    statuses.every((status) => status !== 200),
    'A stranger was let in.',
  );
  trial.saw('requests of strangers in a flood', many.length);
  await server.close();
  await finish(trial, engine);
}
