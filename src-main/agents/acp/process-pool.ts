import type { AgentDefinition } from '../../contract/agent.ts';
import type { Failure } from '../../contract/errors.ts';
import type { AgentId } from '../../contract/ids.ts';
import type { Result } from '../../contract/result.ts';
import type { AgentProcessListener, Stop } from '../../core/ports.ts';
import type { AgentRoom } from '../agent-room.ts';
import type { ProcessUser, ReadyAgent } from './acp-process.ts';
import { AcpProcess } from './acp-process.ts';
import type { AgentProtocol } from './protocol.ts';

/** How long a process that is no longer needed may take to end by itself. */
const RETIRE_GRACE_MS = 5_000;

export interface ProcessPoolParts {
  readonly room: AgentRoom;
  readonly protocol: AgentProtocol;
  readonly listener: AgentProcessListener;
  /** Tells the processes of a second pool from those of the first, which may serve an agent of the same id. */
  readonly keyPrefix?: string;
}

/**
 * The persistent processes of all ACP agents. One process serves one attempt at a time, so that ending one attempt
 * the hard way never touches another; a process that served is kept for the next attempt until it was idle too long.
 */
export class ProcessPool {
  readonly #parts: ProcessPoolParts;
  readonly #live = new Set<AcpProcess>();
  readonly #idle = new Map<AcpProcess, Stop>();
  #started = 0;

  constructor(parts: ProcessPoolParts) {
    this.#parts = parts;
  }

  /** An idle process of the agent, or a new one, for this user until `give` brings it back. */
  take(agent: AgentDefinition, heartbeatMs: number, user: ProcessUser): AcpProcess {
    this.#retireOthers(agent);
    const idle = this.#idleOf(agent.id)[0];
    if (idle === undefined) return this.#start(agent, heartbeatMs, user);
    this.#wake(idle);
    idle.assign(user);
    return idle;
  }

  /**
   * Takes a process back. One that cannot be used again, or is one too many, ends; one whose user left something
   * behind ends with it, before this resolves.
   */
  async give(process: AcpProcess): Promise<void> {
    process.release();
    if (process.isUsable && (await process.hasLeftovers())) {
      process.end(RETIRE_GRACE_MS);
      await process.ended;
    }
    if (!process.isUsable) return;
    if (this.#idleOf(process.agent.id).length >= process.agent.slots) process.end(RETIRE_GRACE_MS);
    else this.#rest(process);
  }

  /** Starts a process ahead of work, unless the agent has one. */
  async startAgent(agent: AgentDefinition, heartbeatMs: number): Promise<Result<ReadyAgent, Failure>> {
    this.#retireOthers(agent);
    const present = [...this.#live].find((process) => process.agent.id === agent.id && process.isUsable);
    if (present !== undefined) return present.ready;
    const process = this.#start(agent, heartbeatMs, null);
    this.#rest(process);
    return process.ready;
  }

  /** Ends the idle processes of one agent, or of all. Resolves when none of them is left. */
  async stopIdle(graceMs: number, agentId?: AgentId): Promise<void> {
    const concerned = [...this.#idle.keys()].filter((process) => agentId === undefined || process.agent.id === agentId);
    await this.#end(concerned, graceMs);
  }

  /** Ends the processes of one agent, or of all, busy or not. Resolves when none of them is left. */
  async stop(graceMs: number, agentId?: AgentId): Promise<void> {
    const concerned = [...this.#live].filter((process) => agentId === undefined || process.agent.id === agentId);
    await this.#end(concerned, graceMs);
  }

  async #end(processes: readonly AcpProcess[], graceMs: number): Promise<void> {
    for (const process of processes) process.end(graceMs);
    await Promise.all(processes.map((process) => process.ended));
  }

  #start(agent: AgentDefinition, heartbeatMs: number, user: ProcessUser | null): AcpProcess {
    const { room, protocol, listener, keyPrefix = '' } = this.#parts;
    this.#started += 1;
    const key = `${keyPrefix}${agent.id}.${this.#started}`;
    const process = new AcpProcess({ room, protocol, listener, agent, heartbeatMs, key }, user);
    this.#live.add(process);
    void process.ended.then(() => {
      this.#live.delete(process);
      this.#wake(process);
    });
    return process;
  }

  #idleOf(agentId: AgentId): AcpProcess[] {
    return [...this.#idle.keys()].filter((process) => process.agent.id === agentId && process.isUsable);
  }

  /** Lets a process wait for work, for as long as its agent says. */
  #rest(process: AcpProcess): void {
    const { idleStopMs } = process.agent;
    const stopTimer =
      idleStopMs === 0
        ? () => undefined
        : this.#parts.room.clock.after(idleStopMs, () => {
            this.#idle.delete(process);
            process.end(RETIRE_GRACE_MS);
          });
    this.#idle.set(process, stopTimer);
  }

  #wake(process: AcpProcess): void {
    this.#idle.get(process)?.();
    this.#idle.delete(process);
  }

  /** Ends idle processes that were started by an older definition of the agent. */
  #retireOthers(agent: AgentDefinition): void {
    for (const process of this.#idleOf(agent.id)) {
      if (isStartedAlike(process.agent, agent)) continue;
      this.#wake(process);
      process.end(RETIRE_GRACE_MS);
    }
  }
}

/** Whether a process of one definition can serve the other. */
function isStartedAlike(a: AgentDefinition, b: AgentDefinition): boolean {
  return JSON.stringify([a.command, a.env]) === JSON.stringify([b.command, b.env]);
}
