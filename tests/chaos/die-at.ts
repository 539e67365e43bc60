/**
 * Loaded into an engine before its own modules (`node --import`): kills its process at one moment of its work, which
 * `SIGNALBOX_DIE_AT` names as `what when count micros`. The product knows nothing of it. See `death-points.ts`.
 */
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import type { DeathPoint } from './death-points.ts';

const [what, when, count, micros] = (process.env.SIGNALBOX_DIE_AT ?? '').split(' ');
const point = { what, when } as DeathPoint;
let left = Number(count);

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** Waits in a thread of its own until it is told, then a little, then kills: so that death comes within a call. */
const executioner = `
const { workerData } = require('node:worker_threads');
Atomics.wait(workerData.told, 0, 0);
const at = process.hrtime.bigint() + BigInt(workerData.micros) * 1000n;
while (process.hrtime.bigint() < at);
process.kill(process.pid, 'SIGKILL');
`;
const told = new Int32Array(new SharedArrayBuffer(4));
if (point.when === 'within') {
  new Worker(executioner, { eval: true, execArgv: [], workerData: { told, micros: Number(micros) } }).unref();
}

/** Whether this is the time; one that dies before or within it is told so here. */
function isTheOne(): boolean {
  left -= 1;
  if (left !== 0) return false;
  if (point.when === 'before') die();
  if (point.when === 'within') {
    Atomics.store(told, 0, 1);
    Atomics.notify(told, 0);
  }
  return true;
}

/** Carries out what the point is about; it is the process's last act when the count is reached. */
function pass<T>(act: () => T): T {
  const last = isTheOne();
  const result = act();
  if (last) die();
  return result;
}

/** Which calls of SQLite a point is about. */
const sqlOf: Readonly<Record<string, RegExp>> = {
  commit: /^COMMIT$/,
  checkpoint: /^wal_checkpoint/,
  migration: /^\s*(--|CREATE|ALTER|DROP|INSERT|UPDATE)[\s\S]*;/,
  copy: /^VACUUM INTO/,
};
const sql = sqlOf[point.what];

type Method = (this: unknown, sql: string, ...rest: unknown[]) => unknown;
const methods = Database.prototype as unknown as Record<'prepare' | 'pragma' | 'exec', Method>;

if (sql !== undefined) {
  for (const name of ['pragma', 'exec'] as const) {
    const original = methods[name];
    methods[name] = function (text, ...rest) {
      return sql.test(text) ? pass(() => original.call(this, text, ...rest)) : original.call(this, text, ...rest);
    };
  }
  const prepare = methods.prepare;
  methods.prepare = function (text, ...rest) {
    const statement = prepare.call(this, text, ...rest) as { run: (...values: unknown[]) => unknown };
    if (!sql.test(text)) return statement;
    const run = statement.run.bind(statement);
    return Object.assign(statement, { run: (...values: unknown[]) => pass(() => run(...values)) });
  };
}

if (point.what === 'backup') {
  const { backup } = Database.prototype;
  Database.prototype.backup = async function (...args) {
    const last = isTheOne();
    const result = await backup.apply(this, args);
    if (last) die();
    return result;
  };
}

interface Channel {
  send(message: { kind?: string }, told: (error: Error | null) => void): boolean;
  emit(event: string | symbol, ...values: unknown[]): boolean;
}

if (point.what === 'spawn') {
  const fork = childProcess.fork;
  childProcess.fork = ((...args: Parameters<typeof fork>) => {
    const child = fork(...args);
    watchChannel(child as unknown as Channel);
    return child;
  }) as typeof fork;
  syncBuiltinESMExports();
}

/** Before: the claim is committed and nobody was told. After: the host was told. Within: its answer is not recorded. */
function watchChannel(channel: Channel): void {
  const send = channel.send.bind(channel);
  const emit = channel.emit.bind(channel);
  channel.send = (message, sent) => {
    if (message.kind !== 'spawn' || point.when === 'within') return send(message, sent);
    left -= 1;
    if (left !== 0) return send(message, sent);
    if (point.when === 'before') die();
    return send(message, () => die());
  };
  channel.emit = (event, ...values) => {
    const [report] = values as [{ kind?: string } | undefined];
    if (event === 'message' && report?.kind === 'started' && point.when === 'within') {
      left -= 1;
      if (left === 0) die();
    }
    return emit(event, ...values);
  };
}
