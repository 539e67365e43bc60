/**
 * Every status list and transition table, once. The zod enums, the types, the SQL checks and the decisions all
 * derive from these. A request (cancel, pause) is not a state: it is a field of the row.
 */
export const runStates = ['queued', 'running', 'paused', 'waiting', 'completed', 'failed', 'cancelled'] as const;
export const stageStates = ['pending', 'running', 'waiting', 'completed', 'failed', 'skipped', 'cancelled'] as const;
export const taskStates = [
  'blocked',
  'queued',
  'claimed',
  'running',
  'completed',
  'failed',
  'cancelled',
  'dead',
] as const;
export const attemptStates = [
  'starting',
  'running',
  'completed',
  'failed',
  'timed_out',
  'cancelled',
  'interrupted',
] as const;
export const agentStates = [
  'stopped',
  'starting',
  'idle',
  'busy',
  'draining',
  'unhealthy',
  'crashed',
  'disabled',
] as const;
export const approvalStates = ['open', 'approved', 'rejected', 'expired', 'withdrawn'] as const;
/** `withdrawn`: its attempt ended before anybody answered. */
export const permissionStates = ['open', 'answered', 'expired', 'withdrawn'] as const;

/** `half_open`: some work is let through to see whether it goes well again. */
export const breakerStates = ['closed', 'open', 'half_open'] as const;

/** Most urgent first: the position in the list is the order of claiming. */
export const priorities = ['critical', 'high', 'normal', 'low'] as const;

export type RunState = (typeof runStates)[number];
export type StageState = (typeof stageStates)[number];
export type TaskState = (typeof taskStates)[number];
export type AttemptState = (typeof attemptStates)[number];
export type AgentState = (typeof agentStates)[number];
export type ApprovalState = (typeof approvalStates)[number];
export type PermissionState = (typeof permissionStates)[number];
export type BreakerState = (typeof breakerStates)[number];
export type Priority = (typeof priorities)[number];

type Transitions<S extends string> = Readonly<Record<S, readonly S[]>>;

export const runTransitions: Transitions<RunState> = {
  queued: ['running', 'waiting', 'paused', 'failed', 'cancelled'],
  running: ['paused', 'waiting', 'completed', 'failed', 'cancelled'],
  paused: ['running', 'cancelled'],
  waiting: ['running', 'cancelled'],
  completed: [],
  failed: [],
  cancelled: [],
};

export const stageTransitions: Transitions<StageState> = {
  pending: ['running', 'waiting', 'failed', 'skipped', 'cancelled'],
  running: ['waiting', 'completed', 'failed', 'cancelled'],
  waiting: ['running', 'completed', 'failed', 'cancelled'],
  completed: [],
  failed: [],
  skipped: [],
  cancelled: [],
};

/** `dead → queued` is the named exception to terminal states: the requeue of a dead letter. */
export const taskTransitions: Transitions<TaskState> = {
  blocked: ['queued', 'cancelled'],
  queued: ['claimed', 'cancelled'],
  claimed: ['running', 'queued', 'failed', 'cancelled', 'dead'],
  running: ['queued', 'completed', 'failed', 'cancelled', 'dead'],
  completed: [],
  failed: [],
  cancelled: [],
  dead: ['queued'],
};

export const attemptTransitions: Transitions<AttemptState> = {
  starting: ['running', 'failed', 'timed_out', 'cancelled', 'interrupted'],
  running: ['completed', 'failed', 'timed_out', 'cancelled', 'interrupted'],
  completed: [],
  failed: [],
  timed_out: [],
  cancelled: [],
  interrupted: [],
};

/** Agents have no terminal state; a removed agent has no row. */
export const agentTransitions: Transitions<AgentState> = {
  stopped: ['starting', 'idle', 'busy', 'disabled'],
  starting: ['idle', 'busy', 'unhealthy', 'crashed', 'draining', 'stopped', 'disabled'],
  idle: ['starting', 'busy', 'draining', 'unhealthy', 'crashed', 'stopped', 'disabled'],
  busy: ['idle', 'draining', 'unhealthy', 'crashed', 'stopped', 'disabled'],
  draining: ['stopped', 'crashed', 'disabled'],
  unhealthy: ['idle', 'busy', 'crashed', 'draining', 'stopped', 'disabled'],
  crashed: ['starting', 'idle', 'busy', 'stopped', 'disabled'],
  disabled: ['stopped'],
};

export const approvalTransitions: Transitions<ApprovalState> = {
  open: ['approved', 'rejected', 'expired', 'withdrawn'],
  approved: [],
  rejected: [],
  expired: [],
  withdrawn: [],
};

export const permissionTransitions: Transitions<PermissionState> = {
  open: ['answered', 'expired', 'withdrawn'],
  answered: [],
  expired: [],
  withdrawn: [],
};

/** Circuit breakers have no terminal state. `open → closed` is a person's reset. */
export const breakerTransitions: Transitions<BreakerState> = {
  closed: ['open'],
  open: ['half_open', 'closed'],
  half_open: ['closed', 'open'],
};

/** Whether the table lets a state follow another. Staying in a state is not a transition. */
export function mayFollow<S extends string>(table: Transitions<S>, from: S, to: S): boolean {
  return table[from].includes(to);
}

/** Whether a run has ended. */
export function isRunEnded(state: RunState): boolean {
  return runTransitions[state].length === 0;
}

/** Whether a stage has ended. */
export function isStageEnded(state: StageState): boolean {
  return stageTransitions[state].length === 0;
}

/** Whether a task has ended; `dead` counts as ended although it can be requeued. */
export function isTaskEnded(state: TaskState): boolean {
  return state === 'dead' || taskTransitions[state].length === 0;
}

/** Whether a task is held by a live attempt. */
export function isTaskLive(state: TaskState): boolean {
  return state === 'claimed' || state === 'running';
}

/** Whether an attempt has ended. */
export function isAttemptEnded(state: AttemptState): boolean {
  return attemptTransitions[state].length === 0;
}
