import type { ApiHandlers, ApiName } from '../contract/api.ts';
import type { agentEntries } from '../contract/api-agents.ts';
import type { backupEntries } from '../contract/api-backups.ts';
import type { breakerEntries } from '../contract/api-breakers.ts';
import type { engineEntries } from '../contract/api-engine.ts';
import type { historyEntries } from '../contract/api-history.ts';
import type { inboxEntries } from '../contract/api-inbox.ts';
import type { logEntries } from '../contract/api-logs.ts';
import type { projectEntries } from '../contract/api-projects.ts';
import type { runEntries } from '../contract/api-runs.ts';
import type { scheduleEntries } from '../contract/api-schedules.ts';
import type { taskEntries } from '../contract/api-tasks.ts';
import type { trafficEntries } from '../contract/api-traffic.ts';
import type { workflowEntries } from '../contract/api-workflows.ts';
import { ok } from '../contract/result.ts';
import type { AgentCommands } from './agent-commands.ts';
import type { AgentTrials } from './agent-trials.ts';
import type { AgentViews } from './agent-views.ts';
import type { ApprovalCommands } from './approval-commands.ts';
import type { BulkChanges } from './bulk-changes.ts';
import type { EngineCommands } from './engine-commands.ts';
import type { ListQueries } from './list-queries.ts';
import type { Parts } from './parts.ts';
import type { PermissionDesk } from './permission-desk.ts';
import type { Backups, Machine, SettingsFile, Store, WorkflowLibrary } from './ports.ts';
import type { ProjectDesk } from './project-desk.ts';
import type { Pruner } from './pruner.ts';
import type { Queries } from './queries.ts';
import type { RunCommands } from './run-commands.ts';
import type { ScheduleCommands } from './schedule-commands.ts';
import type { StatusBoard } from './status.ts';
import type { TaskCommands } from './task-commands.ts';
import type { WorkflowCommands } from './workflow-commands.ts';

/** Whatever answers entries of the contract. */
export interface Answering {
  readonly store: Store;
  readonly workflows: WorkflowLibrary;
  readonly machine: Machine;
  readonly parts: Parts;
  readonly settingsFile: SettingsFile;
  readonly backups: Backups;
  readonly queries: Queries;
  readonly lists: ListQueries;
  readonly status: StatusBoard;
  readonly files: WorkflowCommands;
  readonly projectDesk: ProjectDesk;
  readonly runs: RunCommands;
  readonly tasks: TaskCommands;
  readonly bulk: BulkChanges;
  readonly approvals: ApprovalCommands;
  readonly permissions: PermissionDesk;
  readonly agents: AgentCommands;
  readonly agentViews: AgentViews;
  readonly trials: AgentTrials;
  readonly schedules: ScheduleCommands;
  readonly pruner: Pruner;
  readonly engine: EngineCommands;
}

/** The handlers of some entries of the contract, all of them. */
type HandlersOf<Entries> = Pick<ApiHandlers, Extract<keyof Entries, ApiName>>;

/** One method per entry of the contract, each passed on to whoever answers it. */
export function apiHandlers(answering: Answering): ApiHandlers {
  return {
    ...workflowHandlers(answering),
    ...projectHandlers(answering),
    ...workHandlers(answering),
    ...inboxHandlers(answering),
    ...agentHandlers(answering),
    ...scheduleHandlers(answering),
    ...viewHandlers(answering),
    ...engineHandlers(answering),
  };
}

function workflowHandlers({ store, workflows, queries, files }: Answering): HandlersOf<typeof workflowEntries> {
  return {
    listWorkflows: (input) => queries.listWorkflows(input),
    getWorkflow: (input) => queries.getWorkflow(input),
    validateWorkflow: async ({ source, folder }) => ok(await workflows.check(source, folder)),
    saveWorkflow: (input) => files.saveWorkflow(input),
    deleteWorkflow: (input) => files.deleteWorkflow(input),
    listWorkflowVersions: (input) => ok(store.reads.listWorkflowVersions(input)),
    getWorkflowVersion: (input) => queries.getWorkflowVersion(input),
    planRun: (input) => queries.planRun(input),
  };
}

function projectHandlers({ projectDesk }: Answering): HandlersOf<typeof projectEntries> {
  return {
    listProjects: () => projectDesk.listProjects(),
    inspectProject: (input) => projectDesk.inspectProject(input),
    trustProject: (input) => projectDesk.trustProject(input),
    forgetProject: (input) => projectDesk.forgetProject(input),
  };
}

function workHandlers(answering: Answering): HandlersOf<typeof runEntries & typeof taskEntries> {
  const { queries, lists, runs, tasks, bulk } = answering;
  return {
    startRun: (input) => runs.startRun(input),
    listRuns: (input) => lists.listRuns(input),
    getRun: (input) => queries.getRun(input),
    getRunWork: (input) => lists.getRunWork(input),
    changeRuns: (input) => bulk.changeRuns(input),
    pauseRun: (input) => runs.pauseRun(input),
    resumeRun: (input) => runs.resumeRun(input),
    cancelRun: (input) => runs.cancelRun(input),
    rerunRun: (input) => runs.rerunRun(input),
    enqueueTasks: (input) => tasks.enqueueTasks(input),
    listTasks: (input) => lists.listTasks(input),
    changeTasks: (input) => bulk.changeTasks(input),
    countDeadLetters: () => lists.countDeadLetters(),
    getTask: (input) => queries.getTask(input),
    cancelTask: (input) => tasks.cancelTask(input),
    setTaskPriority: (input) => tasks.setTaskPriority(input),
    requeueTask: (input) => tasks.requeueTask(input),
  };
}

function inboxHandlers({ store, approvals, permissions }: Answering): HandlersOf<typeof inboxEntries> {
  return {
    listApprovals: (input) => ok(store.reads.listApprovals(input)),
    answerApproval: (input) => approvals.answerApproval(input),
    listPermissions: (input) => ok(store.reads.listPermissions(input)),
    answerPermission: (input) => permissions.answer(input),
    listPermissionRules: () => permissions.listRules(),
    removePermissionRule: (input) => permissions.removeRule(input),
  };
}

function agentHandlers(answering: Answering): HandlersOf<typeof agentEntries & typeof breakerEntries> {
  const { store, agents, agentViews, trials } = answering;
  return {
    listAgents: () => agentViews.listAgents(),
    saveAgent: (input) => agents.saveAgent(input),
    removeAgent: (input) => agents.removeAgent(input),
    startAgent: (input) => agents.startAgent(input),
    drainAgent: (input) => agents.drainAgent(input),
    stopAgent: (input) => agents.stopAgent(input),
    disableAgent: (input) => agents.disableAgent(input),
    enableAgent: (input) => agents.enableAgent(input),
    detectAgents: () => agentViews.detectAgents(),
    testAgent: (input) => trials.testAgent(input),
    listBreakers: () => ok({ breakers: [...store.reads.breakers()] }),
    resetBreaker: (input) => agents.resetBreaker(input),
  };
}

function scheduleHandlers({ schedules }: Answering): HandlersOf<typeof scheduleEntries> {
  return {
    listSchedules: () => schedules.listSchedules(),
    saveSchedule: (input) => schedules.saveSchedule(input),
    removeSchedule: (input) => schedules.removeSchedule(input),
    switchSchedule: (input) => schedules.switchSchedule(input),
    fireSchedule: (input) => schedules.fireSchedule(input),
    previewSchedule: (input) => schedules.previewSchedule(input),
    listFirings: (input) => schedules.listFirings(input),
  };
}

function viewHandlers(answering: Answering): HandlersOf<typeof logEntries & typeof trafficEntries> {
  const { queries, lists } = answering;
  return {
    readLog: (input) => queries.readLog(input),
    searchLog: (input) => queries.searchLog(input),
    listEvents: (input) => lists.listEvents(input),
    getTraffic: (input) => lists.getTraffic(input),
  };
}

function engineHandlers(
  answering: Answering,
): HandlersOf<typeof engineEntries & typeof backupEntries & typeof historyEntries> {
  const { store, machine, parts, settingsFile, backups, lists, status, pruner, engine } = answering;
  return {
    getStatus: () => ok(status.status()),
    getOverview: (input) => lists.getOverview(input),
    getMetrics: (input) => lists.getMetrics(input),
    freeze: (input) => engine.freeze(input),
    thaw: (input) => engine.thaw(input),
    measureDataFolder: async () => ok(await machine.measureDataFolder()),
    runDoctor: async () => ok({ findings: [...(await machine.check()), ...(await store.diagnose())] }),
    reportPart: ({ part, trouble }) => {
      parts.report(part, trouble);
      return ok({});
    },
    getSettings: async () => ok(await settingsFile.view()),
    saveSettings: (input) => engine.saveSettings(input),
    listBackups: () => ok({ backups: [...backups.list()] }),
    createBackup: () => backups.create('asked'),
    pruneHistory: (input) => pruner.prune(input),
  };
}
