import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { LockHolder } from '../engine/engine-lock.ts';
import type { OpenEngine, OpenFailure, OpenOptions } from '../open-orchestrator.ts';
import type { SocketClient, SocketClientOptions } from '../transport/socket-client.ts';

/**
 * What is needed of an engine. `idle`: to read or to store something; a living engine is asked, and where there is none
 * nothing is started. `work`: an engine that works, in this process if need be. `own`: in this process.
 */
export type Need = 'idle' | 'work' | 'own';

/** The engine that was found, or opened. `guest`: of another process; `host`: of this one; `idle`: nothing works. */
export type ReachedEngine =
  | { readonly role: 'guest'; readonly pid: number; readonly client: SocketClient }
  | { readonly role: 'host' | 'idle'; readonly pid: number; readonly engine: OpenEngine };

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
  /** This process. */
  readonly pid: number;
  /** Whether nobody waits any more; asked before every look. */
  readonly givenUp?: () => boolean;
}

const retryMs = 50;
/** After this long the person is told what is waited for. */
const sayAfterMs = 2_000;
/** A large database may take long to open; a process that hangs takes for ever. */
const giveUpAfterMs = 60_000;
const connectMs = 5_000;
const answerMs = 60_000;

/**
 * Finds the living engine of the data folder, or opens one in this process. A process that holds the folder but does
 * not serve (it starts, ends, or only reads) is waited for.
 * @returns the engine, which the caller lets go of or ends; or what is in the way.
 */
export async function reachEngine(
  need: Need,
  dependencies: ReachDependencies,
): Promise<Result<ReachedEngine, ApiError>> {
  const { dataFolder, findHolder, sleep, monotonic, waiting, givenUp } = dependencies;
  const startedAt = monotonic();
  let told = false;
  while (givenUp?.() !== true) {
    const holder = await findHolder(dataFolder);
    const reached = holder === null ? await openHere(need, dependencies) : await askHolder(need, holder, dependencies);
    if (reached !== null) return reached;
    const waitedMs = monotonic() - startedAt;
    if (holder !== null && waitedMs > giveUpAfterMs) return err(holderSilent(holder, dataFolder));
    if (holder !== null && waitedMs > sayAfterMs && !told) {
      told = true;
      waiting(`Waiting for process ${holder.pid}, which holds the data folder ${dataFolder}.`);
    }
    await sleep(retryMs);
  }
  return err(notWanted);
}

type Outcome = Result<ReachedEngine, ApiError>;

/** @returns null when another process was quicker. */
async function openHere(need: Need, { dataFolder, open, show, pid }: ReachDependencies): Promise<Outcome | null> {
  const mode = need === 'idle' ? 'idle' : 'work';
  const opened = await open({ dataFolder, mode, show });
  if (opened.ok) return ok({ role: mode === 'idle' ? 'idle' : 'host', pid, engine: opened.value });
  return opened.error.kind === 'held' ? null : err(opened.error.error);
}

/** @returns null when the holder does not answer now. */
async function askHolder(need: Need, holder: LockHolder, { connect }: ReachDependencies): Promise<Outcome | null> {
  if (holder.socketPath === null) return null;
  const connected = await connect({ path: holder.socketPath, connectMs, answerMs });
  if (!connected.ok) return connected.error.type === 'conflict' ? connected : null;
  const client = connected.value;
  if (need !== 'own') return ok({ role: 'guest', pid: client.hello.pid, client });
  client.close();
  return err(runningAlready(holder));
}

const notWanted: ApiError = {
  type: 'unavailable',
  message: 'Nobody waits for the engine any more.',
  remedy: 'Start Signalbox again when it is needed.',
};

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
