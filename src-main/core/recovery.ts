import type { Agent, AgentDefinition } from '../contract/agent.ts';
import { isSameProcess } from '../contract/evolve-agent.ts';
import type { RunId } from '../contract/ids.ts';
import type { Attempt, ProcessIdentity } from '../contract/task.ts';
import { changeAgent } from './agent-lifecycle.ts';
import type { AttemptWrites } from './attempts.ts';
import { removeRulesOf } from './permission-answers.ts';
import type { AgentLauncher, Clock, Logger, ReapReport, Store, StoreUnit } from './ports.ts';
import type { Moment } from './refusals.ts';
import type { RunFlow } from './run-flow.ts';

/** What an engine found and took up again at its start. */
export interface Recovered {
  /** Runs that an earlier engine left unfinished. */
  readonly resumedRuns: readonly RunId[];
  readonly interruptedAttempts: number;
  readonly reapedProcesses: number;
}

export interface RecoveryDeps {
  readonly store: Store;
  readonly launcher: AgentLauncher;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly flow: RunFlow;
  readonly writes: AttemptWrites;
  readonly engine: { readonly version: string; readonly pid: number };
  readonly builtinAgents: readonly AgentDefinition[];
}

/**
 * Brings rows and processes into agreement at start, in both directions. Processes without a living engine are ended
 * first, so that nothing runs twice; then attempts without a process are interrupted and their tasks released to the
 * front of the queue, agents are stopped, and every open run is carried on.
 */
export async function recover(deps: RecoveryDeps): Promise<Recovered> {
  const { store, launcher, logger } = deps;
  const attempts = store.reads.liveAttempts();
  const agents = store.reads.agents();
  const resumedRuns = store.reads.openRuns().map((run) => run.id);
  const known = [
    ...attempts.flatMap((attempt) => attempt.process ?? []),
    ...agents.flatMap((agent) => agent.processes),
  ];
  const reaped = await launcher.reap(known);
  for (const { process, reason } of reaped.left)
    logger.error('A process of an earlier engine is still there.', { process, reason });
  await store.write((unit) => {
    const moment: Moment = { at: deps.clock.now(), actor: 'engine' };
    const { version, pid } = deps.engine;
    unit.record([{ ...moment, kind: 'engine.started', pid, version, interruptedAttempts: attempts.length }]);
    for (const attempt of attempts) interrupt(unit, deps.writes, attempt, reaped);
    resetAgents(unit, deps.builtinAgents, moment);
    for (const run of unit.openRuns()) deps.flow.advance(unit, run.id, moment);
    return null;
  });
  return { resumedRuns, interruptedAttempts: attempts.length, reapedProcesses: reaped.ended.length };
}

/** An attempt whose process cannot be ended must not be tried again beside it: its task fails and says so. */
function interrupt(unit: StoreUnit, writes: AttemptWrites, attempt: Attempt, reaped: ReapReport): void {
  const left = reaped.left.find((entry) => isProcessOf(attempt, entry.process));
  if (left === undefined) {
    const message = 'the engine ended while this attempt ran; its process was ended and the task released';
    const failure = { category: 'engine' as const, class: 'transient' as const, message };
    const outcome = { kind: 'interrupted' as const, by: 'engine' as const, counts: false, failure };
    writes.ended(unit, attempt, { outcome, exit: null, gates: [] });
    return;
  }
  const failure = {
    category: 'engine' as const,
    class: 'fatal' as const,
    message: `process ${left.process.pid} of an earlier engine could not be ended: ${left.reason}`,
    remedy: `End process ${left.process.pid} by hand, then queue the work again.`,
  };
  writes.ended(unit, attempt, { outcome: { kind: 'failed', failure }, exit: null, gates: [] });
}

function isProcessOf(attempt: Attempt, process: ProcessIdentity): boolean {
  return attempt.process !== null && isSameProcess(attempt.process, process);
}

function resetAgents(unit: StoreUnit, builtins: readonly AgentDefinition[], moment: Moment): void {
  for (const definition of builtins) {
    const row = unit.row('agent', definition.id);
    if (row === null || JSON.stringify(row.definition) !== JSON.stringify(definition)) {
      unit.record([{ ...moment, kind: 'agent.registered', agentId: definition.id, definition }]);
    }
  }
  for (const agent of unit.agents()) {
    if (agent.definition.builtin && !builtins.some((definition) => definition.id === agent.id)) {
      removeRulesOf(unit, agent.id, moment);
      unit.record([{ ...moment, kind: 'agent.removed', agentId: agent.id }]);
      continue;
    }
    stopAgentRow(unit, agent, moment);
    settleIdle(unit, agent.id, moment);
  }
}

/** Says of an agent that none of its processes is left, because its engine ended. */
export function stopAgentRow(unit: StoreUnit, agent: Agent, moment: Moment): void {
  for (const process of agent.processes) {
    const end = { process, expected: true, reason: 'the engine ended', restartAt: null };
    unit.record([{ ...moment, kind: 'agent.processEnded', agentId: agent.id, ...end }]);
  }
  changeAgent(unit, agent.id, 'stopped', agent.startsOnDemand ? null : agent.reason, moment);
}

/** An agent without a process of its own is ready as soon as it is known. */
export function settleIdle(unit: StoreUnit, agentId: string, moment: Moment): void {
  const agent = unit.row('agent', agentId);
  if (agent === null || agent.definition.protocol === 'acp' || !agent.startsOnDemand) return;
  if (agent.state === 'stopped') changeAgent(unit, agent.id, 'idle', null, moment);
}
