import type { Failure } from '../contract/errors.ts';
import type { LogStream } from '../contract/log.ts';
import type { Result } from '../contract/result.ts';
import type { ProcessIdentity } from '../contract/task.ts';
import type { Logger, ReapReport, Stop } from '../core/ports.ts';

/** The environment variable that marks everything an engine on one data folder has started. */
export const dataMarkerName = 'SIGNALBOX_DATA';

/** The environment variable that marks everything one agent host has started. */
export const hostMarkerName = 'SIGNALBOX_HOST';

/** An environment variable by which a process and all its descendants are found, whatever group they moved to. */
export interface Marker {
  readonly name: string;
  readonly value: string;
}

/** A process to start. Nothing in it passes through a shell. */
export interface SpawnRequest {
  /** Unique among all processes of this host, e.g. the attempt's id. */
  readonly key: string;
  /** Program and arguments. On Windows a `.cmd` shim is found and its arguments are quoted. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The complete environment; the host adds the marker and the data folder's marker. */
  readonly env: Readonly<Record<string, string>>;
  readonly marker: Marker;
  /** The log that its output is appended to; null: none yet, see {@link AgentHost.attachLog}. */
  readonly log: string | null;
  /** `protocol`: whole lines of stdout go to the observer and not to the log. */
  readonly stdout: 'log' | 'protocol';
  /** `none`: stdin is at its end from the start. */
  readonly stdin: 'none' | 'pipe';
  /** How often the host checks that the process exists and is not stopped, and reports it. */
  readonly heartbeatMs: number;
}

/** What happens to a process while it runs. */
export interface ProcessObserver {
  /**
   * A line of protocol output without its end of line.
   * @param cutBytes how much of it was thrown away because it was longer than a line may be; 0 for a whole one.
   */
  line(text: string, cutBytes: number): void;
  /** The log it writes to has grown; at most about ten times a second. */
  output(totalLines: number): void;
  /** It exists and is able to run. */
  beat(): void;
  /** So many bytes of output could not be written to the log (disk full); told once per outage, at its end. */
  dropped(bytes: number): void;
}

/**
 * How a process ended. `stragglers`: how many other processes of it were still alive and were ended. `lastWords`: the
 * end of its stderr without secrets, for failures; empty when nothing was printed there.
 */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stragglers: number;
  readonly lastWords: string;
}

export interface HostedProcess {
  /** Never rejects. A process that could not be started gives a failure of category `spawn`. */
  readonly started: Promise<Result<ProcessIdentity, Failure>>;
  /**
   * Never rejects. Resolves when the process has ended, its output is in the log, and nothing it left behind is
   * alive. After a failed start, or when the host was lost: code and signal null.
   */
  readonly exited: Promise<ProcessExit>;
  /** Writes a line to stdin; an end of line is added. Ignored once the process or its input has ended. */
  write(line: string): void;
  endInput(): void;
  /** SIGTERM to the group, after the grace SIGKILL to the group and to stragglers. Calling again only shortens the grace. */
  stop(graceMs: number): void;
}

/** Something that belongs in a log besides the streams of a process. Its text may have several lines. */
export interface LogEntry {
  readonly stream: LogStream;
  readonly text: string;
  /** Wall clock, ms. */
  readonly at: number;
}

/** The small process that starts, reads and kills all others and writes their logs. */
export interface AgentHost {
  spawn(request: SpawnRequest, observer: ProcessObserver): HostedProcess;
  /** Appends entries in order with what the streams print. */
  appendLog(log: string, entries: readonly LogEntry[]): void;
  /** Where the logged streams of a persistent process go from now on; null: nowhere. */
  attachLog(key: string, log: string | null): void;
  /** Writes out what is pending, makes it durable and marks the log complete. Later appends open it again. */
  closeLog(log: string): Promise<{ readonly totalLines: number }>;
  /** Calls back when the log has grown, at most about ten times a second. */
  watchLog(log: string, grown: (totalLines: number) => void): Stop;
  /**
   * Ends the processes of an earlier engine (or of a lost host): those known by identity, and those that carry the
   * data folder's marker. To be called while this host runs nothing.
   */
  reap(known: readonly ProcessIdentity[]): Promise<ReapReport>;
  /** Resolves, with the reason, when the host died without being asked to: what it ran is dead or an orphan. */
  readonly lost: Promise<string>;
  /** Ends every process and the host. Resolves when the host has ended. */
  close(graceMs: number): Promise<void>;
}

export interface AgentHostOptions {
  readonly logger: Logger;
  /** Absolute; its hash marks every process. */
  readonly dataFolder: string;
  readonly redaction: {
    /** Secret values known by now; asked again before every start and append. */
    values(): readonly string[];
    /** Regular expressions of further secrets. */
    readonly patterns: readonly string[];
  };
}
