import type { ApiName } from './api.ts';

/**
 * The names of the contract without its schemas: what only has to know whether a name is one, such as the preload,
 * loads no validation with them. The compiler demands every name, and no other.
 */
const entries: Readonly<Record<ApiName, true>> = {
  listWorkflows: true,
  getWorkflow: true,
  validateWorkflow: true,
  saveWorkflow: true,
  deleteWorkflow: true,
  listWorkflowVersions: true,
  getWorkflowVersion: true,
  planRun: true,
  startRun: true,
  listRuns: true,
  getRun: true,
  getRunWork: true,
  pauseRun: true,
  resumeRun: true,
  cancelRun: true,
  rerunRun: true,
  changeRuns: true,
  enqueueTasks: true,
  listTasks: true,
  getTask: true,
  cancelTask: true,
  setTaskPriority: true,
  requeueTask: true,
  changeTasks: true,
  countDeadLetters: true,
  listApprovals: true,
  answerApproval: true,
  listPermissions: true,
  answerPermission: true,
  listPermissionRules: true,
  removePermissionRule: true,
  listAgents: true,
  saveAgent: true,
  removeAgent: true,
  startAgent: true,
  drainAgent: true,
  stopAgent: true,
  disableAgent: true,
  enableAgent: true,
  detectAgents: true,
  testAgent: true,
  readLog: true,
  searchLog: true,
  listEvents: true,
  getTraffic: true,
  getStatus: true,
  getOverview: true,
  getMetrics: true,
  freeze: true,
  thaw: true,
  measureDataFolder: true,
  runDoctor: true,
  getSettings: true,
  saveSettings: true,
};

/** Every name of the contract; nothing else may be called. */
export const apiNames = Object.keys(entries) as readonly ApiName[];

/** Whether a string that came over a wire names an entry of the contract (and not, say, `constructor`). */
export function isApiName(name: string): name is ApiName {
  return Object.hasOwn(entries, name);
}
