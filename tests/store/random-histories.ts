import type { NewEvent } from '../../src-main/contract/event.ts';
import { agentIdSchema } from '../../src-main/contract/ids.ts';
import type { Priority } from '../../src-main/contract/states.ts';
import {
  isRunEnded,
  isStageEnded,
  isTaskLive,
  priorities,
  runTransitions,
  stageTransitions,
} from '../../src-main/contract/states.ts';
import type { Attempt, Task } from '../../src-main/contract/task.ts';
import type { StoreUnit } from '../../src-main/core/ports.ts';
import { taskSpec } from '../support/samples.ts';
import {
  agentRegistered,
  approvalRequested,
  at,
  attemptEnded,
  attemptStarted,
  claimOf,
  failure,
  ids,
  permissionAnswered,
  permissionRequested,
  runCreated,
  sampleWorkflow,
  taskClaimed,
  taskCompleted,
  taskCreated,
  taskReleased,
} from './sample-events.ts';

/** Chooses one of several; the same numbers choose the same things. */
export interface Choice {
  of<T>(list: readonly T[]): T;
  below(limit: number): number;
}

/** Makes choices from a list of numbers, over and over. */
export function choiceFrom(numbers: readonly number[]): Choice {
  let next = 0;
  const below = (limit: number) => {
    const number = numbers[next % numbers.length] ?? 0;
    next += 1;
    return number % limit;
  };
  return {
    below,
    of: (list) => {
      const chosen = list[below(list.length)];
      if (chosen === undefined) throw new Error('There is nothing to choose from.');
      return chosen;
    },
  };
}

const base = { at: at + 50, actor: 'engine' } as const;

/** One legal step of the life of some rows, as the core might decide it. */
export type Step = (unit: StoreUnit, choice: Choice) => void;

function allTasks(unit: StoreUnit): readonly Task[] {
  return unit
    .listTasks({ limit: 1_000 })
    .tasks.map(({ id }) => unit.row('task', id))
    .filter((task) => task !== null);
}

function someTask(unit: StoreUnit, choice: Choice, fits: (task: Task) => boolean): Task | null {
  const tasks = allTasks(unit).filter(fits);
  return tasks.length === 0 ? null : choice.of(tasks);
}

function liveAttempt(unit: StoreUnit, choice: Choice): { task: Task; attempt: Attempt } | null {
  const task = someTask(unit, choice, ({ state }) => isTaskLive(state));
  const attempt = task?.attemptId == null ? null : unit.row('attempt', task.attemptId);
  return task === null || attempt === null ? null : { task, attempt };
}

const taskSteps: readonly Step[] = [
  (unit, choice) => {
    const need = someTask(unit, choice, () => true);
    const needs = need !== null && choice.below(3) === 0 ? [need.id] : [];
    unit.record([
      taskCreated({
        spec: taskSpec({ needs, selector: { type: choice.of(['worker', 'e2e']), capabilities: [] } }),
        priority: choice.of<Priority>(priorities),
        position: unit.nextPosition(choice.of(['front', 'back'])),
        blocked: needs.length > 0,
        held: choice.below(4) === 0,
        availableAt: choice.of([0, 0, at + 10, at + 20]),
      }),
    ]);
  },
  (unit, choice) => {
    const blocked = someTask(unit, choice, ({ state }) => state === 'blocked');
    if (blocked !== null) unit.record([{ ...base, kind: 'task.unblocked', taskId: blocked.id, runId: null }]);
  },
  (unit, choice) => {
    const task = someTask(unit, choice, ({ state }) => state === 'queued' || state === 'blocked');
    if (task === null) return;
    const { id: taskId, runId } = task;
    unit.record([
      choice.of<NewEvent>([
        { ...base, kind: task.held ? 'task.unheld' : 'task.held', taskId, runId },
        { ...base, kind: 'task.priorityChanged', taskId, runId, priority: choice.of<Priority>(priorities) },
        { ...base, kind: 'task.cancelRequested', taskId, runId, reason: 'enough' },
        { ...base, kind: 'task.cancelled', taskId, runId, reason: 'enough' },
      ]),
    ]);
  },
  (unit, choice) => void unit.readyDelayed(at + choice.below(30), 1 + choice.below(3)),
  (unit, choice) => {
    const routes = unit.readyRoutes();
    if (routes.length === 0) return;
    for (const { taskId } of unit.readyHeads(choice.of(routes), 1 + choice.below(2))) {
      const task = unit.row('task', taskId);
      if (task !== null) unit.record([taskClaimed(task)]);
    }
  },
  (unit, choice) => {
    const live = liveAttempt(unit, choice);
    if (live?.attempt.state === 'starting') unit.record([attemptStarted(claimOf(live.attempt))]);
  },
  (unit, choice) => {
    const live = liveAttempt(unit, choice);
    if (live?.attempt.state !== 'running') return;
    const activity = choice.of(['thinking', 'replied'] as const);
    const number = live.attempt.activities + 1;
    unit.record([{ ...base, kind: 'attempt.did', ...claimOf(live.attempt), number, activity: { kind: activity } }]);
  },
  (unit, choice) => {
    const live = liveAttempt(unit, choice);
    if (live === null) return;
    const renewed = unit.renewLeases([{ attemptId: live.attempt.id, fence: live.attempt.fence }], at + 1_000);
    if (renewed.length !== 1) throw new Error('A live attempt had no lease.');
  },
  (unit, choice) => {
    const live = liveAttempt(unit, choice);
    if (live?.attempt.state !== 'running') return;
    withdrawAll(unit, live.attempt);
    unit.record([
      attemptEnded(claimOf(live.attempt), 'completed', { outputs: { n: 1 } }),
      taskCompleted(claimOf(live.attempt)),
    ]);
  },
  (unit, choice) => {
    const live = liveAttempt(unit, choice);
    if (live === null) return;
    const { taskId, runId } = claimOf(live.attempt);
    const ended = attemptEnded(claimOf(live.attempt), choice.of(['failed', 'timed_out', 'interrupted'] as const), {
      failure,
    });
    const position = unit.nextPosition('front');
    const availableAt = choice.of([0, at + 15]);
    withdrawAll(unit, live.attempt);
    unit.record([
      ended,
      choice.of<NewEvent>([
        taskReleased(claimOf(live.attempt), { position, availableAt, held: choice.below(3) === 0 }),
        { ...base, kind: 'task.failed', taskId, runId, failure },
        { ...base, kind: 'task.died', taskId, runId, failure },
        { ...base, kind: 'task.cancelled', taskId, runId, reason: 'enough' },
      ]),
    ]);
  },
  (unit, choice) => {
    const dead = someTask(unit, choice, ({ state }) => state === 'dead');
    if (dead === null) return;
    const position = unit.nextPosition('back');
    unit.record([{ ...base, kind: 'task.requeued', taskId: dead.id, runId: null, position }]);
  },
];

function withdrawAll(unit: StoreUnit, attempt: Attempt): void {
  unit.record(unit.openPermissions(attempt.id).map((permission) => permissionAnswered(permission)));
}

const permissionSteps: readonly Step[] = [
  (unit, choice) => {
    const live = liveAttempt(unit, choice);
    if (live === null) return;
    // Large ones are not kept in memory.
    const detail = 'x'.repeat(choice.of([5, 9_000]));
    unit.record([permissionRequested(live.attempt, { detail, tool: choice.of(['edit', 'execute']) })]);
  },
  (unit, choice) => {
    const open = unit.openPermissions();
    if (open.length === 0) return;
    const permission = choice.of(open);
    const [answer = null] = permission.options;
    const chosen = { state: 'answered' as const, answer, by: choice.of(['person', 'rule'] as const) };
    const expired = { state: 'expired' as const, by: 'policy' as const };
    unit.record([permissionAnswered(permission, choice.of([chosen, expired]))]);
  },
  (unit, choice) => {
    const tool = choice.of(['edit', 'execute']);
    const agentId = agentIdSchema.parse('worker');
    const rule = unit.permissionRules().find((one) => one.tool === tool);
    const removed: NewEvent[] =
      rule === undefined ? [] : [{ ...base, kind: 'permission.ruleRemoved', ruleId: rule.id, agentId, reason: 'no' }];
    const answer = choice.of(['allow', 'reject'] as const);
    const added: NewEvent = {
      ...base,
      kind: 'permission.ruleAdded',
      ruleId: ids.permissionRuleId(),
      agentId,
      tool,
      answer,
    };
    unit.record(choice.below(3) === 0 ? removed : [...removed, added]);
  },
];

const otherSteps: readonly Step[] = [
  (unit) => {
    unit.putWorkflow(sampleWorkflow);
    unit.record([runCreated()]);
  },
  (unit, choice) => {
    const runs = unit.openRuns();
    if (runs.length === 0) return;
    const { id: runId, state, stages } = choice.of(runs);
    if (isRunEnded(state)) throw new Error('An ended run is open.');
    const stage = choice.of(stages);
    if (choice.below(3) === 0) unit.record([approvalRequested(runId, { stage: stage.name })]);
    if (isStageEnded(stage.state)) return;
    const to = choice.of(stageTransitions[stage.state]);
    const some = { ...base, runId, stage: stage.name };
    const events: Readonly<Partial<Record<string, NewEvent>>> = {
      running: { ...some, kind: 'stage.started' },
      completed: { ...some, kind: 'stage.completed', outputs: { coverage: 81.5 }, gates: [] },
      failed: { ...some, kind: 'stage.failed', failure, gates: [], tolerated: true },
      skipped: { ...some, kind: 'stage.skipped', reason: 'false' },
      cancelled: { ...some, kind: 'stage.cancelled', reason: 'enough' },
    };
    const event = events[to];
    if (event !== undefined) unit.record([event]);
  },
  (unit, choice) => {
    const runs = unit.openRuns();
    if (runs.length === 0) return;
    const { id: runId, state } = choice.of(runs);
    const to = choice.of(runTransitions[state]);
    const events: Readonly<Partial<Record<string, NewEvent>>> = {
      running: { ...base, kind: 'run.started', runId },
      paused: { ...base, kind: 'run.paused', runId },
      waiting: { ...base, kind: 'run.waiting', runId, waitingFor: 'quota' },
      completed: { ...base, kind: 'run.completed', runId },
      failed: { ...base, kind: 'run.failed', runId, failure },
      cancelled: { ...base, kind: 'run.cancelled', runId, reason: 'enough' },
    };
    const event = events[to];
    if (event !== undefined) unit.record([event]);
  },
  (unit, choice) => {
    const approvals = unit.openApprovals();
    if (approvals.length === 0) return;
    const { id: approvalId, runId, stage } = choice.of(approvals);
    const answer = choice.of(['approved', 'rejected', 'expired', 'withdrawn'] as const);
    unit.record([{ ...base, kind: 'approval.answered', approvalId, runId, stage, answer, comment: null }]);
  },
  (unit, choice) => {
    const id = choice.of(['worker', 'helper']);
    const agentId = agentIdSchema.parse(id);
    const agent = unit.row('agent', agentId);
    if (agent === null) unit.record([agentRegistered(id)]);
    else if (choice.below(4) === 0) unit.record([{ ...base, kind: 'agent.removed', agentId }]);
    else if (agent.state === 'stopped') {
      const process = { pid: 1 + choice.below(9), startMark: '1' };
      unit.record([
        { ...base, kind: 'agent.changed', agentId, to: 'starting', reason: null },
        { ...base, kind: 'agent.processStarted', agentId, process, version: '1.0' },
      ]);
    } else {
      const process = agent.processes[0] ?? null;
      unit.record([
        { ...base, kind: 'agent.processEnded', agentId, process, expected: false, reason: 'it died', restartAt: at },
        { ...base, kind: 'agent.changed', agentId, to: 'stopped', reason: 'it died' },
      ]);
    }
  },
  (unit, choice) =>
    void unit.record([{ ...base, kind: choice.of(['engine.frozen', 'engine.thawed'] as const), reason: 'because' }]),
];

/** Every step; those of tasks, which are the most intricate, come up most often. */
export const steps: readonly Step[] = [...taskSteps, ...taskSteps, ...otherSteps, ...permissionSteps];
