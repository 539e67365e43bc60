import type { Failure } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import type { AgentHost, AgentHostOptions } from './agent-host.ts';

/** Starts the host and waits until it is ready. Starting it again after it was lost is the caller's decision. */
export type StartAgentHost = (options: AgentHostOptions) => Promise<Result<AgentHost, Failure>>;
