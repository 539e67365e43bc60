import { describe, expect, test } from 'vitest';
import type { ApiInput, ApiName } from '../../src-main/contract/api.ts';
import { api, apiNames, isApiName, subscriptionSchema } from '../../src-main/contract/api.ts';
import { countingIds } from '../support/counting-ids.ts';
import { agentDefinition } from '../support/samples.ts';

const ids = countingIds();
const runId = ids.runId();
const taskId = ids.taskId();
const attemptId = ids.attemptId();
const approvalId = ids.approvalId();
const definition = agentDefinition();
const agentId = definition.id;
const reason = 'because';
const work = { kind: 'prompt' as const, prompt: 'do it', config: {} };

/** The least that each entry takes; an entry that is not here does not compile. */
const least: { readonly [N in ApiName]: ApiInput<N> } = {
  listWorkflows: {},
  getWorkflow: { workflow: 'app' },
  validateWorkflow: { source: '' },
  startRun: { workflow: 'app', inputs: {} },
  listRuns: {},
  getRun: { runId },
  pauseRun: { runId, reason },
  resumeRun: { runId, reason },
  cancelRun: { runId, reason },
  rerunRun: { runId },
  enqueueTasks: { tasks: [{ agent: { type: 'worker' }, work }] },
  listTasks: {},
  getTask: { taskId },
  cancelTask: { taskId, reason },
  setTaskPriority: { taskId, priority: 'high' },
  requeueTask: { taskId },
  listApprovals: {},
  answerApproval: { approvalId, answer: 'approved' },
  listAgents: {},
  saveAgent: definition,
  removeAgent: { agentId },
  startAgent: { agentId },
  drainAgent: { agentId, reason },
  stopAgent: { agentId, reason },
  disableAgent: { agentId, reason },
  enableAgent: { agentId },
  readLog: { attemptId },
  listEvents: {},
  getStatus: {},
  freeze: { reason },
  thaw: { reason },
  runDoctor: {},
};

/** What a handler receives beyond what was given. */
const filled: { readonly [N in ApiName]?: object } = {
  startRun: { priority: 'normal' },
  listRuns: { limit: 100 },
  listTasks: { limit: 100 },
  listApprovals: { limit: 100 },
  readLog: { from: 1, limit: 1_000 },
  listEvents: { afterSeq: 0, limit: 100 },
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
    'listRuns',
    'getRun',
    'listTasks',
    'getTask',
    'listApprovals',
    'listAgents',
    'readLog',
    'listEvents',
    'getStatus',
    'runDoctor',
  ]);
});

test.each([
  ['events from a number on', { topic: 'events', afterSeq: 0 }, true],
  ['the events of one run', { topic: 'events', afterSeq: 7, runId }, true],
  ['the growth of a log', { topic: 'log', attemptId }, true],
  ['events from nowhere', { topic: 'events' }, false],
  ['a topic that is not there', { topic: 'everything' }, false],
  ['the log of a path', { topic: 'log', attemptId: '../secret' }, false],
])('one may follow %s: %#', (_what, subscription, valid) => {
  expect(subscriptionSchema.safeParse(subscription).success).toBe(valid);
});
