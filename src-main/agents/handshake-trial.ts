import type { LaunchedAttempt, LaunchRequest, LaunchResult } from '../core/ports.ts';
import type { AcpProcess, ProcessUser } from './acp/acp-process.ts';
import type { ProcessPool } from './acp/process-pool.ts';
import type { AgentRoom } from './agent-room.ts';
import { redactValues } from './redact-values.ts';

/** The process lives on, and no turn has ended. */
const noExit = { code: null, signal: null, stopReason: null };

/** Starts an ACP agent only to see that it answers the handshake. It is left in the pool, to be stopped there. */
export function launchHandshake(room: AgentRoom, pool: ProcessPool, request: LaunchRequest): LaunchedAttempt {
  let process: AcpProcess | null = null;
  const user: ProcessUser = {
    attemptId: request.attempt.id,
    update: () => undefined,
    permission: () => null,
    // What is no protocol is what a person has to see: the program's own words.
    broken: (_detail, line) => {
      if (line === undefined) return;
      process?.appendLog(user, [{ stream: 'stdout', text: line, at: room.clock.now() }]);
    },
    beat: () => undefined,
    active: () => undefined,
    dropped: () => undefined,
  };
  const started = pool.take(request.agent, request.heartbeatMs, user);
  process = started;
  const result = started.ready.then(async (ready): Promise<LaunchResult> => {
    await started.closeLog(user);
    if (ready.ok) return { outcome: 'completed', exit: noExit, outputs: {} };
    if (ready.error.category === 'cancelled') return { outcome: 'stopped', exit: null };
    return { outcome: 'failed', exit: null, failure: redactValues(room.redact, ready.error) };
  });
  return { result, stop: (graceMs) => started.end(graceMs) };
}
