import type { AgentId, AttemptId } from '../../src-main/contract/ids.ts';
import { ok } from '../../src-main/contract/result.ts';
import type { ProcessIdentity } from '../../src-main/contract/task.ts';
import type {
  AgentLauncher,
  AgentProcessListener,
  AgentTrial,
  AgentUsage,
  CommandResult,
  LaunchedAttempt,
  LaunchedCommand,
  LaunchObserver,
  LaunchRequest,
  LaunchResult,
  ReapReport,
} from '../../src-main/core/ports.ts';

/** An attempt in a test's hand: the test says when it starts, what it does and how it ends. */
export class Launch {
  readonly request: LaunchRequest;
  readonly observer: LaunchObserver;
  /** The graces with which it was asked to stop. */
  readonly stops: number[] = [];
  readonly result: Promise<LaunchResult>;
  #finish: (result: LaunchResult) => void = () => {};

  constructor(request: LaunchRequest, observer: LaunchObserver) {
    this.request = request;
    this.observer = observer;
    this.result = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  finish(result: LaunchResult): void {
    this.#finish(result);
  }

  complete(outputs: Record<string, string | number | boolean> = {}): void {
    this.finish({ outcome: 'completed', exit: { code: 0, signal: null, stopReason: null }, outputs });
  }

  fail(message = 'exit code 1', errorClass: 'transient' | 'fatal' | 'unknown' = 'unknown'): void {
    const failure = { category: 'exit' as const, class: errorClass, message };
    this.finish({ outcome: 'failed', exit: { code: 1, signal: null, stopReason: null }, failure });
  }

  die(message = 'killed by SIGKILL'): void {
    const failure = { category: 'crash' as const, class: 'transient' as const, message };
    this.finish({ outcome: 'died', exit: { code: null, signal: 'SIGKILL', stopReason: null }, failure });
  }

  /** Ends as an agent does that stops when asked. */
  stopped(): void {
    this.finish({ outcome: 'stopped', exit: null });
  }
}

/**
 * A launcher without processes: attempts are driven by the test, or by `onLaunch`. It is a double of the agents' room
 * for tests of the core alone; real processes are tested in tests/agents and tests/scenarios.
 */
export class ScriptedLauncher implements AgentLauncher {
  readonly launches: Launch[] = [];
  readonly gateCommands: { argv: readonly string[]; stops: number[] }[] = [];
  readonly stoppedAgents: AgentId[] = [];
  readonly reaped: ProcessIdentity[][] = [];
  /** What each launch does by itself; by default nothing. */
  onLaunch: (launch: Launch) => void = () => {};
  onGateCommand: (argv: readonly string[]) => Promise<CommandResult> = () =>
    Promise.resolve({ exitCode: 0, message: 'passed' });
  onStartAgent: AgentLauncher['startAgent'] = () => Promise.resolve(ok({ version: '1.0.0' }));
  readonly trials: AgentTrial[] = [];
  onTestAgent: AgentLauncher['testAgent'] = () =>
    Promise.resolve({ passed: true, version: '1.0.0', durationMs: 1, output: [], failure: null });
  /** The processes that were asked about, of each agent. */
  readonly measured: Parameters<AgentLauncher['measureAgents']>[0][] = [];
  /** What agents use. */
  readonly usage = new Map<AgentId, AgentUsage>();
  /** What the processes of an attempt have used of the processor so far, in ms. */
  onProcessorTime: (attemptId: AttemptId) => Promise<number | null> = () => Promise.resolve(0);
  /** Whether a stop ends an attempt at once. */
  obeysStop = true;
  leaves: ReapReport['left'] = [];
  #listener: AgentProcessListener | null = null;

  launch(request: LaunchRequest, observer: LaunchObserver): LaunchedAttempt {
    const launch = new Launch(request, observer);
    this.launches.push(launch);
    this.onLaunch(launch);
    return {
      result: launch.result,
      stop: (graceMs) => {
        launch.stops.push(graceMs);
        if (this.obeysStop) launch.stopped();
      },
    };
  }

  runGateCommand(_request: LaunchRequest, argv: readonly string[]): LaunchedCommand {
    const command = { argv, stops: [] as number[] };
    this.gateCommands.push(command);
    return { result: this.onGateCommand(argv), stop: (graceMs) => command.stops.push(graceMs) };
  }

  startAgent(agent: Parameters<AgentLauncher['startAgent']>[0]) {
    return this.onStartAgent(agent);
  }

  stopAgent(agentId: AgentId): Promise<void> {
    this.stoppedAgents.push(agentId);
    return Promise.resolve();
  }

  onAgentProcess(listener: AgentProcessListener) {
    this.#listener = listener;
    return () => {
      this.#listener = null;
    };
  }

  /** The listener of the core; throws before it listens. */
  get agents(): AgentProcessListener {
    if (this.#listener === null) throw new Error('nobody listens to agent processes');
    return this.#listener;
  }

  testAgent(trial: AgentTrial) {
    this.trials.push(trial);
    return this.onTestAgent(trial);
  }

  measureAgents(agents: Parameters<AgentLauncher['measureAgents']>[0]) {
    this.measured.push(agents);
    return Promise.resolve(this.usage);
  }

  processorTime(attemptId: AttemptId): Promise<number | null> {
    return this.onProcessorTime(attemptId);
  }

  reap(known: readonly ProcessIdentity[]): Promise<ReapReport> {
    this.reaped.push([...known]);
    const isLeft = (process: ProcessIdentity) => this.leaves.some((left) => left.process.pid === process.pid);
    return Promise.resolve({ ended: known.filter((process) => !isLeft(process)), left: this.leaves });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
