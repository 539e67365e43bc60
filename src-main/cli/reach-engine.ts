import type { ApiName, ApiOutput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import type { LockHolder } from '../engine/engine-lock.ts';
import type { OpenEngine, OpenFailure, OpenOptions } from '../open-orchestrator.ts';
import { createApiClient } from '../transport/api-client.ts';
import type { SocketClient, SocketClientOptions } from '../transport/socket-client.ts';
import type { Need, Reached } from './cli-context.ts';
import { RefusedError } from './refused.ts';

export interface ReachDependencies {
  readonly dataFolder: string;
  readonly findHolder: (dataFolder: string) => Promise<LockHolder | null>;
  readonly open: (options: OpenOptions) => Promise<Result<OpenEngine, OpenFailure>>;
  readonly connect: (options: SocketClientOptions) => Promise<Result<SocketClient, ApiError>>;
  /** Told the warnings of an engine in this process. */
  readonly show: (level: 'warning' | 'error', message: string) => void;
  /** Told once, when another process has to be waited for. */
  readonly waiting: (sentence: string) => void;
  readonly sleep: (ms: number) => Promise<void>;
  readonly monotonic: () => number;
  readonly pid: number;
}

const retryMs = 50;
/** After this long the person is told what is waited for. */
const sayAfterMs = 2_000;
/** A large database may take long to open; a process that hangs takes for ever. */
const giveUpAfterMs = 60_000;
const connectMs = 5_000;
const answerMs = 60_000;
const parkGraceMs = 5_000;

/**
 * Finds the living engine of the data folder, or opens one in this process. A process that holds the folder but does
 * not serve (it starts, ends, or only reads) is waited for.
 * @throws RefusedError with what is in the way.
 */
export async function reachEngine(need: Need, dependencies: ReachDependencies): Promise<Reached> {
  const { dataFolder, findHolder, sleep, monotonic, waiting } = dependencies;
  const startedAt = monotonic();
  let told = false;
  for (;;) {
    const holder = await findHolder(dataFolder);
    const reached = holder === null ? await openHere(need, dependencies) : await askHolder(need, holder, dependencies);
    if (reached !== null) return reached;
    const waitedMs = monotonic() - startedAt;
    if (holder !== null && waitedMs > giveUpAfterMs) throw new RefusedError(holderSilent(holder, dataFolder));
    if (holder !== null && waitedMs > sayAfterMs && !told) {
      told = true;
      waiting(`Waiting for process ${holder.pid}, which holds the data folder ${dataFolder}.`);
    }
    await sleep(retryMs);
  }
}

/** @returns null when another process was quicker. */
async function openHere(need: Need, { dataFolder, open, show, pid }: ReachDependencies): Promise<Reached | null> {
  const mode = need === 'idle' ? 'idle' : 'work';
  const opened = await open({ dataFolder, mode, show });
  if (opened.ok) return hostOf(opened.value, mode === 'idle' ? 'idle' : 'host', pid);
  if (opened.error.kind === 'held') return null;
  throw new RefusedError(opened.error.error);
}

/** @returns null when the holder does not answer now. */
async function askHolder(need: Need, holder: LockHolder, { connect }: ReachDependencies): Promise<Reached | null> {
  if (holder.socketPath === null) return null;
  const connected = await connect({ path: holder.socketPath, connectMs, answerMs });
  if (!connected.ok) {
    if (connected.error.type === 'conflict') throw new RefusedError(connected.error);
    return null;
  }
  if (need === 'own') {
    connected.value.close();
    throw new RefusedError(runningAlready(holder));
  }
  return guestOf(connected.value);
}

function hostOf(engine: OpenEngine, role: 'host' | 'idle', pid: number): Reached {
  const { served } = engine;
  return {
    role,
    pid,
    client: createApiClient(
      <N extends ApiName>(name: N, input: unknown) =>
        served.call(name, input) as Promise<Result<ApiOutput<N>, ApiError>>,
    ),
    follow: async (subscription, listener) => served.follow(subscription, listener),
    close: ({ graceMs = parkGraceMs, drainMs } = {}) =>
      engine.close(drainMs === undefined ? { mode: 'park', graceMs } : { mode: 'drain', graceMs, drainMs }),
  };
}

function guestOf(client: SocketClient): Reached {
  return {
    role: 'guest',
    pid: client.hello.pid,
    client: client.client,
    follow: (subscription, listener) => client.follow(subscription, listener),
    close: async () => client.close(),
  };
}

function holderSilent({ pid, version }: LockHolder, dataFolder: string): ApiError {
  return {
    type: 'unavailable',
    message: `Process ${pid} (Signalbox ${version}) holds the data folder ${dataFolder}, but does not answer.`,
    remedy: `End it (kill ${pid}) and try again; stored work is not lost. Or use another folder with --data.`,
  };
}

function runningAlready({ pid, version }: LockHolder): ApiError {
  return {
    type: 'refused',
    message: `An engine of this data folder is running already: process ${pid} (Signalbox ${version}).`,
    remedy: 'Nothing to do: commands in other terminals talk to it. Or use another folder with --data.',
  };
}
