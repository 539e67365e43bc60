import type { AgentId, AttemptId } from '../contract/ids.ts';
import type { ProcessIdentity } from '../contract/task.ts';
import type { AgentUsage, Clock } from '../core/ports.ts';
import type { Marker } from './agent-host.ts';
import type { FoundProcess, ProcessTable } from './process-table.ts';
import type { ReadUsage } from './process-usage.ts';

/** The environment variable by which an agent's processes know whose they are. */
const agentMarkerName = 'SIGNALBOX_AGENT_ID';
/** The environment variable by which the processes of a command know which attempt they are of. */
const attemptMarkerName = 'SIGNALBOX_ATTEMPT_ID';
/** Whoever asks again within this time gets the same answer. */
const freshMs = 1_000;
/** An older look says nothing about the use of the processor now. */
const comparableMs = 30_000;

export interface UsageMeterParts {
  readonly clock: Clock;
  readonly processes: ProcessTable;
  readonly read: ReadUsage;
  /** Marks everything that this engine has started; null where looking for marks means to start a program. */
  readonly marker: (() => Marker) | null;
}

/** What one agent's processes had used at the time of a look, in ms, by PID and start mark. */
type Spent = ReadonlyMap<string, number>;

interface Look {
  /** Clock.monotonic(). */
  readonly at: number;
  readonly spent: ReadonlyMap<AgentId, Spent>;
  readonly usage: ReadonlyMap<AgentId, AgentUsage>;
}

/**
 * Measures what agents use of the machine, when somebody asks. An agent's processes are those that are known of it,
 * their groups and descendants, and whatever carries both its mark and this engine's: a tool that an agent started in
 * a session of its own counts, too, where the system lets environments be read.
 */
export class UsageMeter {
  readonly #parts: UsageMeterParts;
  #last: Look = { at: Number.NEGATIVE_INFINITY, spent: new Map(), usage: new Map() };
  #looking: Promise<Look> | null = null;

  constructor(parts: UsageMeterParts) {
    this.#parts = parts;
  }

  async measure(agents: ReadonlyMap<AgentId, readonly ProcessIdentity[]>): Promise<ReadonlyMap<AgentId, AgentUsage>> {
    if (this.#parts.clock.monotonic() - this.#last.at < freshMs) return this.#last.usage;
    this.#looking ??= this.#look(agents).finally(() => {
      this.#looking = null;
    });
    this.#last = await this.#looking;
    return this.#last.usage;
  }

  /**
   * Processor time of an attempt's process and all that belongs to it, what has ended of it included where the system
   * tells that; null when the process is not there.
   */
  async processorTime(attemptId: AttemptId, process: ProcessIdentity): Promise<number | null> {
    const { processes, read, marker } = this.#parts;
    const markers = marker === null ? [] : [{ name: attemptMarkerName, value: attemptId }];
    const found = await processes.find({ groups: [process.pid], roots: [process.pid], markers });
    if (!found.some(({ pid, startMark }) => pid === process.pid && startMark === process.startMark)) return null;
    const facts = await read(found.map(({ pid }) => pid));
    if (!facts.has(process.pid)) return null;
    return [...facts.values()].reduce((sum, used) => sum + used.cpuMs + used.endedChildrenMs, 0);
  }

  async #look(agents: ReadonlyMap<AgentId, readonly ProcessIdentity[]>): Promise<Look> {
    const { clock, read } = this.#parts;
    const busy = [...agents].filter(([, known]) => known.length > 0);
    const found = await Promise.all(
      busy.map(async ([agentId, known]) => [agentId, await this.#processesOf(agentId, known)] as const),
    );
    const pids = new Set(found.flatMap(([, processes]) => processes.map(({ pid }) => pid)));
    const facts = await read([...pids]);
    const at = clock.monotonic();
    const elapsedMs = at - this.#last.at;
    const spent = new Map<AgentId, Spent>();
    const usage = new Map<AgentId, AgentUsage>();
    for (const [agentId, processes] of found) {
      const now = new Map<string, number>();
      let memoryBytes = 0;
      for (const { pid, startMark } of processes) {
        const used = facts.get(pid);
        if (used === undefined) continue;
        now.set(`${pid} ${startMark}`, used.cpuMs);
        memoryBytes += used.memoryBytes;
      }
      if (now.size === 0) continue;
      const before = elapsedMs <= comparableMs ? this.#last.spent.get(agentId) : undefined;
      spent.set(agentId, now);
      usage.set(agentId, { cpuPercent: before === undefined ? null : share(before, now, elapsedMs), memoryBytes });
    }
    return { at, spent, usage };
  }

  /** The questions of one turn share one look at the system. */
  async #processesOf(agentId: AgentId, known: readonly ProcessIdentity[]): Promise<FoundProcess[]> {
    const { processes, marker } = this.#parts;
    const pids = known.map(({ pid }) => pid);
    const [near, marked] = await Promise.all([
      processes.find({ groups: pids, roots: pids, markers: [] }),
      marker === null ? [] : this.#markedOf(agentId, marker()),
    ]);
    return [...new Map([...near, ...marked].map((process) => [process.pid, process])).values()];
  }

  /** Another engine on this machine may have an agent of the same id: both marks count. */
  async #markedOf(agentId: AgentId, marker: Marker): Promise<FoundProcess[]> {
    const find = (wanted: Marker) => this.#parts.processes.find({ groups: [], roots: [], markers: [wanted] });
    const [ofAgent, ofEngine] = await Promise.all([find({ name: agentMarkerName, value: agentId }), find(marker)]);
    const ours = new Set(ofEngine.map(({ pid }) => pid));
    return ofAgent.filter(({ pid }) => ours.has(pid));
  }
}

/** Use of the processor between two looks, 100 being one core. One that is new since then began within that time. */
function share(before: Spent, now: Spent, elapsedMs: number): number {
  let spentMs = 0;
  for (const [process, cpuMs] of now) spentMs += Math.max(0, cpuMs - (before.get(process) ?? 0));
  return Math.round((spentMs / Math.max(1, elapsedMs)) * 1_000) / 10;
}
