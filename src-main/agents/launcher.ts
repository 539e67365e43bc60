import { mkdir } from 'node:fs/promises';
import type { AgentDefinition } from '../contract/agent.ts';
import type { ApiOutput } from '../contract/api.ts';
import type { Failure } from '../contract/errors.ts';
import type { AgentId, AttemptId } from '../contract/ids.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { ProcessIdentity } from '../contract/task.ts';
import type {
  AgentLauncher,
  AgentProcessListener,
  AgentTrial,
  AgentUsage,
  Clock,
  LaunchedAttempt,
  LaunchedCommand,
  LaunchObserver,
  LaunchRequest,
  LaunchResult,
  Logger,
  ReapReport,
  Stop,
} from '../core/ports.ts';
import { AcpAttempt } from './acp/acp-attempt.ts';
import { ProcessPool } from './acp/process-pool.ts';
import { protocolV1 } from './acp/protocol-v1.ts';
import { inheritedEnvironment } from './agent-environment.ts';
import type { AgentHost } from './agent-host.ts';
import { dataMarkerName } from './agent-host.ts';
import type { AgentRoom } from './agent-room.ts';
import { removeFolder, temporaryRoot } from './attempt-folder.ts';
import { launchCommand, launchGateCommand } from './command-agent.ts';
import { runProgram } from './host/run-program.ts';
import type { StartAgentHost } from './host-client.ts';
import { dataMarkerOf } from './host-client.ts';
import { HostKeeper } from './host-keeper.ts';
import { KnownSecrets } from './known-secrets.ts';
import { createLinuxProcesses } from './linux-processes.ts';
import { ProcessListeners } from './process-listeners.ts';
import type { ProcessTable } from './process-table.ts';
import { openProcessTable } from './process-table.ts';
import { readLinuxUsage, readSystemUsage } from './process-usage.ts';
import { TestRuns } from './test-run.ts';
import { UsageMeter } from './usage-meter.ts';

export interface AgentLauncherOptions {
  readonly startHost: StartAgentHost;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Absolute. Below it: `tmp/` with a folder per attempt, which is emptied at every start. */
  readonly dataFolder: string;
  /** The engine's own environment, normally `process.env`. */
  readonly engineEnv: Readonly<Record<string, string | undefined>>;
  /** Absolute folder of the attempts' logs. */
  readonly logFolder: string;
  /** How often agents that are started ahead of work give a sign of life. */
  readonly heartbeatMs: number;
  /** Regular expressions of further secrets to redact. */
  readonly redact: readonly string[];
  /** How long the answer of a trial may take; shorter in tests. */
  readonly trialAnswerMs?: number;
}

/** The launcher of the composition root, which starts it and gives the host to the log reader. */
export interface StartableLauncher extends AgentLauncher {
  /** Starts the agent host. Until then, and when it fails, every launch fails with its sentence. */
  start(): Promise<Result<null, Failure>>;
  /** The agent host of now; another one after it was lost. Never rejects. */
  host(): Promise<Result<AgentHost, Failure>>;
}

/** Makes the launcher; nothing is started before `start`. */
export function createAgentLauncher(options: AgentLauncherOptions): StartableLauncher {
  return new Launcher(options);
}

class Launcher implements StartableLauncher {
  readonly #options: AgentLauncherOptions;
  readonly #keeper: HostKeeper;
  readonly #secrets: KnownSecrets;
  readonly #room: AgentRoom;
  readonly #pool: ProcessPool;
  readonly #tests: TestRuns;
  readonly #meter: UsageMeter;
  readonly #listeners = new ProcessListeners();
  readonly #live = new Map<LaunchedAttempt | LaunchedCommand, AgentId>();
  #gates = 0;
  #isClosed = false;

  constructor(options: AgentLauncherOptions) {
    const { clock, logger, dataFolder, engineEnv, logFolder, redact, startHost, heartbeatMs, trialAnswerMs } = options;
    this.#options = options;
    const secrets = new KnownSecrets(redact);
    secrets.learn(engineEnv);
    this.#secrets = secrets;
    const redaction = { values: () => secrets.values(), patterns: redact };
    this.#keeper = new HostKeeper({ clock, logger, start: () => startHost({ logger, dataFolder, redaction }) });
    this.#room = {
      host: () => this.#keeper.host(),
      recoveredFrom: (host) => this.#keeper.recoveredFrom(host),
      clock,
      processes: process.platform === 'linux' ? createLinuxProcesses() : null,
      dataFolder,
      inherited: inheritedEnvironment(engineEnv),
      logFolder,
      redact: secrets.redact,
    };
    this.#pool = new ProcessPool({ room: this.#room, protocol: protocolV1, listener: this.#listeners });
    this.#tests = new TestRuns({ room: this.#room, protocol: protocolV1, heartbeatMs, answerMs: trialAnswerMs });
    this.#meter = createMeter(clock, dataFolder, this.#room.processes);
  }

  async start(): Promise<Result<null, Failure>> {
    const { dataFolder, logFolder } = this.#options;
    for (const folder of [dataFolder, logFolder]) await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeFolder(temporaryRoot(dataFolder));
    const started = await this.#keeper.start();
    return started.ok ? ok(null) : started;
  }

  host(): Promise<Result<AgentHost, Failure>> {
    return this.#keeper.host();
  }

  launch(request: LaunchRequest, observer: LaunchObserver): LaunchedAttempt {
    if (this.#isClosed) return { result: Promise.resolve(closedResult), stop: () => undefined };
    this.#learnFrom(request);
    const { agent } = request;
    const attempt =
      agent.protocol === 'acp'
        ? new AcpAttempt({ room: this.#room, pool: this.#pool, protocol: protocolV1, request, observer })
        : launchCommand(this.#room, request, observer);
    return this.#track(agent.id, attempt);
  }

  runGateCommand(request: LaunchRequest, argv: readonly string[], timeoutMs: number): LaunchedCommand {
    if (this.#isClosed) {
      const result = Promise.resolve({ exitCode: null, message: closedFailure.message });
      return { result, stop: () => undefined };
    }
    this.#learnFrom(request);
    this.#gates += 1;
    const gate = { argv, timeoutMs, number: this.#gates };
    return this.#track(request.agent.id, launchGateCommand(this.#room, request, gate));
  }

  async startAgent(agent: AgentDefinition): Promise<Result<{ readonly version: string | null }, Failure>> {
    if (agent.protocol !== 'acp') return ok({ version: null });
    if (this.#isClosed) return err(closedFailure);
    this.#secrets.learn(agent.env);
    const ready = await this.#pool.startAgent(agent, this.#options.heartbeatMs);
    return ready.ok ? ok({ version: ready.value.facts.version }) : ready;
  }

  stopAgent(agentId: AgentId, graceMs: number): Promise<void> {
    return this.#stop(graceMs, agentId);
  }

  onAgentProcess(listener: AgentProcessListener): Stop {
    return this.#listeners.add(listener);
  }

  async testAgent(trial: AgentTrial): Promise<ApiOutput<'testAgent'>> {
    if (this.#isClosed) return { passed: false, version: null, durationMs: 0, output: [], failure: closedFailure };
    this.#secrets.learn(trial.agent.env);
    return this.#tests.run(trial);
  }

  measureAgents(agents: ReadonlyMap<AgentId, readonly ProcessIdentity[]>): Promise<ReadonlyMap<AgentId, AgentUsage>> {
    return this.#meter.measure(agents);
  }

  processorTime(attemptId: AttemptId, process: ProcessIdentity): Promise<number | null> {
    return this.#meter.processorTime(attemptId, process).catch(() => null);
  }

  async reap(known: readonly ProcessIdentity[]): Promise<ReapReport> {
    const host = await this.#keeper.host();
    if (host.ok) return host.value.reap(known);
    return { ended: [], left: known.map((process) => ({ process, reason: host.error.message })) };
  }

  async close(graceMs: number): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#stop(graceMs), this.#tests.stop(graceMs)]);
    await this.#keeper.close(graceMs);
    await removeFolder(temporaryRoot(this.#options.dataFolder));
  }

  /** Attempts are asked first: they end what they do, and give their processes back. */
  async #stop(graceMs: number, agentId?: AgentId): Promise<void> {
    const concerned = [...this.#live].filter(([, owner]) => agentId === undefined || owner === agentId);
    for (const [attempt] of concerned) attempt.stop(graceMs);
    const idle = this.#pool.stopIdle(graceMs, agentId);
    await Promise.all(concerned.map(([attempt]) => attempt.result));
    await idle;
    await this.#pool.stop(graceMs, agentId);
  }

  #track<A extends LaunchedAttempt | LaunchedCommand>(agentId: AgentId, attempt: A): A {
    this.#live.set(attempt, agentId);
    void attempt.result.then(() => this.#live.delete(attempt));
    return attempt;
  }

  #learnFrom({ agent, task }: LaunchRequest): void {
    this.#secrets.learn(agent.env);
    this.#secrets.learn(task.spec.env);
  }
}

/** @param own the table of this room; null where the system's own program has to be started to look. */
function createMeter(clock: Clock, dataFolder: string, own: ProcessTable | null): UsageMeter {
  if (own === null) {
    const processes = openProcessTable({ platform: process.platform, run: runProgram });
    return new UsageMeter({ clock, processes, read: readSystemUsage, marker: null });
  }
  const marker = () => ({ name: dataMarkerName, value: dataMarkerOf(dataFolder) });
  return new UsageMeter({ clock, processes: own, read: readLinuxUsage, marker });
}

const closedFailure: Failure = { category: 'engine', class: 'transient', message: 'The engine is being closed.' };
const closedResult: LaunchResult = { outcome: 'failed', exit: null, failure: closedFailure };
