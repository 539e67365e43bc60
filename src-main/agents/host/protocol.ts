import type { Failure } from '../../contract/errors.ts';
import type { LogStream } from '../../contract/log.ts';
import type { Result } from '../../contract/result.ts';
import type { ProcessIdentity } from '../../contract/task.ts';
import type { ReapReport } from '../../core/ports.ts';
import type { LogEntry, ProcessExit, SpawnRequest } from '../agent-host.ts';

/**
 * What the main process and its agent host say to each other. Both are parts of one build and the channel is
 * nobody else's, so messages are typed and not parsed; {@link protocolVersion} catches a bundle of another build.
 */
export const protocolVersion = 1;

/** The most bytes of protocol output that are on their way to the main process; then the process has to wait. */
export const lineCreditBytes = 1024 * 1024;
/** After so many handled bytes the main process gives the host credit again. */
export const lineAckBytes = 256 * 1024;

/** From the main process to the host. */
export type HostCommand =
  | { readonly kind: 'configure'; readonly dataMarker: string; readonly patterns: readonly string[] }
  /** Values to redact, besides those that are known already. */
  | { readonly kind: 'redact'; readonly values: readonly string[] }
  | { readonly kind: 'spawn'; readonly request: SpawnRequest }
  | { readonly kind: 'write'; readonly key: string; readonly line: string }
  | { readonly kind: 'endInput'; readonly key: string }
  | { readonly kind: 'stop'; readonly key: string; readonly graceMs: number }
  | { readonly kind: 'ack'; readonly key: string; readonly bytes: number }
  | { readonly kind: 'attachLog'; readonly key: string; readonly log: string | null }
  | { readonly kind: 'appendLog'; readonly log: string; readonly entries: readonly LogEntry[] }
  | { readonly kind: 'closeLog'; readonly call: number; readonly log: string }
  | { readonly kind: 'reap'; readonly call: number; readonly known: readonly ProcessIdentity[] }
  | { readonly kind: 'close'; readonly graceMs: number };

/** From the host to the main process. */
export type HostReport =
  | { readonly kind: 'ready'; readonly version: number }
  | { readonly kind: 'started'; readonly key: string; readonly result: Result<ProcessIdentity, Failure> }
  | {
      readonly kind: 'lines';
      readonly key: string;
      readonly lines: readonly string[];
      /** Lines that were too long, by their place, with how many bytes of them were thrown away. */
      readonly cut: readonly (readonly [index: number, bytes: number])[];
      readonly bytes: number;
    }
  | { readonly kind: 'beat'; readonly key: string }
  | { readonly kind: 'exited'; readonly key: string; readonly exit: ProcessExit }
  /** Logs that have grown, with the number of their lines. */
  | { readonly kind: 'grown'; readonly logs: readonly (readonly [log: string, totalLines: number])[] }
  | { readonly kind: 'dropped'; readonly log: string; readonly bytes: number }
  | { readonly kind: 'closedLog'; readonly call: number; readonly totalLines: number }
  | { readonly kind: 'reaped'; readonly call: number; readonly report: ReapReport }
  /** Something the operator should read in the engine's own log. */
  | { readonly kind: 'trouble'; readonly message: string };

/** Streams of a process; the other log streams are appended by the main process. */
export type ProcessStream = Extract<LogStream, 'stdout' | 'stderr'>;
