import type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { childEnvironment } from './child-environment.ts';
import { fatal, StageFailure } from './stage-failure.ts';

const GRACE_MS = 500;
const OUTPUT_LIMIT = 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 60_000;
/** How long a descendant that left the group may hold our pipes after the command itself ended. */
const PIPE_GRACE_MS = 1_000;

/** How a command is run. `timeoutMs` is 60,000 unless given. */
export interface CommandOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** What a command that ended left behind. `exitCode` is null when a signal ended it; texts keep their last 1 MiB characters. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

/**
 * The child processes of one task, each the leader of its own process group.
 * Owner: the session of the task. When `signal` aborts, every group is asked to end, then killed.
 */
export class ChildProcesses {
  readonly #signal: AbortSignal;
  readonly #live = new Set<ChildProcess>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => void this.stopAll(), { once: true });
  }

  /**
   * Starts a long-lived child with its input and outputs piped; `ended` and `stop` belong to the caller.
   * Throws the abort reason when the task was cancelled already.
   */
  start(command: string, args: readonly string[], options: CommandOptions): ChildProcessWithoutNullStreams {
    this.#signal.throwIfAborted();
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: childEnvironment(options.env),
      stdio: 'pipe',
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.#live.add(child);
    child.once('exit', () => {
      this.#live.delete(child);
      signalGroup(child, 'SIGKILL');
    });
    child.once('error', () => this.#live.delete(child));
    child.stdin.on('error', () => undefined);
    return child;
  }

  /**
   * Runs a command to its end. A result with an exit code other than 0 is a value, not an error.
   * Throws a `StageFailure` when the program is missing or takes longer than its time-out, the abort reason when cancelled.
   */
  async run(command: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
    const startedAt = performance.now();
    const child = this.start(command, args, options);
    child.stdin.end();
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      void this.stop(child);
    }, timeoutMs);
    try {
      const exitCode = await exitOf(child, command);
      this.#signal.throwIfAborted();
      if (timedOut) {
        throw tookTooLong(command, args, timeoutMs);
      }
      return { exitCode, stdout: stdout(), stderr: stderr(), durationMs: performance.now() - startedAt };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends one child and its group: SIGTERM, 500 ms of grace, SIGKILL. Resolves when it is gone. */
  async stop(child: ChildProcess): Promise<void> {
    if (!this.#live.has(child)) {
      return;
    }
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    signalGroup(child, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
    await gone;
    clearTimeout(timer);
  }

  /** Ends every child that still lives. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#live].map((child) => this.stop(child)));
  }

  /** Kills every child's group at once, without grace: for the moment when the agent itself must end. */
  killAll(): void {
    for (const child of this.#live) {
      signalGroup(child, 'SIGKILL');
    }
  }
}

/** Sends a signal to a child's whole group; a group that is gone already is what was wanted. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) {
    return;
  }
  if (process.platform === 'win32') {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) {
      throw error;
    }
  }
}

function exitOf(child: ChildProcessWithoutNullStreams, command: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    let pipeTimer: NodeJS.Timeout | undefined;
    child.once('error', (error) => reject(cannotStart(command, error)));
    child.once('exit', () => {
      pipeTimer = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, PIPE_GRACE_MS);
    });
    child.once('close', (exitCode) => {
      clearTimeout(pipeTimer);
      resolve(exitCode);
    });
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text = (text + chunk).slice(-OUTPUT_LIMIT);
  });
  return () => text;
}

function cannotStart(command: string, error: Error): StageFailure {
  if ('code' in error && error.code === 'ENOENT') {
    return fatal(
      `The program ${command} could not be started`,
      'it was not found on this machine',
      `Install ${command}, make sure that it is on the PATH, and retry the stage`,
    );
  }
  return new StageFailure({
    class: 'transient',
    what: `The program ${command} could not be started`,
    why: error.message,
    remedy: 'Retry the stage when the machine is less busy',
  });
}

function tookTooLong(command: string, args: readonly string[], timeoutMs: number): StageFailure {
  return new StageFailure({
    class: 'unknown',
    what: `${[command, ...args].join(' ').slice(0, 200)} did not end`,
    why: `it ran longer than ${timeoutMs} ms and was stopped`,
    remedy: 'Read its output in the attempt log',
  });
}
