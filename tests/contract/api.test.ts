import { describe, expect, test } from 'vitest';
import type { ApiInput, ApiName } from '../../src-main/contract/api.ts';
import { api, subscriptionSchema } from '../../src-main/contract/api.ts';
import { apiNames, isApiName } from '../../src-main/contract/api-names.ts';
import { breakerOfAgent } from '../../src-main/contract/breaker.ts';
import { workflowHashSchema } from '../../src-main/contract/ids.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import { countingIds } from '../support/counting-ids.ts';
import { agentDefinition } from '../support/samples.ts';

const ids = countingIds();
const runId = ids.runId();
const taskId = ids.taskId();
const attemptId = ids.attemptId();
const approvalId = ids.approvalId();
const permissionId = ids.permissionId();
const ruleId = ids.permissionRuleId();
const hash = workflowHashSchema.parse('a'.repeat(64));
const settings = settingsSchema.parse({});
const definition = agentDefinition();
const agentId = definition.id;
const reason = 'because';
const work = { kind: 'prompt' as const, prompt: 'do it', config: {} };

const schedule = {
  id: 'nightly',
  title: 'Nightly',
  timing: { kind: 'interval' as const, everyMs: 1_000 },
  start: { kind: 'run' as const, workflow: 'app' },
};

/** The least that each entry takes; an entry that is not here does not compile. */
const least: { readonly [N in ApiName]: ApiInput<N> } = {
  listWorkflows: {},
  getWorkflow: { workflow: 'app' },
  validateWorkflow: { source: '' },
  saveWorkflow: { name: 'app', source: 'name: app', replaces: null },
  deleteWorkflow: { name: 'app', replaces: hash },
  listWorkflowVersions: {},
  getWorkflowVersion: { hash },
  planRun: { workflow: 'app', inputs: {} },
  listProjects: {},
  inspectProject: { folder: '/repository' },
  trustProject: { folder: '/repository' },
  forgetProject: { folder: '/repository', reason },
  startRun: { workflow: 'app', inputs: {} },
  listRuns: {},
  getRun: { runId },
  getRunWork: { runId },
  pauseRun: { runId, reason },
  resumeRun: { runId, reason },
  cancelRun: { runId, reason },
  rerunRun: { runId },
  changeRuns: { select: { runIds: [runId] }, action: 'cancel', reason },
  enqueueTasks: { tasks: [{ agent: { type: 'worker' }, work }] },
  listTasks: {},
  getTask: { taskId },
  cancelTask: { taskId, reason },
  setTaskPriority: { taskId, priority: 'high' },
  requeueTask: { taskId },
  changeTasks: { select: { filter: {} }, action: { kind: 'requeue' } },
  countDeadLetters: {},
  listApprovals: {},
  answerApproval: { approvalId, answer: 'approved' },
  listPermissions: {},
  answerPermission: { permissionId, optionId: 'allow' },
  listPermissionRules: {},
  removePermissionRule: { ruleId },
  listAgents: {},
  saveAgent: definition,
  removeAgent: { agentId },
  startAgent: { agentId },
  drainAgent: { agentId, reason },
  stopAgent: { agentId, reason },
  disableAgent: { agentId, reason },
  enableAgent: { agentId },
  detectAgents: {},
  testAgent: { definition },
  listBreakers: {},
  resetBreaker: { breakerId: breakerOfAgent(agentId), reason },
  listSchedules: {},
  saveSchedule: schedule,
  removeSchedule: { scheduleId: schedule.id, reason },
  switchSchedule: { scheduleId: schedule.id, enabled: false, reason },
  fireSchedule: { scheduleId: schedule.id },
  previewSchedule: { timing: schedule.timing },
  listFirings: { scheduleId: schedule.id },
  readLog: { attemptId },
  searchLog: { attemptId, find: { kind: 'error' } },
  listEvents: {},
  getTraffic: { from: 0, to: 1 },
  getStatus: {},
  getOverview: { since: 0 },
  getMetrics: { from: 0, to: 1 },
  freeze: { reason },
  thaw: { reason },
  measureDataFolder: {},
  runDoctor: {},
  reportPart: { part: 'tray', trouble: null },
  getSettings: {},
  saveSettings: { settings },
  listBackups: {},
  createBackup: {},
  pruneHistory: { olderThanDays: 30 },
};

/** What a handler receives beyond what was given. */
const filled: { readonly [N in ApiName]?: object } = {
  startRun: { priority: 'normal' },
  listWorkflowVersions: { limit: 100 },
  listRuns: { limit: 100, count: false },
  listTasks: { limit: 100, count: false },
  listApprovals: { limit: 100 },
  listPermissions: { limit: 100 },
  answerPermission: { always: false },
  saveSchedule: { start: { ...schedule.start, inputs: {}, priority: 'normal' }, overlap: 'skip', catchUp: 'last' },
  previewSchedule: { count: 5 },
  listFirings: { limit: 100 },
  readLog: { from: 1, limit: 1_000 },
  searchLog: { from: 1, limit: 10_000 },
  listEvents: { afterSeq: 0, order: 'oldest', limit: 100 },
  getMetrics: { buckets: 60 },
  pruneHistory: { dryRun: false },
  enqueueTasks: {
    tasks: [
      {
        agent: { type: 'worker', capabilities: [] },
        work,
        env: {},
        inputs: {},
        gates: [],
        requiredOutputs: [],
        priority: 'normal',
        delayMs: 0,
        retry: {},
        timeouts: {},
        needs: [],
        onNeedFailed: 'block',
      },
    ],
  },
};

test('the names are those of the entries, and a sample of each is here', () => {
  expect(apiNames).toEqual(Object.keys(api));
  expect(Object.keys(least)).toEqual(apiNames);
});

describe.each(apiNames)('%s', (name) => {
  test('takes the least it needs, and fills in the rest', () => {
    expect(api[name].input.parse(least[name])).toEqual({ ...least[name], ...filled[name] });
  });

  test('R22 refuses a field that it does not know', () => {
    const { error } = api[name].input.safeParse({ ...least[name], surprise: 1 });
    expect(error?.issues).toMatchObject([{ code: 'unrecognized_keys', keys: ['surprise'] }]);
  });

  test('is a name of the contract', () => {
    expect(isApiName(name)).toBe(true);
  });
});

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', '', 'listruns', 'listRuns '])(
  'I12 %j is no name of the contract',
  (name) => {
    expect(isApiName(name)).toBe(false);
  },
);

test('R29 what only reads says so', () => {
  expect(apiNames.filter((name) => !api[name].change)).toEqual([
    'listWorkflows',
    'getWorkflow',
    'validateWorkflow',
    'listWorkflowVersions',
    'getWorkflowVersion',
    'planRun',
    'listProjects',
    'inspectProject',
    'listRuns',
    'getRun',
    'getRunWork',
    'listTasks',
    'getTask',
    'countDeadLetters',
    'listApprovals',
    'listPermissions',
    'listPermissionRules',
    'listAgents',
    'detectAgents',
    'testAgent',
    'listBreakers',
    'listSchedules',
    'previewSchedule',
    'listFirings',
    'readLog',
    'searchLog',
    'listEvents',
    'getTraffic',
    'getStatus',
    'getOverview',
    'getMetrics',
    'measureDataFolder',
    'runDoctor',
    'getSettings',
    'listBackups',
  ]);
});

test.each([
  ['events from a number on', { topic: 'events', afterSeq: 0 }, true],
  ['the events of one run', { topic: 'events', afterSeq: 7, runId }, true],
  ['the events of some kinds', { topic: 'events', afterSeq: 7, kinds: ['run.failed'], actors: ['person'] }, true],
  ['the growth of a log', { topic: 'log', attemptId }, true],
  ['what changes', { topic: 'changes' }, true],
  ['what changes in one run', { topic: 'changes', runId }, false],
  ['events from nowhere', { topic: 'events' }, false],
  ['a topic that is not there', { topic: 'everything' }, false],
  ['the log of a path', { topic: 'log', attemptId: '../secret' }, false],
])('one may follow %s: %#', (_what, subscription, valid) => {
  expect(subscriptionSchema.safeParse(subscription).success).toBe(valid);
});

test.each(['getMetrics', 'getTraffic'] as const)(
  '%s of a span that ends before it begins is refused, naming the field',
  (name) => {
    const { error } = api[name].input.safeParse({ from: 5, to: 5 });
    expect(error?.issues).toMatchObject([{ path: ['from'], message: 'must be before `to`' }]);
  },
);
