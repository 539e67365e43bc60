import type { ApiName, api } from '../../src-main/contract/api.ts';
import type { Noun } from '../../src-main/contract/nouns.ts';

/** Entries that only read. */
export type ReadName = { [N in ApiName]: (typeof api)[N]['change'] extends false ? N : never }[ApiName];
/** Entries that change something. */
export type ChangeName = Exclude<ApiName, ReadName>;

/**
 * Which kinds of rows an answer is made of: when one of them changes, views that show the answer ask again. Empty:
 * the answer stays as it is until somebody asks.
 */
export const entryNouns: { readonly [N in ReadName]: readonly Noun[] } = {
  listWorkflows: ['workflow'],
  getWorkflow: ['workflow'],
  validateWorkflow: [],
  listWorkflowVersions: ['workflow'],
  getWorkflowVersion: [],
  planRun: ['agent', 'breaker', 'engine'],
  // Trusting one changes the settings.
  listProjects: ['engine', 'agent'],
  inspectProject: ['agent'],
  listRuns: ['run'],
  getRun: ['run'],
  // Kept up to date by its own events.
  getRunWork: [],
  listTasks: ['task'],
  getTask: ['task', 'agent', 'breaker', 'engine'],
  countDeadLetters: ['task'],
  listApprovals: ['approval'],
  listPermissions: ['permission'],
  listPermissionRules: ['permission'],
  listAgents: ['agent', 'task', 'breaker'],
  detectAgents: ['agent'],
  testAgent: [],
  listBreakers: ['breaker'],
  listSchedules: ['schedule'],
  previewSchedule: [],
  listFirings: ['schedule'],
  readLog: [],
  searchLog: [],
  listEvents: ['run', 'task', 'agent', 'approval', 'permission', 'workflow', 'engine'],
  getTraffic: ['run', 'task', 'approval', 'permission'],
  getStatus: ['run', 'task', 'agent', 'approval', 'permission', 'breaker', 'engine'],
  getOverview: ['run', 'task', 'engine'],
  getMetrics: ['run', 'task', 'approval'],
  measureDataFolder: [],
  runDoctor: [],
  getSettings: ['engine'],
  listBackups: [],
};
