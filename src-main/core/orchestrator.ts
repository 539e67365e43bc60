import type { AgentDefinition } from '../contract/agent.ts';
import type { ApiHandlers, Subscription, SubscriptionMessage } from '../contract/api.ts';
import type { Event } from '../contract/event.ts';
import type { AgentId } from '../contract/ids.ts';
import { defaultTimeouts } from '../contract/policies.ts';
import type { Settings } from '../contract/settings.ts';
import { isAttemptEnded } from '../contract/states.ts';
import { AgentCommands } from './agent-commands.ts';
import { agentEnded, agentReady, agentStarting } from './agent-lifecycle.ts';
import { AgentTrials } from './agent-trials.ts';
import { AgentViews } from './agent-views.ts';
import { apiHandlers } from './api-handlers.ts';
import { ApprovalClock } from './approval-clock.ts';
import { ApprovalCommands } from './approval-commands.ts';
import { AttemptRunner } from './attempt-runner.ts';
import { AttemptWrites } from './attempts.ts';
import { BackupClock } from './backups.ts';
import { Breakers } from './breakers.ts';
import { BulkChanges } from './bulk-changes.ts';
import { CommandDesk } from './command-desk.ts';
import { Dispatcher } from './dispatcher.ts';
import { EngineCommands } from './engine-commands.ts';
import { EventBus } from './event-bus.ts';
import { followChanges } from './follow-changes.ts';
import { ForgottenRuns } from './forgotten-runs.ts';
import { ListQueries } from './list-queries.ts';
import { createLiveAttempts } from './live-attempts.ts';
import type { Parts } from './parts.ts';
import { PermissionDesk } from './permission-desk.ts';
import type {
  AgentLauncher,
  Backups,
  Clock,
  Folders,
  IdSource,
  Logger,
  LogReader,
  Machine,
  SettingsFile,
  Stop,
  Store,
  StoreUnit,
  WorkflowLibrary,
} from './ports.ts';
import type { HistoryFiles } from './ports-history.ts';
import type { Projects } from './ports-projects.ts';
import { ProjectDesk } from './project-desk.ts';
import { Pruner } from './pruner.ts';
import { Queries } from './queries.ts';
import type { Recovered } from './recovery.ts';
import { recover, stopAgentRow } from './recovery.ts';
import type { Moment } from './refusals.ts';
import { RunCommands } from './run-commands.ts';
import { RunFlow } from './run-flow.ts';
import { ScheduleCommands } from './schedule-commands.ts';
import { ScheduleStarts } from './schedule-starts.ts';
import { Scheduler } from './scheduler.ts';
import { StatusBoard } from './status.ts';
import { TaskCommands } from './task-commands.ts';
import { Watchdog } from './watchdog.ts';
import { WorkflowCommands } from './workflow-commands.ts';

/** Everything the core works through. The composition root owns and closes the store and the launcher. */
export interface OrchestratorDeps {
  readonly store: Store;
  readonly launcher: AgentLauncher;
  readonly logs: LogReader;
  readonly workflows: WorkflowLibrary;
  readonly projects: Projects;
  readonly folders: Folders;
  readonly files: HistoryFiles;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** What holds now: `settingsFile.inForce`. */
  readonly settings: Settings;
  readonly settingsFile: SettingsFile;
  readonly machine: Machine;
  /** Parts that work goes on without, and which of them are in trouble. */
  readonly parts: Parts;
  readonly backups: Backups;
  readonly engine: { readonly version: string; readonly pid: number; readonly dataFolder: string };
  readonly builtinAgents: readonly AgentDefinition[];
}

/** The durable engine behind the contract: one method per entry, live subscriptions, start and close. */
export class Orchestrator {
  readonly api: ApiHandlers;
  readonly #deps: OrchestratorDeps;
  readonly #live = createLiveAttempts();
  readonly #beats = new Map<AgentId, number>();
  readonly #breakers: Breakers;
  readonly #desk: CommandDesk;
  readonly #flow: RunFlow;
  readonly #writes: AttemptWrites;
  readonly #dispatcher: Dispatcher;
  readonly #runner: AttemptRunner;
  readonly #watchdog: Watchdog;
  readonly #approvals: ApprovalClock;
  readonly #permissions: PermissionDesk;
  readonly #bus: EventBus;
  readonly #pruner: Pruner;
  readonly #backupClock: BackupClock;
  readonly #projectDesk: ProjectDesk;
  readonly #runs: RunCommands;
  readonly #tasks: TaskCommands;
  readonly #starts: ScheduleStarts;
  readonly #scheduler: Scheduler;
  readonly #stops: Stop[] = [];
  #recovered: (Recovered & { readonly startedAt: number }) | null = null;

  constructor(deps: OrchestratorDeps) {
    this.#deps = deps;
    const { store, clock } = deps;
    const live = this.#live;
    const nudge = () => this.#nudge();
    const flow = new RunFlow(deps);
    const breakers = new Breakers(deps);
    const writes = new AttemptWrites({ ...deps, flow, breakers });
    const beat = (agentId: AgentId) => this.#beats.set(agentId, clock.now());
    const desk = new CommandDesk({ store, clock });
    const permissions = new PermissionDesk({ ...deps, desk, live });
    const ask: PermissionDesk['ask'] = (attempt, question) => permissions.ask(attempt, question);
    const watchdog = new Watchdog({ ...deps, writes });
    const forgotten = new ForgottenRuns({ ...deps, flow });
    const nowAndThen = () => void forgotten.look();
    const runner = new AttemptRunner({ ...deps, live, writes, nudge, beat, ask, watchdog, nowAndThen });
    this.#watchdog = watchdog;
    this.#permissions = permissions;
    this.#flow = flow;
    this.#breakers = breakers;
    this.#writes = writes;
    this.#runner = runner;
    this.#dispatcher = new Dispatcher({ ...deps, live, flow, breakers, launch: (claim) => runner.launch(claim) });
    this.#approvals = new ApprovalClock({ ...deps, flow, nudge });
    this.#bus = new EventBus(deps);
    this.#pruner = new Pruner(deps);
    this.#backupClock = new BackupClock(deps);
    this.#desk = desk;
    const projectDesk = new ProjectDesk({ ...deps, live, breakers, desk, nudge });
    this.#projectDesk = projectDesk;
    const shared = { ...deps, desk, flow, nudge, projectDesk };
    const runs = new RunCommands(shared);
    const tasks = new TaskCommands(shared);
    const starts = new ScheduleStarts({ runs, tasks });
    this.#runs = runs;
    this.#tasks = tasks;
    this.#starts = starts;
    this.#scheduler = new Scheduler({ ...deps, starts, nudge });
    this.api = this.#handlers();
  }

  /**
   * Takes up what an earlier engine left, then begins to work. Called once.
   * @throws when the store cannot be written.
   */
  async start(): Promise<void> {
    const { store, launcher, clock, settingsFile } = this.#deps;
    this.#stops.push(
      store.onCommit((events) => this.#committed(events)),
      this.#followAgents(),
      settingsFile.watch(),
    );
    const recovered = await recover({ ...this.#deps, launcher, flow: this.#flow, writes: this.#writes });
    this.#recovered = { ...recovered, startedAt: clock.now() };
    await this.#projectDesk.start();
    this.#approvals.start();
    this.#pruner.start();
    this.#dispatcher.start();
    this.#backupClock.start();
    this.#scheduler.start();
  }

  /** Follows events, what changes, or the growth of a log. @returns ends the subscription. */
  subscribe(subscription: Subscription, deliver: (message: SubscriptionMessage) => void): Stop {
    if (subscription.topic === 'events') return this.#bus.subscribe(subscription, deliver);
    const { store, logs } = this.#deps;
    if (subscription.topic === 'changes') return followChanges(store, deliver);
    const { attemptId } = subscription;
    return logs.watch(attemptId, (totalLines) => {
      const attempt = store.reads.row('attempt', attemptId);
      const complete = attempt !== null && isAttemptEnded(attempt.state);
      deliver({ topic: 'log', attemptId, totalLines, complete });
    });
  }

  /**
   * Stops work and leaves a state from which the next start goes on. `park` interrupts live attempts and releases
   * their tasks; `drain` lets them end first, at most for `drainMs`.
   */
  async close(
    options: { readonly mode: 'drain'; readonly drainMs: number } | { readonly mode: 'park' },
  ): Promise<void> {
    const { store, launcher, clock, logger } = this.#deps;
    this.#desk.close();
    this.#backupClock.stop();
    this.#approvals.stop();
    const pruned = this.#pruner.stop();
    await this.#scheduler.stop();
    await this.#projectDesk.stop();
    await this.#dispatcher.stop();
    if (options.mode === 'drain') await this.#drain(options.drainMs);
    await this.#runner.close();
    this.#permissions.stop();
    await pruned;
    const agents = store.reads.agents().filter((agent) => agent.processes.length > 0);
    await Promise.allSettled(agents.map((agent) => launcher.stopAgent(agent.id, defaultTimeouts.stopMs)));
    for (const stop of this.#stops.splice(0)) stop();
    try {
      await store.write((unit) => {
        const moment: Moment = { at: clock.now(), actor: 'engine' };
        for (const agent of unit.agents()) stopAgentRow(unit, agent, moment);
        return unit.record([{ ...moment, kind: 'engine.stopped', reason: options.mode }]).length;
      });
    } catch (error) {
      logger.error('The end of the engine could not be recorded.', { error });
    }
    this.#bus.close();
  }

  #drain(drainMs: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#deps.clock.after(drainMs, resolve);
      void this.#live.empty().then(() => {
        stop();
        resolve();
      });
    });
  }

  #nudge(): void {
    this.#dispatcher.nudge();
  }

  /** What was asked of live attempts is passed on to their workers once it is committed. */
  #committed(events: readonly Event[]): void {
    for (const event of events) {
      if (event.kind === 'task.cancelRequested') {
        this.#runner.stopTask(event.taskId, { kind: 'cancel', reason: event.reason });
      }
      if (event.kind === 'approval.requested') this.#approvals.look();
      if (event.kind === 'settings.changed' && event.sections.includes('projects')) void this.#projectDesk.lookAtAll();
      this.#permissions.committed(event);
      this.#scheduler.committed(event);
    }
  }

  #followAgents(): Stop {
    const { launcher, settings } = this.#deps;
    const write = (work: (unit: StoreUnit, moment: Moment) => void) => this.#writeAgent(work);
    return launcher.onAgentProcess({
      starting: (agentId) => write((unit, moment) => agentStarting(unit, agentId, moment)),
      ready: (agentId, process, version) => {
        this.#beats.set(agentId, this.#deps.clock.now());
        write((unit, moment) => {
          agentReady(unit, agentId, { process, version, live: this.#live.ofAgent(agentId) }, moment);
        });
      },
      ended: (agentId, process, expected, reason) =>
        write((unit, moment) => agentEnded(unit, agentId, { process, expected, reason }, settings.restart, moment)),
      beat: (agentId) => this.#beats.set(agentId, this.#deps.clock.now()),
    });
  }

  #writeAgent(work: (unit: StoreUnit, moment: Moment) => void): void {
    const { store, clock, logger } = this.#deps;
    store
      .write((unit) => {
        work(unit, { at: clock.now(), actor: 'engine' });
        return null;
      })
      .then(() => this.#nudge())
      .catch((error: unknown) => logger.error("The state of an agent's process could not be stored.", { error }));
  }

  #handlers(): ApiHandlers {
    const deps = this.#deps;
    const runs = this.#runs;
    const tasks = this.#tasks;
    const shared = {
      ...deps,
      breakers: this.#breakers,
      desk: this.#desk,
      flow: this.#flow,
      live: this.#live,
      runner: this.#runner,
      watchdog: this.#watchdog,
      projectDesk: this.#projectDesk,
      nudge: () => this.#nudge(),
    };
    return apiHandlers({
      ...deps,
      queries: new Queries(shared),
      lists: new ListQueries(deps),
      status: new StatusBoard({ ...shared, recovered: () => this.#recovered }),
      files: new WorkflowCommands(shared),
      runs,
      tasks,
      bulk: new BulkChanges({ ...shared, runs, tasks }),
      approvals: new ApprovalCommands(shared),
      permissions: this.#permissions,
      projectDesk: this.#projectDesk,
      agents: new AgentCommands(shared),
      agentViews: new AgentViews({ ...shared, lastBeat: (agentId) => this.#beats.get(agentId) ?? null }),
      trials: new AgentTrials(deps),
      schedules: new ScheduleCommands({ ...shared, starts: this.#starts }),
      pruner: this.#pruner,
      engine: new EngineCommands(shared),
    });
  }
}
