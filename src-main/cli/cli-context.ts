import type { ApiClient, Subscription } from '../contract/api.ts';
import type { Finding } from '../contract/api-engine.ts';
import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import type { Need } from '../reach/reach-engine.ts';
import type { Feed, FeedListener } from '../transport/feed.ts';
import type { HostedWindow } from './host-window.ts';
import type { Terminal } from './terminal.ts';

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly data?: string;
}

/** An engine that a command talks to. */
export interface Reached {
  /** `guest`: it lives in another process. `host`: in this one. `idle`: in this one, and nothing works. */
  readonly role: 'guest' | 'host' | 'idle';
  /** The engine's process. */
  readonly pid: number;
  readonly client: ApiClient;
  follow(subscription: Subscription, listener: FeedListener): Promise<Result<Feed, ApiError>>;
  /** Leaves a guest's engine alone; ends one of this process: parks live work, and gives children the grace to end. */
  close(options?: { readonly graceMs?: number; readonly drainMs?: number }): Promise<void>;
}

export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Everything of the outside world that commands use. */
export interface CliContext {
  readonly terminal: Terminal;
  /** @throws RefusedError when there is no engine to be had. */
  readonly reach: (need: Need, options: CommonOptions) => Promise<Reached>;
  /** What can be said of the machine without opening the store. */
  readonly checkMachine: (options: CommonOptions) => Promise<readonly Finding[]>;
  /** The settings file of the data folder, which need not be there. */
  readonly settingsPath: (options: CommonOptions) => Promise<string>;
  /**
   * Puts a copy in the database's place; null: nothing. Names the folder that keeps what was there, if anything was.
   * @throws RefusedError while an engine has the data folder, and when the copy is not good.
   */
  readonly restore: (copy: string | null, options: CommonOptions) => Promise<{ readonly kept: string | null }>;
  /**
   * Hands over every row of a database as a line; null: of the data folder's.
   * @throws RefusedError when nothing can be read.
   */
  readonly exportRows: (
    from: string | null,
    write: (line: string) => void,
    options: CommonOptions,
  ) => Promise<{
    readonly rows: number;
    readonly skipped: readonly { readonly table: string; readonly reason: string }[];
  }>;
  /** Tells of signals instead of dying by them, until the returned function is called. */
  readonly onSignal: (listener: (signal: Signal) => void) => () => void;
  /**
   * Serves the window at a port; 0: any free one.
   * @throws RefusedError when there is no engine to be had, or the port cannot be.
   */
  readonly hostWindow: (port: number, options: CommonOptions) => Promise<HostedWindow>;
  /** Opens an address in the person's browser. Rejects when there is none. */
  readonly openUrl: (url: string) => Promise<void>;
  /** Calls back each time Enter is pressed, until the returned function is called. Never where there is no terminal. */
  readonly onEnter: (listener: () => void) => () => void;
  /** Wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** Calls back again and again, until the returned function is called. */
  readonly every: (ms: number, callback: () => void) => () => void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}
