import type { ApiInput } from '../../../src-main/contract/api.ts';
import { scheduleIdSchema } from '../../../src-main/contract/ids.ts';
import { priorities } from '../../../src-main/contract/states.ts';
import type { Attempt, Task } from '../../../src-main/contract/task.ts';
import type { FakeAttempt } from './fake-host.ts';
import { answers } from './fake-host.ts';
import type { Step, StepKind } from './steps.ts';
import { workflows } from './workflows.ts';
import type { World } from './world.ts';
import { agents, ownAgent } from './world.ts';

type Numbers = Step['numbers'];
type Doing = (world: World, numbers: Numbers) => void | Promise<void>;
type NewTask = ApiInput<'enqueueTasks'>['tasks'][number];

/** The one that a number names; undefined when there is none. */
function pick<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(1, list.length)];
}

function must<T>(list: readonly T[], number: number): T {
  const picked = pick(list, number);
  if (picked === undefined) throw new Error('there is nothing to choose from');
  return picked;
}

/** Tasks of any state, newest first. */
function tasksOf(world: World): readonly { readonly id: Task['id']; readonly state: Task['state'] }[] {
  return world.database.reads.listTasks({ limit: 200 }).tasks;
}

function runsOf(world: World) {
  return world.database.reads.listRuns({ limit: 200 }).runs;
}

function newTask(world: World, [a, b, c]: Numbers): NewTask {
  const need = b % 3 === 0 ? pick(tasksOf(world), c) : undefined;
  return {
    agent: must([{ type: 'worker' }, { type: 'worker' }, { type: 'tester' }, { id: 'worker-2' as never }], a),
    work: prompt,
    priority: must(priorities, a >> 3),
    delayMs: b % 4 === 1 ? must([50, 3_000, 45_000, 7_200_000], c) : 0,
    needs: need === undefined ? [] : [need.id],
    onNeedFailed: c % 2 === 0 ? 'block' : 'skip',
    retry: must([{}, { maxAttempts: 1 }, { maxAttempts: 4, delayMs: 0 }], a >> 5),
    timeouts: must([{}, { runMs: 15_000, stopMs: 1_000 }, { startMs: 4_000, idleMs: 9_000 }], a >> 7),
    gates:
      c % 5 === 0
        ? [{ kind: 'output', name: 'good', output: 'score', operator: '>', value: 2, level: 'blocking' }]
        : [],
  };
}

function enqueue(world: World, numbers: Numbers): void {
  const [a, b] = numbers;
  const tasks = Array.from({ length: 1 + (b % 3) }, (_, index) =>
    newTask(world, [a + index * 7, b + index, numbers[2] + index]),
  );
  const second = tasks[1];
  if (a % 4 === 0 && second !== undefined) {
    tasks[0] = { ...must(tasks, 0), key: 'first' };
    tasks[1] = { ...second, needs: ['first'] };
  }
  world.send('enqueueTasks', { tasks }, ({ taskIds }) => {
    for (const taskId of taskIds) world.acknowledged.tasks.add(taskId);
  });
}

function startRun(world: World, [a, b, c]: Numbers): void {
  const { name: workflow } = must(workflows, a);
  // Asking again with the same id must not start a second run.
  const requestId = c % 4 === 0 ? { requestId: `request-of-a-person-${b % 3}` } : {};
  world.send('startRun', { workflow, inputs: {}, priority: must(priorities, b), ...requestId }, ({ id }) => {
    world.acknowledged.runs.add(id);
  });
}

function onRun(change: (world: World, runId: ReturnType<typeof runsOf>[number]['id']) => void): Doing {
  return (world, [a]) => {
    const run = pick(runsOf(world), a);
    if (run !== undefined) change(world, run.id);
  };
}

function onTask(
  fits: (state: Task['state']) => boolean,
  change: (world: World, taskId: Task['id'], b: number) => void,
) {
  return (world: World, [a, b]: Numbers) => {
    const task = pick(
      tasksOf(world).filter(({ state }) => fits(state)),
      a,
    );
    if (task !== undefined) change(world, task.id, b);
  };
}

function onAgent(change: (world: World, agentId: (typeof agents)[number]['id']) => void): Doing {
  return (world, [a]) => change(world, must([...agents, ownAgent], a).id);
}

function onAttempt(act: (world: World, attempt: FakeAttempt, numbers: Numbers) => void): Doing {
  return (world, numbers) => {
    const attempt = pick(world.host.running, numbers[0]);
    if (attempt !== undefined) act(world, attempt, numbers);
  };
}

const reason = 'because';
const prompt = { kind: 'prompt' as const, prompt: 'Do it.', config: {} };
const scheduleIds = ['nightly', 'hourly'].map((id) => scheduleIdSchema.parse(id));

function saveOwnAgent(world: World, [a]: Numbers): void {
  if (a % 3 === 0) world.send('removeAgent', { agentId: ownAgent.id });
  else world.send('saveAgent', { ...ownAgent, slots: 1 + (a % 2) });
}

function changeSlots(world: World, [a]: Numbers): void {
  const total = 1 + (a % 6);
  world.mostSlots = Math.max(world.mostSlots, total);
  const slots = { total, perType: a % 2 === 0 ? { worker: 1 + (a % 3) } : {} };
  world.send('saveSettings', { settings: { ...world.settings.inForce, slots } });
}

function answerApproval(world: World, [a, b]: Numbers): void {
  const open = pick(world.database.reads.openApprovals(), a);
  if (open === undefined) return;
  world.send('answerApproval', { approvalId: open.id, answer: b % 3 === 0 ? 'rejected' : 'approved' });
}

function answerPermission(world: World, [a, b]: Numbers): void {
  const open = pick(world.database.reads.openPermissions(), a);
  if (open === undefined) return;
  world.send('answerPermission', { permissionId: open.id, optionId: b % 2 === 0 ? 'yes' : 'no', always: b % 5 === 0 });
}

/** Several agents at once do the same, as on a busy machine. */
function several(numbers: Numbers, world: World, act: (attempt: FakeAttempt) => void): void {
  const [a, b] = numbers;
  const count = 1 + (b % 3);
  for (let index = 0; index < count; index += 1) {
    const attempt = pick(world.host.running, a + index);
    if (attempt !== undefined) act(attempt);
  }
}

/** A completion out of nowhere: of an attempt that has ended, or with a fence that is not its own. */
function foreignResult(world: World, [a, b]: Numbers): void {
  const attempts = tasksOf(world).flatMap(({ id }) => world.database.reads.attemptsOf(id));
  const attempt = pick(attempts, a);
  if (attempt === undefined) return;
  const holds = world.database.reads.leases().some((lease) => lease.attemptId === attempt.id);
  const forged: Attempt = holds || b % 2 === 0 ? { ...attempt, fence: attempt.fence + (b % 5) - 7 } : attempt;
  world.deliverForeign(forged);
}

/** Schedules of every timing, overlap and catch-up policy; what they start is what people start. */
function saveSchedule(world: World, numbers: Numbers): void {
  const [a, b, c] = numbers;
  const now = world.clock.now();
  world.send('saveSchedule', {
    id: must(scheduleIds, a),
    title: 'a rule',
    timing: must(
      [
        { kind: 'interval' as const, everyMs: 600_000 },
        { kind: 'interval' as const, everyMs: 3_600_000 },
        { kind: 'once' as const, at: now + must([30_000, 4_000_000], c) },
        { kind: 'cron' as const, expression: '*/20 * * * *', timeZone: 'Europe/Berlin' },
      ],
      b,
    ),
    start:
      c % 2 === 0
        ? { kind: 'run' as const, workflow: must(workflows, c).name }
        : { kind: 'task' as const, task: { agent: { type: 'worker' }, work: prompt } },
    overlap: must(['skip', 'queue', 'replace'] as const, a >> 3),
    catchUp: must(['skip', 'last', 'all'] as const, b >> 3),
  });
}

function changeSchedule(world: World, [a, b]: Numbers): void {
  const scheduleId = must(scheduleIds, a);
  if (b % 4 === 0) world.send('removeSchedule', { scheduleId, reason });
  else if (b % 4 === 1) world.send('fireSchedule', { scheduleId });
  else world.send('switchSchedule', { scheduleId, enabled: b % 4 === 2, reason });
}

function resetBreaker(world: World, [a]: Numbers): void {
  const breaker = pick(world.database.reads.breakers(), a);
  if (breaker !== undefined) world.send('resetBreaker', { breakerId: breaker.id, reason });
}

const doings: Readonly<Record<StepKind, Doing>> = {
  enqueue,
  startRun,
  pauseRun: onRun((world, runId) => world.send('pauseRun', { runId, reason })),
  resumeRun: onRun((world, runId) => world.send('resumeRun', { runId, reason })),
  cancelRun: onRun((world, runId) => world.send('cancelRun', { runId, reason })),
  rerunRun: onRun((world, runId) =>
    world.send('rerunRun', { runId }, ({ id }) => {
      world.acknowledged.runs.add(id);
    }),
  ),
  cancelTask: onTask(
    () => true,
    (world, taskId) => world.send('cancelTask', { taskId, reason }),
  ),
  setPriority: onTask(
    () => true,
    (world, taskId, b) => world.send('setTaskPriority', { taskId, priority: must(priorities, b) }),
  ),
  requeue: onTask(
    (state) => state === 'dead',
    (world, taskId) => world.send('requeueTask', { taskId }),
  ),
  changeTasks: (world, [a]) => {
    const action =
      a % 2 === 0 ? { kind: 'requeue' as const } : { kind: 'setPriority' as const, priority: must(priorities, a) };
    world.send('changeTasks', { select: { filter: { states: ['queued', 'dead'] } }, action });
  },
  freeze: (world) => world.send('freeze', { reason }),
  thaw: (world) => world.send('thaw', { reason }),
  startAgent: onAgent((world, agentId) => world.send('startAgent', { agentId })),
  stopAgent: onAgent((world, agentId) => world.send('stopAgent', { agentId, reason })),
  drainAgent: onAgent((world, agentId) => world.send('drainAgent', { agentId, reason })),
  disableAgent: onAgent((world, agentId) => world.send('disableAgent', { agentId, reason })),
  enableAgent: onAgent((world, agentId) => world.send('enableAgent', { agentId })),
  saveAgent: saveOwnAgent,
  slots: changeSlots,
  answerApproval,
  answerPermission,
  resetBreaker,
  saveSchedule,
  changeSchedule,
  begin: (world, numbers) => several(numbers, world, (attempt) => world.host.begin(attempt)),
  complete: (world, numbers) =>
    several(numbers, world, (attempt) => {
      if (numbers[2] % 8 > 0) world.host.begin(attempt);
      world.host.end(attempt, answers.completed({ score: numbers[2] % 10 }));
    }),
  fail: onAttempt((world, attempt, [, b]) => world.host.end(attempt, answers.failed(b % 3 === 0))),
  die: onAttempt((world, attempt) => world.host.kill(attempt, answers.died())),
  killAgent: onAttempt((world, { request }) => {
    for (const attempt of world.host.running.filter((other) => other.request.agent.id === request.agent.id)) {
      world.host.kill(attempt, answers.died());
    }
  }),
  did: (world, numbers) => several(numbers, world, (attempt) => attempt.did({ kind: 'thinking' })),
  ask: onAttempt((world, attempt, [, b]) => {
    world.host.begin(attempt);
    const asked = attempt.ask();
    if (b % 5 === 0) asked.withdraw('it changed its mind');
  }),
  silence: onAttempt((_world, attempt, [, b]) => {
    attempt.beats = b % 3 === 0;
  }),
  standStill: onAttempt((_world, attempt, [, b]) => {
    attempt.works = b % 4 === 0;
  }),
  disobey: onAttempt((_world, attempt) => {
    attempt.obeys = false;
  }),
  lateReport: (world, [a]) => pick(world.host.ended, a)?.reportLate(),
  foreignResult,
  moment: (world, [a]) => world.pass(1 + (a % 5_000)),
  minute: (world, [a]) => world.pass(1 + (a % 90_000)),
  hours: (world, [a]) => world.pass(1 + (a % 7_200_000)),
  wallJump: (world, [a, b]) => {
    const size = must([1_000, 60_000, 3_600_000, 86_400_000], a);
    world.clock.jump(b % 2 === 0 ? size : -size);
  },
  storeFault: (world, [a, b, c]) => {
    const code = must(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_NOMEM', 'SQLITE_BUSY'] as const, a);
    world.database.fault = { code, after: b % 12, rollsBack: c % 2 === 0 };
  },
  crash: (world) => world.recover(),
  crashAtCommit: (world, [a, b]) => {
    world.database.crash = { commits: a % 4, when: b % 2 === 0 ? 'before' : 'after' };
  },
  quit: (world, [a]) => world.quit(a % 3 === 0 ? 'drain' : 'park'),
};

/** Does one step, and lets what follows from it happen, unless the next step is to come at once. */
export async function applyStep(world: World, { kind, numbers, settles }: Step): Promise<void> {
  await doings[kind](world, numbers);
  if (settles || kind === 'storeFault') await world.settle();
  if (!world.isAlive) await world.recover();
}
