import type { ApiHandlers } from '../../src-main/contract/api.ts';
import { ok } from '../../src-main/contract/result.ts';
import { claimedEvents, createdEvent, runId, runOf, sampleEvent, sampleId } from './samples.ts';

export const taskId = sampleId('task', 1);
export const attemptId = sampleId('attempt', 101);
export const failure = { category: 'exit', class: 'fatal', message: 'exit code 1', remedy: 'Read its log.' } as const;
const gate = {
  name: 'coverage >= 80',
  level: 'blocking',
  passed: true,
  actual: 97,
  expected: '>= 80',
  message: 'm',
};
export const run = runOf([
  createdEvent(['build']),
  ...claimedEvents('build'),
  sampleEvent('stage.completed', { stage: 'build', outputs: { file: 'a\u001b[2J.txt', size: 3 }, gates: [gate] }),
  sampleEvent('run.completed', {}, 1_002_000),
]);
export const task = {
  id: taskId,
  runId,
  stage: 'build',
  spec: {
    title: 'app / build',
    selector: { type: 'builder', capabilities: [] },
    work: { kind: 'command', command: { kind: 'argv', argv: ['npm', 'test'] } },
    folder: '/work/folder',
    inputs: { name: 'x' },
  },
  state: 'failed',
  priority: 'normal',
  traceId: '1'.padStart(32, '0'),
  agentId: null,
  createdAt: 1_000_000,
  startedAt: 1_000_000,
  endedAt: 1_002_000,
  outputs: null,
  failure,
};
export const attempt = {
  id: attemptId,
  taskId,
  runId,
  stage: 'build',
  number: 1,
  agentId: 'builder',
  fence: 1,
  state: 'failed',
  process: { pid: 4242, startMark: 'm' },
  claimedAt: 1_000_000,
  startedAt: 1_000_000,
  endedAt: 1_001_500,
  activities: 0,
  stuck: null,
  exit: { code: 1, signal: null, stopReason: null },
  gates: [],
  outputs: null,
  failure,
};
export const taskView = { task, attempts: [attempt], waitingBecause: null };
export const logLines = [
  { number: 1, stream: 'stdout', at: 0, text: 'hello \u001b[31mred\u001b[0m\u001b]0;t\u0007', cut: false },
  { number: 2, stream: 'stderr', at: 0, text: 'oh', cut: true },
];
/** Handlers that know this one run, its task and its log. */
export const workHandlers: Partial<ApiHandlers> = {
  getRun: () => ok(run),
  getRunWork: () =>
    ok({ run, definition: { stages: [] } as never, tasks: [], attempts: [], approvals: [], lastSeq: 0 }),
  getTask: () => ok(taskView) as never,
  listRuns: () => ok({ runs: [{ ...run, currentStages: [] }], next: null }) as never,
  listTasks: () =>
    ok({
      tasks: [{ ...task, title: 'app / build', agentRef: 'type builder', attempts: 1, attemptId }],
      next: null,
    }) as never,
  readLog: ({ from }) => ok({ lines: logLines.slice(from - 1), totalLines: 2, complete: true, path: '/log' }) as never,
};
