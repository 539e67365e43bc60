import type { AgentId, TaskId } from '../../../src-main/contract/ids.ts';
import { ok } from '../../../src-main/contract/result.ts';
import type { Activity, ProcessIdentity } from '../../../src-main/contract/task.ts';
import type {
  AgentLauncher,
  AgentProcessListener,
  AskedPermission,
  LaunchObserver,
  LaunchRequest,
  LaunchResult,
} from '../../../src-main/core/ports.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What an attempt is doing, from outside of the engine. */
export class FakeAttempt {
  readonly request: LaunchRequest;
  /** Clock.monotonic() of its launch. */
  readonly launchedAt: number;
  readonly result: Promise<LaunchResult>;
  /** Whether it gives signs of life. */
  beats = true;
  /** Clock.monotonic() of the last moment at which it had given a sign of life, or could have. */
  lastBeat: number;
  /** Whether it does something that its processor time shows. */
  works = true;
  #workedUntil = 0;
  /** Whether it ends when it is asked to, or only when it is killed. */
  obeys = true;
  isRunning = true;
  begun = false;
  toolCalls = 0;
  readonly #observer: LaunchObserver;
  readonly #resolve: (result: LaunchResult) => void;

  constructor(request: LaunchRequest, observer: LaunchObserver, now: number) {
    this.request = request;
    this.#observer = observer;
    this.launchedAt = now;
    this.lastBeat = now;
    const { promise, resolve } = Promise.withResolvers<LaunchResult>();
    this.result = promise;
    this.#resolve = resolve;
  }

  get taskId(): TaskId {
    return this.request.task.id;
  }

  /** It runs and took the work; said twice it must be one start. */
  begin(process: ProcessIdentity | null): void {
    this.begun = true;
    this.#observer.started(process);
  }

  /** Processor time that it has used by a moment, in ms. */
  worksUntil(now: number): number {
    if (this.works) this.#workedUntil = now;
    return this.#workedUntil;
  }

  did(activity: Activity): void {
    this.#observer.active();
    this.#observer.did(activity);
  }

  beat(now: number): void {
    this.lastBeat = now;
    this.#observer.beat();
  }

  ask(): AskedPermission {
    this.toolCalls += 1;
    const options = [
      { id: 'yes', name: 'Allow', kind: 'allow_once' as const },
      { id: 'no', name: 'Reject', kind: 'reject_once' as const },
    ];
    const callId = `call-${this.toolCalls}`;
    return this.#observer.asked({ callId, tool: 'edit', title: 'Write a file', detail: '', options });
  }

  /** It is over; a second answer finds nobody. */
  end(result: LaunchResult): void {
    this.isRunning = false;
    this.#resolve(result);
  }

  /** Reports of an attempt that has ended already, as they come when messages are under way. */
  reportLate(): void {
    this.#observer.beat();
    this.#observer.active();
    this.#observer.started(null);
    this.#observer.did({ kind: 'thinking' });
  }
}

const exit = { stopReason: null, signal: null };

/** Results of attempts, by what an agent does. */
export const answers = {
  completed: (outputs: Record<string, number>): LaunchResult => ({
    outcome: 'completed',
    exit: { ...exit, code: 0 },
    outputs,
  }),
  failed: (isFatal: boolean): LaunchResult => ({
    outcome: 'failed',
    exit: { ...exit, code: 1 },
    failure: { category: 'exit', class: isFatal ? 'fatal' : 'transient', message: 'exit code 1' },
  }),
  died: (): LaunchResult => ({
    outcome: 'died',
    exit: { ...exit, code: null, signal: 'SIGKILL' },
    failure: { category: 'crash', class: 'transient', message: 'killed by SIGKILL' },
  }),
  stopped: (): LaunchResult => ({ outcome: 'stopped', exit: null }),
} as const;

/**
 * The agents' room without processes: it survives the death of an engine, as processes do, until the next one reaps
 * what is left. What agents do is said from outside. A process of an agent that keeps its own serves one attempt at a
 * time, and waits for the next one when it was not killed.
 */
export class FakeHost implements AgentLauncher {
  /** Attempts that have not ended, oldest first. */
  running: FakeAttempt[] = [];
  /** The last that ended, newest last; a few of them. */
  readonly ended: FakeAttempt[] = [];
  /** What must not happen and did. */
  readonly violations: string[] = [];
  launches = 0;
  readonly #clock: VirtualClock;
  readonly #mostSlots: () => number;
  readonly #idle = new Map<AgentId, ProcessIdentity[]>();
  readonly #busy = new Map<FakeAttempt, ProcessIdentity>();
  #listener: AgentProcessListener | null = null;
  #pids = 100;

  /** @param mostSlots how many attempts may be live at once. */
  constructor(clock: VirtualClock, mostSlots: () => number) {
    this.#clock = clock;
    this.#mostSlots = mostSlots;
  }

  launch: AgentLauncher['launch'] = (request, observer) => {
    this.launches += 1;
    const attempt = new FakeAttempt(request, observer, this.#clock.monotonic());
    const other = this.running.find(({ taskId }) => taskId === attempt.taskId);
    if (other !== undefined) {
      const [first, second] = [other.request.attempt.id, request.attempt.id];
      this.violations.push(`P2: task ${attempt.taskId} runs twice at once, as ${first} and as ${second}.`);
    }
    this.running.push(attempt);
    if (this.running.length > this.#mostSlots()) {
      this.violations.push(`Slots: ${this.running.length} attempts run at once, and ${this.#mostSlots()} may.`);
    }
    this.#beatLater(attempt, request.heartbeatMs);
    const { agent } = request;
    if (agent.protocol === 'acp' && this.#idleOf(agent.id).length === 0) this.#listener?.starting(agent.id);
    return {
      result: attempt.result,
      stop: (graceMs) => {
        if (attempt.obeys && graceMs > 0) this.end(attempt, answers.stopped());
        else this.#clock.after(graceMs, () => this.kill(attempt, answers.stopped()));
      },
    };
  };

  /** The process of an attempt answers: one that waited, or a new one. */
  begin(attempt: FakeAttempt): void {
    if (!attempt.isRunning) return;
    const { agent } = attempt.request;
    const known = this.#busy.get(attempt);
    const process = known ?? this.#idleOf(agent.id).pop() ?? this.#start(agent.id, agent.protocol === 'acp');
    this.#busy.set(attempt, process);
    attempt.begin(process);
  }

  /** Ends an attempt, once; its process waits for the next one. */
  end(attempt: FakeAttempt, result: LaunchResult): void {
    if (!attempt.isRunning) return;
    const { id, protocol } = attempt.request.agent;
    const process = this.#forget(attempt);
    if (process !== undefined && protocol === 'acp') this.#idleOf(id).push(process);
    attempt.end(result);
  }

  /** Ends an attempt together with its process: `died` by itself, `stopped` by our hand. */
  kill(attempt: FakeAttempt, result: LaunchResult): void {
    if (!attempt.isRunning) return;
    const { id, protocol } = attempt.request.agent;
    const process = this.#forget(attempt) ?? null;
    const expected = result.outcome === 'stopped';
    if (protocol === 'acp') this.#listener?.ended(id, process, expected, expected ? 'it was stopped' : 'it died');
    attempt.end(result);
  }

  /** The engine died: nobody listens any more. */
  engineDied(): void {
    this.#listener = null;
  }

  runGateCommand: AgentLauncher['runGateCommand'] = (request) => ({
    result: Promise.resolve({ exitCode: request.attempt.number % 3 === 0 ? 1 : 0, message: 'checked' }),
    stop: () => {},
  });

  startAgent: AgentLauncher['startAgent'] = (agent) => {
    if (agent.protocol === 'acp' && this.#idleOf(agent.id).length === 0) {
      this.#listener?.starting(agent.id);
      this.#idleOf(agent.id).push(this.#start(agent.id, true));
    }
    return Promise.resolve(ok({ version: '1.0.0' }));
  };

  stopAgent: AgentLauncher['stopAgent'] = (agentId) => {
    for (const process of this.#idleOf(agentId).splice(0)) this.#listener?.ended(agentId, process, true, 'stopped');
    for (const attempt of this.running.filter(({ request }) => request.agent.id === agentId)) {
      this.kill(attempt, answers.stopped());
    }
    return Promise.resolve();
  };

  onAgentProcess: AgentLauncher['onAgentProcess'] = (listener) => {
    this.#listener = listener;
    return () => {
      if (this.#listener === listener) this.#listener = null;
    };
  };

  testAgent: AgentLauncher['testAgent'] = () =>
    Promise.resolve({ passed: true, version: null, durationMs: 1, output: [], failure: null });

  processorTime: AgentLauncher['processorTime'] = (attemptId) => {
    const attempt = this.running.find(({ request }) => request.attempt.id === attemptId);
    return Promise.resolve(attempt === undefined ? null : attempt.worksUntil(this.#clock.monotonic()));
  };

  measureAgents: AgentLauncher['measureAgents'] = () => Promise.resolve(new Map());

  reap: AgentLauncher['reap'] = (known) => {
    for (const attempt of this.running) {
      attempt.isRunning = false;
      this.ended.push(attempt);
    }
    this.running = [];
    this.#busy.clear();
    this.#idle.clear();
    return Promise.resolve({ ended: [...known], left: [] });
  };

  close: AgentLauncher['close'] = () => Promise.resolve();

  #idleOf(agentId: AgentId): ProcessIdentity[] {
    const known = this.#idle.get(agentId);
    if (known !== undefined) return known;
    const none: ProcessIdentity[] = [];
    this.#idle.set(agentId, none);
    return none;
  }

  #start(agentId: AgentId, tells: boolean): ProcessIdentity {
    this.#pids += 1;
    const process = { pid: this.#pids, startMark: String(this.#pids) };
    if (tells) this.#listener?.ready(agentId, process, '1.0.0');
    return process;
  }

  #forget(attempt: FakeAttempt): ProcessIdentity | undefined {
    const process = this.#busy.get(attempt);
    this.#busy.delete(attempt);
    this.running = this.running.filter((other) => other !== attempt);
    this.ended.push(attempt);
    if (this.ended.length > 8) this.ended.shift();
    return process;
  }

  /** Signs of life go on while it runs and is not silenced. */
  #beatLater(attempt: FakeAttempt, heartbeatMs: number): void {
    this.#clock.after(heartbeatMs, () => {
      if (!attempt.isRunning) return;
      if (attempt.beats) attempt.beat(this.#clock.monotonic());
      this.#beatLater(attempt, heartbeatMs);
    });
  }
}
