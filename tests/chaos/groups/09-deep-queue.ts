import Database from 'better-sqlite3';
import type { TaskId } from '../../../src-main/contract/ids.ts';
import { databaseFile } from '../../../src-main/store/data-files.ts';
import { openStore } from '../../../src-main/store/open-store.ts';
import { addTask, claimFirst } from '../../store/sample-events.ts';
import { taskSpec } from '../../support/samples.ts';
import type { FaultGroup, Form, Trial } from '../fault-group.ts';
import { answers } from '../histories/fake-host.ts';
import { MemoryStore } from '../histories/memory-store.ts';
import { World } from '../histories/world.ts';
import { databaseSound } from '../properties/rows.ts';
import { held } from '../properties.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const depths: Readonly<Record<Form, number>> = { short: 20_000, full: 1_000_000 };
/** A claim in a deep queue may cost so many times one in a shallow queue; a scan would cost thousands of times. */
const mostTimes = 5;
const worker = { type: 'worker' };
const work = { kind: 'prompt' as const, prompt: 'Do it.', config: {} };

/** Queues that are deep, poisoned, or nearly all delayed. */
export const deepQueue: FaultGroup = {
  number: 9,
  title: 'A deep queue, a poison task, nine of ten delayed',
  faults: [
    'A million queued tasks (20,000 in the short form): claims come in order and cost no more than in a queue of a hundred.',
    'A task under which every agent dies: it is set aside after five deaths, and everything behind it is done.',
    'Nine of ten tasks are delayed: those that are not go first, each delayed one starts once and not before its time.',
    'One slot, many low tasks before it, a high one behind: the high one is next, and failing low ones do not hold it up.',
  ],
  run: async (context) => {
    await context.trials('depth', { short: 1, full: 1 }, depthTrial);
    await context.trials('a poison task', { short: 2, full: 20 }, poisonTrial);
    await context.trials('nine of ten delayed', { short: 1, full: 10 }, delayTrial);
    await context.trials('priority inversion', { short: 2, full: 20 }, priorityTrial);
  },
};

async function depthTrial(trial: Trial): Promise<void> {
  const folder = trial.makeFolder();
  const depth = depths[trial.form];
  const shallow = await claimMedian(folder, 100);
  fillQueue(folder, depth);
  const deep = await claimMedian(folder, 0);
  const times = deep.micros / shallow.micros;
  trial.expect(times <= mostTimes, `A claim costs ${times.toFixed(1)} times as much among ${depth}.`, {
    shallow,
    deep,
  });
  trial.saw('queued tasks', depth);
  const inOrder = deep.claimed.every((place, index) => index === 0 || place > (deep.claimed[index - 1] ?? 0));
  trial.expect(inOrder, 'Tasks were not claimed in order.', deep.claimed.slice(0, 20));
  await trial.hold(databaseSound(folder));
}

/** The median time of a claim, each in a transaction of its own, and the places in the queue that were claimed. */
async function claimMedian(folder: string, add: number): Promise<{ micros: number; claimed: number[] }> {
  const store = await openStore({ folder, logger: silent, now: () => 0 });
  if (!store.ok) throw new Error(store.error.message);
  await store.value.write((unit) => {
    for (let index = 0; index < add; index += 1) addTask(unit);
    return null;
  });
  const times: number[] = [];
  const claimed: number[] = [];
  for (let index = 0; index < 60; index += 1) {
    await store.value.write((unit) => {
      const begun = performance.now();
      const attempt = claimFirst(unit);
      times.push((performance.now() - begun) * 1_000);
      const task = attempt === null ? null : unit.row('task', attempt.taskId);
      if (task !== null) claimed.push(task.position);
      return null;
    });
  }
  await store.value.close();
  return { micros: times.toSorted((a, b) => a - b)[times.length / 2] ?? 0, claimed };
}

/** Writes queued tasks straight into the tables, behind those that are there. */
function fillQueue(folder: string, count: number): void {
  const connection = new Database(databaseFile(folder));
  const numbers = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)';
  const id = "'task_' || printf('%026d', 500000000 + i)";
  connection.pragma('foreign_keys = OFF');
  connection.transaction(() => {
    const [route] = connection.prepare('SELECT route, priority FROM ready_tasks LIMIT 1').raw().all() as [
      string,
      number,
    ][];
    connection
      .prepare(
        `${numbers} INSERT INTO tasks (id, state, priority, position, available_at_ms, held, trace_id, attempts, failures,
           interruptions, fence, created_at_ms)
         SELECT ${id}, 'queued', ${route?.[1]}, 1000000 + i, 0, 0, '${'1'.repeat(32)}', 0, 0, 0, 0, i FROM n`,
      )
      .run(count);
    connection
      .prepare(`${numbers} INSERT INTO task_specs SELECT ${id}, 'Title ' || i, 'worker', ? FROM n`)
      .run(count, JSON.stringify(taskSpec()));
    connection
      .prepare(`${numbers} INSERT INTO ready_tasks SELECT ?, ${route?.[1]}, 1000000 + i, ${id} FROM n`)
      .run(count, route?.[0]);
    connection.prepare("UPDATE counters SET value = value + ? WHERE scope = 'tasks' AND key = 'queued'").run(count);
  })();
  connection.close();
}

/** An engine on a virtual clock, without faults. */
async function openWorld(trial: Trial): Promise<World> {
  const world = new World({ database: new MemoryStore(silent), seed: trial.between(0, 1e9) });
  trial.cleanUp(() => {
    world.die();
    world.database.close();
  });
  await world.start();
  return world;
}

async function enqueue(
  world: World,
  tasks: Parameters<typeof world.call<'enqueueTasks'>>[1]['tasks'],
): Promise<TaskId[]> {
  const answer = await Promise.race([world.call('enqueueTasks', { tasks }), never(world)]);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value.taskIds;
}

async function never(world: World): Promise<never> {
  for (;;) await world.settle();
}

/** Agents do what they are given, but for tasks that kill them. @returns in which order tasks were begun. */
async function workOff(world: World, kills: ReadonlySet<string>, rounds: number): Promise<string[]> {
  const begun: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await world.settle();
    for (const attempt of [...world.host.running]) {
      begun.push(attempt.taskId);
      world.host.begin(attempt);
      if (kills.has(attempt.taskId)) world.host.kill(attempt, answers.died());
      else world.host.end(attempt, answers.completed({}));
    }
    await world.pass(5_000);
  }
  return begun;
}

async function poisonTrial(trial: Trial): Promise<void> {
  const world = await openWorld(trial);
  const count = 20;
  const ids = await enqueue(
    world,
    Array.from({ length: count }, () => ({ agent: worker, work })),
  );
  const poison = ids[trial.between(0, count)] ?? '';
  await workOff(world, new Set([poison]), 800);
  const states = ids.map((id) => world.database.reads.row('task', id));
  const dead = states.filter((task) => task?.state === 'dead');
  trial.expect(
    dead.length === 1 && dead[0]?.id === poison,
    'The poison task was not set aside.',
    states.map((task) => task?.state),
  );
  const most = world.settings.inForce.restart.maxInterruptions;
  trial.expect(
    dead[0]?.interruptions === most || dead[0]?.attempts === most,
    'It was tried too often.',
    dead[0]?.attempts,
  );
  const done = states.filter((task) => task?.state === 'completed').length;
  trial.expect(done === count - 1, `Only ${done} of the others were done.`);
  await holdWorld(trial, world, count);
}

async function delayTrial(trial: Trial): Promise<void> {
  const world = await openWorld(trial);
  const count = 300;
  const ids = await enqueue(
    world,
    Array.from({ length: count }, (_, index) => ({
      agent: worker,
      work,
      delayMs: index % 10 === 0 ? 0 : 600_000 + trial.between(0, 600_000),
    })),
  );
  const begun = await workOff(world, new Set(), 100);
  const early = begun.filter((id) => ids.indexOf(id as TaskId) % 10 !== 0);
  trial.expect(early.length === 0, 'Delayed tasks were begun before their time.', early.length);
  const late = await workOff(world, new Set(), 400);
  trial.expect(new Set([...begun, ...late]).size === count, 'Not every task was begun.', begun.length + late.length);
  trial.expect(begun.length + late.length === count, 'A task was begun twice.', begun.length + late.length);
  await holdWorld(trial, world, count);
}

async function priorityTrial(trial: Trial): Promise<void> {
  const world = await openWorld(trial);
  await world.call('saveSettings', { settings: { ...world.settings.inForce, slots: { total: 1, perType: {} } } });
  const low = await enqueue(
    world,
    Array.from({ length: 12 }, () => ({ agent: worker, work, priority: 'low' as const })),
  );
  await world.settle();
  const [high] = await enqueue(world, [{ agent: worker, work, priority: 'high' as const }]);
  const failing = world.host.running[0];
  if (failing === undefined) throw new Error('nothing was begun');
  world.host.begin(failing);
  world.host.end(failing, answers.failed(false));
  await world.settle();
  const next = world.host.running.map(({ taskId }) => taskId);
  trial.expect(next.length === 1 && next[0] === high, 'A low task was begun before the high one.', next);
  await workOff(world, new Set(), 100);
  await holdWorld(trial, world, low.length + 1);
}

async function holdWorld(trial: Trial, world: World, tasks: number): Promise<void> {
  const broken = world.database.diagnose().map(({ check, detail }) => `${check}: ${detail}`);
  const stray = [...world.violations, ...world.host.violations, ...world.rules.violations];
  await trial.hold(held('P5', tasks, broken), held('P2', world.host.launches, stray));
  trial.saw('attempts', world.host.launches);
}
