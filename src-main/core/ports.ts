import type { AgentDefinition } from '../contract/agent.ts';
import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { AgentView, DetectedAgent } from '../contract/api-agents.ts';
import type { Backup } from '../contract/api-backups.ts';
import type { Finding } from '../contract/api-engine.ts';
import type { RunFilter } from '../contract/api-runs.ts';
import type { TaskFilter } from '../contract/api-tasks.ts';
import type { ApiError, Failure } from '../contract/errors.ts';
import type { Event, NewEvent } from '../contract/event.ts';
import type { RowKind, Rows } from '../contract/evolve.ts';
import type {
  AgentId,
  ApprovalId,
  AttemptId,
  PermissionId,
  PermissionRuleId,
  RunId,
  ScheduleId,
  TaskId,
  TraceId,
  WorkflowHash,
} from '../contract/ids.ts';
import type { LogLine } from '../contract/log.ts';
import type { PermissionOption } from '../contract/permission.ts';
import type { Result } from '../contract/result.ts';
import type { Run } from '../contract/run.ts';
import type { AgentState, RunState, TaskState } from '../contract/states.ts';
import type { Activity, Attempt, Exit, ProcessIdentity, Task } from '../contract/task.ts';
import type { JsonObject } from '../contract/values.ts';
import type { WorkflowVersion } from '../contract/workflow.ts';
import type { StoreHistory } from './ports-history.ts';

// ---------------------------------------------------------------------------------------------- time, ids, logger

/** A started timer; calling it stops the timer. Stopping twice is harmless. */
export type Stop = () => void;

export interface Clock {
  /** Wall clock, milliseconds since the epoch. It may jump; never subtract two of these to decide anything. */
  now(): number;
  /** Milliseconds that only ever grow, with an arbitrary start. */
  monotonic(): number;
  /** Calls back once, after at least this long. The timer does not keep the process alive. */
  after(ms: number, callback: () => void): Stop;
}

export interface IdSource {
  runId(): RunId;
  taskId(): TaskId;
  attemptId(): AttemptId;
  approvalId(): ApprovalId;
  permissionId(): PermissionId;
  permissionRuleId(): PermissionRuleId;
  traceId(): TraceId;
  requestId(): string;
  /** A number in [0, 1), for jitter. */
  random(): number;
}

/** Structured log of the engine itself (not of agents). */
export interface Logger {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

// ---------------------------------------------------------------------------------------------------------- store

/** A live claim: the right of one attempt to write its task until `expiresAt` (wall clock, ms). */
export interface Lease {
  readonly taskId: TaskId;
  readonly attemptId: AttemptId;
  readonly agentId: AgentId;
  readonly fence: number;
  readonly expiresAt: number;
}

/** Ready tasks that ask for the same agents wait in one lane; `routeOf` names it. */
export interface ReadyHead {
  readonly taskId: TaskId;
  /** Index into `priorities`: 0 is the most urgent. */
  readonly priority: number;
  readonly position: number;
}

/** A page of runs that an index leads to, newest first: what of a `listRuns` costs no more than its page. */
export type RunPage = Pick<ApiParsedInput<'listRuns'>, 'limit' | 'after' | 'states' | 'workflow'>;
/** A page of tasks that an index leads to, newest first. */
export type TaskPage = Pick<ApiParsedInput<'listTasks'>, 'limit' | 'after' | 'states' | 'runId'>;
/** A page of events that their numbers or an index lead to. */
export type EventPage = Pick<
  ApiParsedInput<'listEvents'>,
  'afterSeq' | 'beforeSeq' | 'limit' | 'runId' | 'taskId' | 'attemptId' | 'agentId'
> &
  Partial<Pick<ApiParsedInput<'listEvents'>, 'order'>>;

/** Everything that can be asked. Inside a unit of work it sees the unit's own changes. */
export interface StoreReads {
  row<K extends RowKind>(kind: K, id: string): Rows[K] | null;
  agents(): readonly Rows['agent'][];
  runByRequestId(requestId: string): Run | null;
  /** Runs that have not ended, oldest first. */
  openRuns(): readonly Run[];
  openApprovals(): readonly Rows['approval'][];
  /** How many approvals wait for an answer; cheap. */
  countOpenApprovals(): number;
  /** Permissions that wait for an answer, oldest first; only those of an attempt when one is named. */
  openPermissions(attemptId?: AttemptId): readonly Rows['permission'][];
  /** How many permissions wait for an answer; cheap. */
  countOpenPermissions(): number;
  /** Oldest first. */
  permissionRules(): readonly Rows['permissionRule'][];
  /** Circuit breakers that have ever counted a failure, by id. */
  breakers(): readonly Rows['breaker'][];
  /** All schedules, by id. */
  schedules(): readonly Rows['schedule'][];
  /** How many schedules there are. */
  countSchedules(): number;
  /** What became of a schedule's times before a moment (wall clock, ms), newest first. */
  firingsOf(scheduleId: ScheduleId, before: number, limit: number): readonly Rows['firing'][];
  /** Attempts that have not ended, oldest first. */
  liveAttempts(): readonly Attempt[];
  tasksOfRun(runId: RunId): readonly Task[];
  /** Attempts of a task, first to last. */
  attemptsOf(taskId: TaskId): readonly Attempt[];
  /** Ids of blocked tasks that need this one. */
  dependantsOf(taskId: TaskId): readonly TaskId[];
  /** Whether a task is being removed in several steps, and some of it is gone already. */
  isBeingForgotten(taskId: TaskId): boolean;
  leases(): readonly Lease[];
  /** How many live leases an agent holds. */
  leaseCount(agentId: AgentId): number;
  /** Lanes that have at least one ready task. */
  readyRoutes(): readonly string[];
  /** The first ready tasks of a lane, in claiming order. */
  readyHeads(route: string, limit: number): readonly ReadyHead[];
  /** When the next delayed task becomes ready; null when none is delayed. */
  nextDelayedAt(): number | null;
  workflow(hash: WorkflowHash): WorkflowVersion | null;
  countRuns(): Readonly<Record<RunState, number>>;
  countTasks(): Readonly<Record<TaskState, number>>;
  countAgents(): Readonly<Record<AgentState, number>>;
  /** How many runs failed at this time or later. */
  countFailedSince(at: number): number;
  /** How many attempts of an agent ended well and badly, from counters. */
  agentTally(agentId: AgentId): { readonly completed: number; readonly failed: number };
  /**
   * Mean time from start to end of an agent's last `limit` completed attempts, in ms; null without any. Reads an index
   * alone, so that it costs the same however many attempts there are.
   */
  agentAverageMs(agentId: AgentId, limit: number): number | null;
  /** Attempts of an agent that ended with a failure, newest first, at most `limit`. */
  failedAttemptsOf(agentId: AgentId, limit: number): readonly Attempt[];
  lastSeq(): number;
  /** When the newest of those attempts ended whose logs were removed to save room, in ms; 0: there is none. */
  logsRemovedUpTo(): number;
  listRuns(query: RunPage): ApiOutput<'listRuns'>;
  listTasks(query: TaskPage): ApiOutput<'listTasks'>;
  listApprovals(query: ApiParsedInput<'listApprovals'>): ApiOutput<'listApprovals'>;
  listPermissions(query: ApiParsedInput<'listPermissions'>): ApiOutput<'listPermissions'>;
  listEvents(query: EventPage): ApiOutput<'listEvents'>;
  listWorkflowVersions(query: ApiParsedInput<'listWorkflowVersions'>): ApiOutput<'listWorkflowVersions'>;
}

/** A unit of work: everything in it is committed together, or not at all. */
export interface StoreUnit extends StoreReads {
  /**
   * Numbers the events, folds each into the rows it touches (`contract/evolve`), and writes both. The only way in
   * which rows change, so that rows and events cannot disagree.
   * @throws when an event would take a row along an edge that `contract/states` does not have: a defect, which
   *   rolls the unit back.
   */
  record(events: readonly NewEvent[]): readonly Event[];
  /** The place behind the last task of the queue (`back`), or before the first (`front`). Each call is a new place. */
  nextPosition(end: 'front' | 'back'): number;
  /** Moves delayed tasks whose time has come to the ready lanes. @returns how many were moved, at most `limit`. */
  readyDelayed(now: number, limit: number): number;
  /** Extends leases; a lease that is gone or has another fence is left alone. @returns the attempts renewed. */
  renewLeases(leases: readonly Pick<Lease, 'attemptId' | 'fence'>[], expiresAt: number): readonly AttemptId[];
  /** Stores a version once; a version that is there already is left as it is. @returns whether it was new. */
  putWorkflow(version: WorkflowVersion): boolean;
}

/** Which rows of a selection come next, in the order of their ids. */
interface IdPage<F> {
  readonly filter: F;
  /** Ids behind this one; null: from the first one on. */
  readonly after: string | null;
  /** Ids up to this one; null: up to the newest there is now, which the answer tells. */
  readonly upTo: string | null;
  readonly limit: number;
}

/**
 * Questions that may have to look at every row. They are answered by a thread of its own over a connection of its own,
 * each from one state of the database, so that the main thread goes on meanwhile however long one takes.
 */
export interface ViewAnswers {
  /** @param query.now the time, for how long runs have been going on. */
  listRuns(query: ApiParsedInput<'listRuns'> & { readonly now: number }): Result<ApiOutput<'listRuns'>, ApiError>;
  /** @param query.now the time, for how long tasks have been going on and which of them are delayed. */
  listTasks(query: ApiParsedInput<'listTasks'> & { readonly now: number }): Result<ApiOutput<'listTasks'>, ApiError>;
  listEvents(query: ApiParsedInput<'listEvents'>): Result<ApiOutput<'listEvents'>, ApiError>;
  countDeadLetters(query: ApiParsedInput<'countDeadLetters'>): Result<ApiOutput<'countDeadLetters'>, ApiError>;
  getOverview(
    query: ApiParsedInput<'getOverview'> & { readonly now: number },
  ): Result<ApiOutput<'getOverview'>, ApiError>;
  getMetrics(query: ApiParsedInput<'getMetrics'>): Result<ApiOutput<'getMetrics'>, ApiError>;
  getTraffic(query: ApiParsedInput<'getTraffic'>): Result<ApiOutput<'getTraffic'>, ApiError>;
  /** Runs that match a filter, oldest first. */
  selectRunIds(query: IdPage<RunFilter>): Result<{ readonly ids: readonly RunId[]; readonly upTo: string }, ApiError>;
  /** Tasks that match a filter, oldest first. */
  selectTaskIds(
    query: IdPage<TaskFilter>,
  ): Result<{ readonly ids: readonly TaskId[]; readonly upTo: string }, ApiError>;
}
export type ViewName = keyof ViewAnswers;

/** The questions of {@link ViewAnswers}. A refusal `unavailable` says that one took too long, or that too many wait. */
export type StoreViews = {
  readonly [N in ViewName]: (query: Parameters<ViewAnswers[N]>[0]) => Promise<ReturnType<ViewAnswers[N]>>;
};

/** How the database's file is, now. */
export interface StoreFacts {
  readonly path: string;
  readonly bytes: number;
  /** Size of the write-ahead log, in bytes. */
  readonly walBytes: number;
  /** Why the last transaction could not be stored; null when it could. */
  readonly trouble: ApiError | null;
}

/**
 * What `Store.write` rejects with when the store itself could not do its work: the disk is full, the file is read-only
 * or damaged, another process holds it for too long. What the unit of work threw by itself is not wrapped in this.
 */
export class StoreFailure extends Error {
  /** What a person should read; `type` is `storeFailed`, or `unavailable` once the store is closed. */
  readonly apiError: ApiError;

  constructor(apiError: ApiError, cause?: unknown) {
    super(apiError.message, { cause });
    this.name = 'StoreFailure';
    this.apiError = apiError;
  }
}

export interface Store {
  /** Read-only connection: sees what is committed, cannot write. */
  readonly reads: StoreReads;
  /** Questions that would hold up the main thread. The thread that answers them starts at the first one. */
  readonly views: StoreViews;
  /** What removes history. Nothing of it is published but what the caller records. */
  readonly history: StoreHistory;
  facts(): StoreFacts;
  /**
   * Runs a unit of work. Units of one turn of the event loop share a transaction (group commit): one that throws is
   * taken back alone, and its promise rejects. Resolves after the commit; the events
   * were then already given to `onCommit`, in order.
   * @param work synchronous: an async function would commit before its awaited parts, and is refused by its type.
   */
  write<T>(work: (unit: StoreUnit) => T extends Promise<unknown> ? never : T): Promise<T>;
  /** Calls back after every commit, with its events in order. @returns stops it. */
  onCommit(listener: (events: readonly Event[]) => void): Stop;
  /** Checks of the database and of fold(events) = rows. Off the main thread; may take seconds. */
  diagnose(): Promise<readonly Finding[]>;
  /** Commits what is pending, then closes. */
  close(): Promise<void>;
}

/** Copies of the database, beside it. Each has its name only once it is whole and was checked. */
export interface Backups {
  /** Newest first. */
  list(): readonly Backup[];
  /** Copies the database while work goes on. Never rejects; refuses while another copy is made. */
  create(kind: 'rotating' | 'asked'): Promise<Result<Backup, ApiError>>;
  /** Removes the oldest rotating copies beyond so many. @returns the names of those that were removed. */
  rotate(keep: number): readonly string[];
}

// --------------------------------------------------------------------------------------------------------- agents

/** What the core asks the agents' room to carry out. */
export interface LaunchRequest {
  readonly task: Task;
  readonly attempt: Attempt;
  readonly agent: AgentDefinition;
  /** Null for a task that stands alone. */
  readonly workflow: string | null;
  /** How often the agent should give a sign of life. */
  readonly heartbeatMs: number;
}

/** How an attempt ended, as the agents' room saw it. */
export type LaunchResult =
  | { readonly outcome: 'completed'; readonly exit: Exit; readonly outputs: JsonObject }
  | { readonly outcome: 'failed'; readonly exit: Exit | null; readonly failure: Failure }
  /** Ended because `stop` was called; the caller knows why. */
  | { readonly outcome: 'stopped'; readonly exit: Exit | null }
  /** The agent's process died under the attempt: not by its own exit code, not by our hand. */
  | { readonly outcome: 'died'; readonly exit: Exit | null; readonly failure: Failure };

/** What an agent wants to be allowed: bounded, and without secrets. */
export interface PermissionQuestion {
  /** The agent's own name of the tool call. */
  readonly callId: string;
  /** Kind of tool; what rules go by. */
  readonly tool: string;
  readonly title: string;
  /** What the call would do; empty when not told. */
  readonly detail: string;
  readonly options: readonly PermissionOption[];
}

/** What an agent is told: an option's id, or null when nobody chose. `answer` is the same for people. */
export interface PermissionVerdict {
  readonly optionId: string | null;
  readonly answer: string;
}

/** A question under way. */
export interface AskedPermission {
  /** Never rejects. Comes after it was committed, and always: with the end of the attempt at the latest. */
  readonly verdict: Promise<PermissionVerdict>;
  /** The agent needs no answer any more: it was told that there is none. Nothing when there is one already. */
  withdraw(reason: string): void;
}

/** Where an attempt's life is reported. All are called between `launch` and the end of its `result`. */
export interface LaunchObserver {
  /** The process runs and, where it has a protocol, took the work. Called at most once. */
  started(process: ProcessIdentity | null): void;
  /** The agent gave a sign of life: a heartbeat, or (without a protocol for it) its process is seen to be able to run. */
  beat(): void;
  /** The agent printed or reported something. Called at most about ten times a second. */
  active(): void;
  did(activity: Activity): void;
  /** The agent, whose definition says `ask`, wants to be allowed something and waits. */
  asked(question: PermissionQuestion): AskedPermission;
}

export interface LaunchedAttempt {
  /** Never rejects. By the time it resolves no process of the attempt is left (persistent agents excepted). */
  readonly result: Promise<LaunchResult>;
  /** Asks the agent to stop, and kills its process group and stragglers after the grace. Calling it again only shortens the grace. */
  stop(graceMs: number): void;
}

/** The result of a gate's verifying command: null exit code when it was killed or could not be started. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly message: string;
}

/** A gate's command under way: `result` never rejects, `stop` works as that of an attempt. */
export interface LaunchedCommand {
  readonly result: Promise<CommandResult>;
  stop(graceMs: number): void;
}

/** What happens to an agent's processes outside of attempts. */
export interface AgentProcessListener {
  starting(agentId: AgentId): void;
  ready(agentId: AgentId, process: ProcessIdentity, version: string | null): void;
  /** `expected`: it was asked to end. Otherwise `reason` says how it died, or why it never became ready. */
  ended(agentId: AgentId, process: ProcessIdentity | null, expected: boolean, reason: string): void;
  /** A sign of life of a process, whether it works or not. */
  beat(agentId: AgentId): void;
}

/** A definition to try out. It need not be registered, and nothing of the trial is kept. */
export interface AgentTrial {
  readonly agent: AgentDefinition;
  /** What to ask it; null: an `acp` agent has to answer the handshake, and nothing more. */
  readonly prompt: string | null;
  /** Names for what would have rows of its own, had it been work. */
  readonly ids: { readonly taskId: TaskId; readonly attemptId: AttemptId; readonly traceId: TraceId };
}

/** What all processes of an agent use, and all that they started. */
export type AgentUsage = NonNullable<AgentView['usage']>;

/** What was found of an earlier engine's processes at start. */
export interface ReapReport {
  readonly ended: readonly ProcessIdentity[];
  /** Processes that could not be ended, with the reason. */
  readonly left: readonly { readonly process: ProcessIdentity; readonly reason: string }[];
}

export interface AgentLauncher {
  /** Starts an attempt: takes or starts a process of the agent, gives it the work. */
  launch(request: LaunchRequest, observer: LaunchObserver): LaunchedAttempt;
  /** Runs a gate's verifying command in the task's folder and environment; its output goes to the attempt's log. */
  runGateCommand(request: LaunchRequest, argv: readonly string[], timeoutMs: number): LaunchedCommand;
  /** Starts a persistent agent's process ahead of work; resolves when it answered the handshake. Nothing to do for others. */
  startAgent(agent: AgentDefinition): Promise<Result<{ readonly version: string | null }, Failure>>;
  /** Ends an agent's processes: asks, waits the grace, kills. Resolves when none is left. */
  stopAgent(agentId: AgentId, graceMs: number): Promise<void>;
  onAgentProcess(listener: AgentProcessListener): Stop;
  /** Starts a process by a definition, in an empty folder, and ends it and all it started. Never rejects. */
  testAgent(trial: AgentTrial): Promise<ApiOutput<'testAgent'>>;
  /**
   * What agents use now, by agent; one that has no process, or that the system tells nothing about, is absent. Looks
   * at the system at most once a second, and never by itself.
   * @param agents with the processes that are known of each.
   */
  measureAgents(agents: ReadonlyMap<AgentId, readonly ProcessIdentity[]>): Promise<ReadonlyMap<AgentId, AgentUsage>>;
  /**
   * Processor time that an attempt's process has used so far, with its group, all that they started and what has ended
   * of it, in ms; null when the process is gone, or the system tells nothing. Never rejects.
   */
  processorTime(attemptId: AttemptId, process: ProcessIdentity): Promise<number | null>;
  /** Ends processes of an earlier engine on this data folder, found by identity and by marker. */
  reap(known: readonly ProcessIdentity[]): Promise<ReapReport>;
  /** Ends everything it started, the agent host last. */
  close(graceMs: number): Promise<void>;
}

/** Reads attempts' logs; writing them is the agent host's. */
export interface LogReader {
  /** @returns null when the attempt has no log. */
  read(
    attemptId: AttemptId,
    from: number,
    limit: number,
  ): Promise<{ lines: LogLine[]; totalLines: number; path: string } | null>;
  /** Looks through a whole log. Refused when the pattern is none, or takes too long. Null: the attempt has no log. */
  search(
    attemptId: AttemptId,
    find: ApiParsedInput<'searchLog'>['find'],
    from: number,
    limit: number,
  ): Promise<Result<ApiOutput<'searchLog'> | null, ApiError>>;
  /** Calls back when a log has grown, at most about ten times a second. */
  watch(attemptId: AttemptId, grown: (totalLines: number) => void): Stop;
}

// ------------------------------------------------------------------------------------------ workflows and folders

/** A workflow file that was found, valid or not. */
export interface FoundWorkflow {
  readonly summary: ApiOutput<'listWorkflows'>['workflows'][number];
  readonly source: string;
  /** SHA-256 of `source`, with or without errors: what a change of the file has to name. */
  readonly hash: WorkflowHash;
  /** Null when the file has errors. */
  readonly version: Omit<WorkflowVersion, 'registeredAt'> | null;
}

export interface WorkflowLibrary {
  /** What names mean for work in a folder; without one: elsewhere, and then those of every trusted project. */
  list(folder?: string): Promise<readonly FoundWorkflow[]>;
  /** By name, for work in a folder, or by the path of a file. @returns null when there is none. */
  find(nameOrPath: string, folder?: string): Promise<FoundWorkflow | null>;
  /** Those that a project brings, trusted or not. @param moreTypes agent types that it would bring. */
  inProject(project: string, moreTypes: readonly string[]): Promise<readonly FoundWorkflow[]>;
  /**
   * Writes a file of the user's own, whole or not at all. Refuses a text with errors or of another name, a bundled
   * workflow, and (by `replaces`, null for a new one) a file that is not what was edited. Never rejects.
   */
  save(change: ApiParsedInput<'saveWorkflow'>): Promise<Result<FoundWorkflow, ApiError>>;
  /** Deletes a file of the user's own, when it still is what `replaces` says. Never rejects. */
  remove(change: ApiParsedInput<'deleteWorkflow'>): Promise<Result<null, ApiError>>;
  /** Checks a workflow file's text, for work in a folder. Never rejects: a text that takes too long to check is a problem like any other. */
  check(source: string, folder?: string): Promise<ApiOutput<'validateWorkflow'>>;
}

export interface Folders {
  /** Whether this absolute path is an existing folder, a file, something that may not be read, or not there. */
  inspect(path: string): Promise<'folder' | 'file' | 'unreadable' | 'missing'>;
  /** Makes the folder of a run or of a task that named none. @returns its absolute path. */
  create(owner: RunId | TaskId): Promise<string>;
}

// --------------------------------------------------------------------------------------- settings and the machine

export type { SettingsFile } from './ports-settings.ts';

/** What the engine's machine has. */
export interface Machine {
  /** Agent programs that Signalbox knows, and which of them are there. Starts none of them. */
  detectAgents(): readonly Omit<DetectedAgent, 'registered'>[];
  /** Checks of everything that Signalbox depends on, besides the database. */
  check(): Promise<readonly Finding[]>;
  /** How much of the data folder's disk is free for this user, in bytes; null when that cannot be told. Never rejects. */
  freeBytes(): Promise<number | null>;
  /** How much everything in the data folder takes. Never rejects; one walk at a time. */
  measureDataFolder(): Promise<ApiOutput<'measureDataFolder'>>;
}
