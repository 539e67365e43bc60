import type { AgentId, AttemptId, TaskId } from '../contract/ids.ts';
import type { LiveCounts } from './agent-roster.ts';
import { Turnover } from './turnover.ts';
import type { Worker } from './worker.ts';

/** The attempts that this engine holds right now, and the slots they take. In memory; leases are their trace in rows. */
export interface LiveAttempts extends LiveCounts {
  /** Takes the slots before the claim is committed, so that nobody gives them away twice. */
  take(agentId: AgentId, type: string): void;
  /** Gives a slot back, when its attempt has ended or its claim was not committed. */
  free(agentId: AgentId, type: string): void;
  add(worker: Worker): void;
  remove(worker: Worker): void;
  /** Those of now; to be asked for anew each time. */
  readonly workers: ReadonlyMap<AttemptId, Worker>;
  ofTask(taskId: TaskId): Worker | null;
  /** A number that rises with every use of an agent; 0 when it was never used. */
  lastUsed(agentId: AgentId): number;
  /** Resolves when no worker is left. */
  empty(): Promise<void>;
}

export function createLiveAttempts(): LiveAttempts {
  const perType = new Map<string, number>();
  const perAgent = new Map<string, number>();
  const used = new Map<string, number>();
  let workers = new Map<AttemptId, Worker>();
  const turnover = new Turnover();
  const waiting: (() => void)[] = [];
  let total = 0;
  let uses = 0;

  function count(map: Map<string, number>, key: string, change: number): void {
    map.set(key, (map.get(key) ?? 0) + change);
  }

  return {
    get total() {
      return total;
    },
    get workers() {
      return workers;
    },
    ofType: (type) => perType.get(type) ?? 0,
    ofAgent: (agentId) => perAgent.get(agentId) ?? 0,
    lastUsed: (agentId) => used.get(agentId) ?? 0,
    take(agentId, type) {
      total += 1;
      uses += 1;
      count(perType, type, 1);
      count(perAgent, agentId, 1);
      used.set(agentId, uses);
    },
    free(agentId, type) {
      total -= 1;
      count(perType, type, -1);
      count(perAgent, agentId, -1);
    },
    add(worker) {
      workers.set(worker.job.attempt.id, worker);
    },
    remove(worker) {
      workers.delete(worker.job.attempt.id);
      if (turnover.leave()) workers = new Map(workers);
      if (workers.size === 0) for (const wake of waiting.splice(0)) wake();
    },
    ofTask(taskId) {
      for (const worker of workers.values()) if (worker.job.task.id === taskId) return worker;
      return null;
    },
    empty() {
      return workers.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));
    },
  };
}
