import type { Failure } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import type { Clock } from '../core/ports.ts';
import type { Environment } from './agent-environment.ts';
import type { AgentHost } from './agent-host.ts';
import type { ProcessTable } from './process-table.ts';
import type { Redactor } from './redact.ts';

/** What every attempt, of whatever protocol, works with. Owner: the launcher. */
export interface AgentRoom {
  /** The agent host, as soon as there is one again; a failure of category `engine` when there is none to be had. */
  host(): Promise<Result<AgentHost, Failure>>;
  /** Resolves when what a host left behind that has just died is ended. */
  recoveredFrom(host: AgentHost): Promise<void>;
  readonly clock: Clock;
  /** The system's processes; null where only a child process could look at them, which this process never starts. */
  readonly processes: ProcessTable | null;
  /** Absolute. */
  readonly dataFolder: string;
  readonly inherited: Environment;
  /** Absolute folder of the attempts' logs. */
  readonly logFolder: string;
  /** For every text that leaves this room outside of a log. */
  readonly redact: Redactor;
}

/** What became of an attempt whose host died under it. */
export const hostLostFailure: Failure = {
  category: 'engine',
  class: 'transient',
  message: 'The agent host ended while the attempt ran.',
  remedy: 'Nothing: the engine starts it again, and tries the task again.',
};

/** An unexpected error as the failure of the one attempt that it hit; the engine goes on. */
export function unexpectedFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return { category: 'engine', class: 'unknown', message: `The attempt could not be carried out: ${message}.` };
}
