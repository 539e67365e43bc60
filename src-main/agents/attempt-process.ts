import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { Failure } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { ProcessIdentity } from '../contract/task.ts';
import type { LaunchRequest } from '../core/ports.ts';
import { attemptEnvironment } from './agent-environment.ts';
import type { AgentHost, HostedProcess, ProcessExit, ProcessObserver } from './agent-host.ts';
import type { AgentRoom } from './agent-room.ts';
import type { AttemptFolder } from './attempt-folder.ts';
import { logPath } from './log-reader.ts';

/** What a process that belongs to one attempt is started for. */
export interface AttemptProcessParts {
  readonly room: AgentRoom;
  readonly request: LaunchRequest;
  readonly folder: AttemptFolder;
  /** Unique among all processes. */
  readonly key: string;
  started(process: ProcessIdentity): void;
  readonly observer: Pick<ProcessObserver, 'beat' | 'dropped'> & { active(): void };
}

/** How the process ended: it could not be started, was stopped before it was, went with the agent host, or exited. */
export type AttemptProcessEnd =
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'exited'; readonly exit: ProcessExit };

/** One process in an attempt's folder and environment, its output in the attempt's log. Used once. */
export class AttemptProcess {
  readonly #parts: AttemptProcessParts;
  #process: HostedProcess | null = null;
  #grace: number | null = null;

  constructor(parts: AttemptProcessParts) {
    this.#parts = parts;
  }

  /** Whether it was asked to stop. */
  get isStopping(): boolean {
    return this.#grace !== null;
  }

  /** Asks it to end, and kills its group and stragglers after the grace. Calling again only shortens the grace. */
  stop(graceMs: number): void {
    this.#grace = Math.min(this.#grace ?? graceMs, graceMs);
    this.#process?.stop(this.#grace);
  }

  /** Runs the program to its end. Nothing that it started is alive when this resolves. */
  async run(argv: readonly string[]): Promise<AttemptProcessEnd> {
    const { room, request } = this.#parts;
    const usable = await checkFolder(request.task.spec.folder, room.dataFolder);
    if (!usable.ok) return { kind: 'failed', failure: usable.error };
    const host = await room.host();
    if (!host.ok) return { kind: 'failed', failure: host.error };
    if (this.isStopping) return { kind: 'stopped' };
    const process = this.#spawn(host.value, argv);
    const started = await process.started;
    if (started.ok) this.#parts.started(started.value);
    const exit = await process.exited;
    if (!started.ok) {
      return this.isStopping ? { kind: 'stopped' } : { kind: 'failed', failure: started.error };
    }
    const isLost = exit.code === null && exit.signal === null;
    if (isLost) {
      await room.recoveredFrom(host.value);
      return { kind: 'lost' };
    }
    await host.value.closeLog(logPath(room.logFolder, request.attempt.id));
    return { kind: 'exited', exit };
  }

  #spawn(host: AgentHost, argv: readonly string[]): HostedProcess {
    const { room, request, folder, key, observer } = this.#parts;
    const process = host.spawn(
      {
        key,
        argv,
        cwd: request.task.spec.folder,
        env: attemptEnvironment(room.inherited, request, folder),
        marker: { name: 'SIGNALBOX_ATTEMPT_ID', value: request.attempt.id },
        log: logPath(room.logFolder, request.attempt.id),
        stdout: 'log',
        stdin: 'none',
        heartbeatMs: request.heartbeatMs,
      },
      {
        line: () => undefined,
        output: () => observer.active(),
        beat: () => observer.beat(),
        dropped: (bytes) => observer.dropped(bytes),
      },
    );
    this.#process = process;
    return process;
  }
}

/**
 * The folder may have gone since the task was made; said here, because the system blames the program instead. One in a
 * workspace that Signalbox made must still be in it: agents may have put a link to elsewhere in its place.
 */
export async function checkFolder(path: string, dataFolder: string): Promise<Result<null, Failure>> {
  const facts = await stat(path).catch(() => null);
  if (!facts?.isDirectory()) return unusable(`${path} ${facts === null ? 'does not exist' : 'is not a folder'}`);
  const place = await realpath(path);
  if (place === path || (await staysInWorkspace(path, place, dataFolder))) return ok(null);
  return unusable(`${path} leads out of its workspace, to ${place}`);
}

function unusable(what: string): Result<null, Failure> {
  const message = `The working folder ${what}.`;
  return err({ category: 'folder', class: 'fatal', message, remedy: 'Create it, or give the task another folder.' });
}

/** @param place where the path really is. */
async function staysInWorkspace(path: string, place: string, dataFolder: string): Promise<boolean> {
  const root = join(dataFolder, 'workspaces');
  const [owner = ''] = relative(root, path).split(sep);
  if (owner === '..' || isAbsolute(owner)) return true;
  const workspace = join(await realpath(root), owner);
  return place === workspace || place.startsWith(`${workspace}${sep}`);
}
