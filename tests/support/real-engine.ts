/** Engines with nothing replaced: the composition root on a folder of its own, with real child processes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentDefinition } from '../../src-main/contract/agent.ts';
import type { ApiInput, ApiName, ApiOutput } from '../../src-main/contract/api.ts';
import type { ApiError } from '../../src-main/contract/errors.ts';
import type { Event, EventKind, EventOf } from '../../src-main/contract/event.ts';
import type { AgentId, RunId, TaskId } from '../../src-main/contract/ids.ts';
import type { Result } from '../../src-main/contract/result.ts';
import type { Run } from '../../src-main/contract/run.ts';
import type { RunState, TaskState } from '../../src-main/contract/states.ts';
import { isRunEnded, isTaskEnded } from '../../src-main/contract/states.ts';
import type { Attempt, Task } from '../../src-main/contract/task.ts';
import type { OpenEngine } from '../../src-main/open-orchestrator.ts';
import { openOrchestrator } from '../../src-main/open-orchestrator.ts';
import { waitUntilNone } from './process-census.ts';
import { makeFolder, removeFolder } from './temporary-folder.ts';
import { notYet, until } from './until.ts';

/** How long child processes have to end when a test closes its engine. */
const graceMs = 500;

/** An empty data folder; {@link removeFolder} deletes it. */
export function makeDataFolder(settings?: unknown): string {
  const folder = makeFolder();
  if (settings !== undefined) writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
  return folder;
}

export type TaskFound = ApiOutput<'getTask'>;
type NewTask = ApiInput<'enqueueTasks'>['tasks'][number];

/** An engine of this process, in the hand of a test. */
export class RealEngine {
  readonly dataFolder: string;
  readonly #mode: 'work' | 'idle';
  #engine: OpenEngine | null = null;

  private constructor(dataFolder: string, mode: 'work' | 'idle') {
    this.dataFolder = dataFolder;
    this.#mode = mode;
  }

  /** Opens a folder, by default a new one. `idle` stores and reads, and starts nothing. */
  static async open(
    options: { readonly dataFolder?: string; readonly settings?: unknown; readonly mode?: 'work' | 'idle' } = {},
  ): Promise<RealEngine> {
    const engine = new RealEngine(options.dataFolder ?? makeDataFolder(options.settings), options.mode ?? 'work');
    await engine.reopen();
    return engine;
  }

  /** Opens the same folder again, after `park`. */
  async reopen(): Promise<void> {
    const opened = await openOrchestrator({ dataFolder: this.dataFolder, mode: this.#mode });
    if (!opened.ok) throw new Error(`the engine did not open: ${JSON.stringify(opened.error)}`);
    this.#engine = opened.value;
  }

  get served(): OpenEngine['served'] {
    if (this.#engine === null) throw new Error('the engine is closed');
    return this.#engine.served;
  }

  /** Ends the engine as a quit does; its folder stays. @throws when a process of it is left. */
  async park(): Promise<void> {
    const engine = this.#engine;
    this.#engine = null;
    await engine?.close({ mode: 'park', graceMs });
    await waitUntilNone(this.dataFolder, 1_000);
  }

  /** Ends the engine and deletes its folder. */
  async close(): Promise<void> {
    await this.park();
    removeFolder(this.dataFolder);
  }

  /** Calls an entry of the contract; a refusal is the result. */
  async attempt<N extends ApiName>(name: N, input: ApiInput<N>): Promise<Result<ApiOutput<N>, ApiError>> {
    return (await this.served.call(name, input)) as Result<ApiOutput<N>, ApiError>;
  }

  /** Calls an entry of the contract, and throws when it is refused. */
  async call<N extends ApiName>(name: N, input: ApiInput<N>): Promise<ApiOutput<N>> {
    const result = await this.attempt(name, input);
    if (!result.ok) throw new Error(`${name} was refused: ${JSON.stringify(result.error)}`);
    return result.value;
  }

  /** Queues tasks; their ids are in the same order. */
  async enqueue(...tasks: readonly NewTask[]): Promise<TaskId[]> {
    return (await this.call('enqueueTasks', { tasks: [...tasks] })).taskIds;
  }

  /** Queues one task and waits for its end. */
  async runTask(task: NewTask, timeoutMs = 20_000): Promise<TaskFound> {
    const [taskId] = await this.enqueue(task);
    return this.taskEnd(taskId as TaskId, timeoutMs);
  }

  /** Waits until a task is in one of the states. @throws with how it stands, and why it waits. */
  task(taskId: TaskId, states: readonly TaskState[], timeoutMs = 20_000): Promise<TaskFound> {
    return this.#taskThat(
      `task ${taskId} to be ${states}`,
      taskId,
      ({ task }) => states.includes(task.state),
      timeoutMs,
    );
  }

  taskEnd(taskId: TaskId, timeoutMs = 20_000): Promise<TaskFound> {
    return this.#taskThat(`task ${taskId} to end`, taskId, ({ task }) => isTaskEnded(task.state), timeoutMs);
  }

  /** Waits until a task's newest attempt runs in a process, and gives that attempt. */
  async running(taskId: TaskId, timeoutMs = 20_000): Promise<Attempt & { readonly process: { readonly pid: number } }> {
    const found = await this.#taskThat(
      `task ${taskId} to run`,
      taskId,
      ({ attempts }) => attempts.at(-1)?.state === 'running',
      timeoutMs,
    );
    const attempt = found.attempts.at(-1);
    if (attempt?.process == null) throw new Error(`attempt ${attempt?.id} runs without a process`);
    return { ...attempt, process: attempt.process };
  }

  /** Waits until a run is in one of the states. */
  run(runId: RunId, states: readonly RunState[], timeoutMs = 20_000): Promise<Run> {
    return this.#runThat(`run ${runId} to be ${states}`, runId, (run) => states.includes(run.state), timeoutMs);
  }

  runEnd(runId: RunId, timeoutMs = 60_000): Promise<Run> {
    return this.#runThat(`run ${runId} to end`, runId, (run) => isRunEnded(run.state), timeoutMs);
  }

  /** Waits until a run meets a condition. */
  runWith(runId: RunId, what: string, holds: (run: Run) => boolean, timeoutMs = 20_000): Promise<Run> {
    return this.#runThat(`run ${runId}: ${what}`, runId, holds, timeoutMs);
  }

  /** Starts a workflow that is given as text of a file. */
  async startWorkflow(source: string, inputs: ApiInput<'startRun'>['inputs'] = {}): Promise<Run> {
    return this.call('startRun', { workflow: this.writeWorkflow(source), inputs });
  }

  /** Writes a workflow file outside of the engine's own folders. @returns its path. */
  writeWorkflow(source: string): string {
    const path = join(this.dataFolder, `workflow-${crypto.randomUUID()}.yaml`);
    writeFileSync(path, source);
    return path;
  }

  async agent(agentId: string): Promise<ApiOutput<'listAgents'>['agents'][number]> {
    const { agents } = await this.call('listAgents', {});
    const agent = agents.find(({ id }) => id === agentId);
    if (agent === undefined) throw new Error(`no agent ${agentId}; there are ${agents.map(({ id }) => id)}`);
    return agent;
  }

  /** Waits until an agent is in one of the states. */
  agentIn(agentId: string, states: readonly string[], timeoutMs = 20_000) {
    return until(
      `agent ${agentId} to be ${states}`,
      async () => {
        const agent = await this.agent(agentId);
        return states.includes(agent.state) ? agent : notYet([agent.state, agent.reason]);
      },
      timeoutMs,
    );
  }

  /** All events so far, or those of one run, task, attempt or agent. */
  async events(filter: Omit<ApiInput<'listEvents'>, 'afterSeq' | 'limit'> = {}): Promise<Event[]> {
    const all: Event[] = [];
    for (;;) {
      const { events } = await this.call('listEvents', { ...filter, afterSeq: all.at(-1)?.seq ?? 0, limit: 1_000 });
      all.push(...events);
      if (events.length < 1_000) return all;
    }
  }

  async eventsOf<K extends EventKind>(kind: K): Promise<EventOf<K>[]> {
    return (await this.events()).filter((event): event is EventOf<K> => event.kind === kind);
  }

  /** The text of an attempt's log. */
  async log(attempt: Pick<Attempt, 'id'>): Promise<string> {
    const { lines } = await this.call('readLog', { attemptId: attempt.id, limit: 5_000 });
    return lines.map(({ text }) => text).join('\n');
  }

  #taskThat(what: string, taskId: TaskId, holds: (found: TaskFound) => boolean, timeoutMs = 20_000) {
    return until(
      what,
      async () => {
        const found = await this.call('getTask', { taskId });
        return holds(found) ? found : notYet(summaryOf(found));
      },
      timeoutMs,
    );
  }

  #runThat(what: string, runId: RunId, holds: (run: Run) => boolean, timeoutMs = 20_000): Promise<Run> {
    return until(
      what,
      async () => {
        const run = await this.call('getRun', { runId });
        return holds(run) ? run : notYet([run.state, run.stages.map(({ name, state }) => [name, state])]);
      },
      timeoutMs,
    );
  }
}

function summaryOf({ task, attempts, waitingBecause }: TaskFound) {
  const tries = attempts.map(({ state, failure }) => [state, failure?.message]);
  return { state: task.state, failure: task.failure?.message, waitingBecause, attempts: tries };
}

/** When an attempt began and ended, for comparing. @throws when it has not. */
export function intervalOf(attempt: Attempt | undefined): { readonly from: number; readonly to: number } {
  if (attempt?.startedAt == null || attempt.endedAt === null) {
    throw new Error(`the attempt ${attempt?.id} has not run: ${attempt?.state}`);
  }
  return { from: attempt.startedAt, to: attempt.endedAt };
}

/** Where a task's agent was told to work: what its outputs say, or nothing. */
export function outputsOf({ task }: { readonly task: Task }): Readonly<Record<string, unknown>> {
  return task.outputs ?? {};
}

const testAgentEntry = join(import.meta.dirname, '../../src-main/agents/test-agent/main.ts');

type AgentOptions = Partial<Omit<AgentDefinition, 'id'>> & {
  /** Arguments of the test agent beside its protocol. */
  readonly args?: readonly string[];
};

/** The definition of a test agent of this name; see docs/test-agent.md for what it can be told to do. */
export function testAgent(name: string, { args = [], ...options }: AgentOptions = {}): AgentDefinition {
  const protocol = options.protocol ?? 'acp';
  return {
    id: name as AgentId,
    title: name,
    type: 'tester',
    protocol,
    command: [process.execPath, testAgentEntry, protocol === 'acp' ? 'acp' : 'command', ...args],
    env: {},
    capabilities: [],
    repositories: [],
    slots: 1,
    startTimeoutMs: 20_000,
    idleStopMs: 0,
    permissions: 'reject',
    builtin: false,
    ...options,
  };
}

/** A task for a test agent, which does what `config` says. */
export function testTask(config: Readonly<Record<string, never>> | object = {}, rest: Partial<NewTask> = {}): NewTask {
  return {
    agent: { type: 'tester' },
    work: { kind: 'prompt', prompt: 'Do as you are told.', config: config as Record<string, never> },
    ...rest,
  };
}

/** A command, started without a shell. */
export function commandTask(argv: readonly string[], rest: Partial<NewTask> = {}): NewTask {
  return { agent: { type: 'shell' }, work: { kind: 'command', command: { kind: 'argv', argv: [...argv] } }, ...rest };
}
