import type { FiringOutcome } from '../../src-main/contract/schedule.ts';
import type {
  AgentState,
  ApprovalState,
  AttemptState,
  BreakerState,
  PermissionState,
  RunState,
  StageState,
  TaskState,
} from '../../src-main/contract/states.ts';

/** What a state means to a person; each has its colour among the tokens. */
export type Tone = 'running' | 'completed' | 'waiting' | 'failed' | 'idle';
/** The sign that goes with the colour, so that nobody has to tell colours apart. */
export type Shape = 'ring' | 'dots' | 'track' | 'check' | 'diamond' | 'bars' | 'cross' | 'slash' | 'skip' | 'break';

/** How a state is shown. */
export interface Look {
  readonly tone: Tone;
  readonly shape: Shape;
  readonly word: string;
}

/** Which states there are, by what has them. */
export interface StateOf {
  readonly run: RunState;
  readonly stage: StageState;
  readonly task: TaskState;
  readonly attempt: AttemptState;
  readonly agent: AgentState;
  readonly approval: ApprovalState;
  readonly permission: PermissionState;
  readonly breaker: BreakerState;
  readonly firing: FiringOutcome;
}
export type Subject = keyof StateOf;

function look(tone: Tone, shape: Shape, word: string): Look {
  return { tone, shape, word };
}

const completed = look('completed', 'check', 'Completed');
const failed = look('failed', 'cross', 'Failed');
const cancelled = look('idle', 'slash', 'Cancelled');
const running = look('running', 'track', 'Running');
const queued = look('idle', 'ring', 'Queued');
const expired = look('idle', 'break', 'Expired');
const withdrawn = look('idle', 'slash', 'Withdrawn');
const open = look('waiting', 'diamond', 'Waiting for you');

/** Every state of everything, once. */
const stateLooks: { readonly [S in Subject]: Readonly<Record<StateOf[S], Look>> } = {
  run: {
    queued,
    running,
    paused: look('idle', 'bars', 'Paused'),
    waiting: look('waiting', 'diamond', 'Waiting'),
    completed,
    failed,
    cancelled,
  },
  stage: {
    pending: look('idle', 'ring', 'Pending'),
    running,
    waiting: look('waiting', 'diamond', 'Waiting'),
    completed,
    failed,
    skipped: look('idle', 'skip', 'Skipped'),
    cancelled,
  },
  task: {
    blocked: look('idle', 'dots', 'Blocked'),
    queued,
    claimed: look('running', 'dots', 'Claimed'),
    running,
    completed,
    failed,
    cancelled,
    dead: look('failed', 'cross', 'Dead letter'),
  },
  attempt: {
    starting: look('running', 'dots', 'Starting'),
    running,
    completed,
    failed,
    timed_out: look('failed', 'break', 'Timed out'),
    cancelled,
    interrupted: look('waiting', 'break', 'Interrupted'),
  },
  agent: {
    stopped: look('idle', 'ring', 'Stopped'),
    starting: look('running', 'dots', 'Starting'),
    idle: look('completed', 'ring', 'Idle'),
    busy: look('running', 'track', 'Busy'),
    draining: look('idle', 'bars', 'Draining'),
    unhealthy: look('waiting', 'break', 'Unhealthy'),
    crashed: look('failed', 'cross', 'Crashed'),
    disabled: look('idle', 'slash', 'Disabled'),
  },
  approval: {
    open,
    approved: look('completed', 'check', 'Approved'),
    rejected: look('failed', 'cross', 'Rejected'),
    expired,
    withdrawn,
  },
  breaker: {
    closed: look('completed', 'check', 'Closed'),
    open: look('waiting', 'break', 'Circuit breaker open'),
    half_open: look('waiting', 'dots', 'Circuit breaker half open'),
  },
  firing: {
    started: look('completed', 'check', 'Started'),
    waiting: look('idle', 'dots', 'Waits for the one before'),
    skipped: look('idle', 'skip', 'Skipped'),
    missed: look('waiting', 'break', 'Missed'),
    failed,
  },
  permission: { open, answered: look('completed', 'check', 'Answered'), expired, withdrawn },
};

/** How one state is shown. */
export function lookOf<S extends Subject>(subject: S, state: StateOf[S]): Look {
  return stateLooks[subject][state];
}
