import { readFileSync } from 'node:fs';
import { mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StartAgentHost } from '../../../src-main/agents/host-client.ts';
import { startAgentHost } from '../../../src-main/agents/host-client.ts';
import type { AgentLauncherOptions, StartableLauncher } from '../../../src-main/agents/launcher.ts';
import { createAgentLauncher } from '../../../src-main/agents/launcher.ts';
import { createLogReader } from '../../../src-main/agents/log-reader.ts';
import type { LogLine, LogStream } from '../../../src-main/contract/log.ts';
import type { Activity, ProcessIdentity } from '../../../src-main/contract/task.ts';
import type {
  AskedPermission,
  Clock,
  LaunchedAttempt,
  LaunchObserver,
  LaunchRequest,
  LaunchResult,
  Logger,
  PermissionQuestion,
  PermissionVerdict,
} from '../../../src-main/core/ports.ts';
import { makeFolder, removeFolder } from '../../support/temporary-folder.ts';

/** The system's time; only where real processes are waited for. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms).unref();
    return () => clearTimeout(timer);
  },
};

export const quietLogger: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Everything an observer was told, in order. */
export class Witness implements LaunchObserver {
  readonly activities: Activity[] = [];
  readonly processes: (ProcessIdentity | null)[] = [];
  /** What was asked of people, each with the way to answer it. */
  readonly questions: (PermissionQuestion & { answer(optionId: string | null): void; withdrawn: string | null })[] = [];
  beats = 0;
  actives = 0;

  started(process: ProcessIdentity | null): void {
    this.processes.push(process);
  }

  beat(): void {
    this.beats += 1;
  }

  active(): void {
    this.actives += 1;
  }

  did(activity: Activity): void {
    this.activities.push(activity);
  }

  asked(question: PermissionQuestion): AskedPermission {
    const { promise, resolve } = Promise.withResolvers<PermissionVerdict>();
    const answer = (optionId: string | null) => resolve({ optionId, answer: `${optionId}, by the test` });
    const kept = { ...question, answer, withdrawn: null as string | null };
    this.questions.push(kept);
    const withdraw = (reason: string) => {
      kept.withdrawn = reason;
    };
    return { verdict: promise, withdraw };
  }

  /** The kinds of what was done, in order. */
  get kinds(): Activity['kind'][] {
    return this.activities.map(({ kind }) => kind);
  }

  /** The details of everything that broke the protocol. */
  get broken(): string[] {
    return this.activities.flatMap((activity) => (activity.kind === 'protocolBroken' ? [activity.detail] : []));
  }
}

/** A launcher with a real agent host and folders of its own. */
export interface Room {
  readonly launcher: StartableLauncher;
  readonly dataFolder: string;
  /** An empty folder to work in. */
  readonly workspace: string;
  launch(request: LaunchRequest): { readonly attempt: LaunchedAttempt; readonly witness: Witness };
  run(request: LaunchRequest): Promise<LaunchResult & { readonly witness: Witness }>;
  /** The whole log of an attempt, or of some of its streams. */
  logOf(request: LaunchRequest, ...streams: LogStream[]): Promise<LogLine[]>;
  /** What is left of temporary folders. */
  temporary(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openRoom(options: Partial<AgentLauncherOptions> = {}): Promise<Room> {
  const base = makeFolder();
  const dataFolder = join(base, 'data');
  const workspace = await mkdtemp(join(base, 'workspace-'));
  const logFolder = join(dataFolder, 'logs');
  const startHost: StartAgentHost = options.startHost ?? startAgentHost;
  const launcher = createAgentLauncher({
    clock: systemClock,
    logger: quietLogger,
    dataFolder,
    logFolder,
    engineEnv: process.env,
    heartbeatMs: 1_000,
    redact: [],
    ...options,
    startHost,
  });
  const started = await launcher.start();
  if (!started.ok) throw new Error(started.error.message);
  const logs = createLogReader({ folder: logFolder });
  const launch = (request: LaunchRequest) => {
    const witness = new Witness();
    return { attempt: launcher.launch(request, witness), witness };
  };
  return {
    launcher,
    dataFolder,
    workspace,
    launch,
    run: async (request) => {
      const { attempt, witness } = launch(request);
      return { ...(await attempt.result), witness };
    },
    logOf: async (request, ...streams) => {
      const page = await logs.read(request.attempt.id, 1, 5_000);
      return (page?.lines ?? []).filter(({ stream }) => streams.length === 0 || streams.includes(stream));
    },
    temporary: () => readdir(join(dataFolder, 'tmp')).catch(() => []),
    close: async () => {
      await launcher.close(500);
      removeFolder(base);
    },
  };
}

/** Whether a process exists and has not ended. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that has ended, and whose new parent has not noticed yet, still has its number.
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
