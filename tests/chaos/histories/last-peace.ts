import type { TaskState } from '../../../src-main/contract/states.ts';
import { isRunEnded, isTaskEnded } from '../../../src-main/contract/states.ts';
import { answers } from './fake-host.ts';
import type { World } from './world.ts';
import { agents, ownAgent } from './world.ts';

const day = 86_400_000;

/** Agents do what they are asked to, at once. */
async function workOff(world: World): Promise<void> {
  for (let round = 0; world.host.running.length > 0 && round < 400; round += 1) {
    for (const attempt of [...world.host.running]) {
      world.host.begin(attempt);
      world.host.end(attempt, answers.completed({ score: 9 }));
    }
    await world.settle();
  }
}

/** Time goes on and agents work, until nothing follows any more. Delays and questions last days at most. */
async function goOn(world: World): Promise<void> {
  await workOff(world);
  for (const ms of [1_000, 60_000, 120_000, 3 * 3_600_000, day, day, 2 * day]) {
    await world.pass(ms);
    await workOff(world);
  }
}

/** Whether nothing is left to do for a task: what needs something that failed stays blocked. */
function ends(state: TaskState): boolean {
  return isTaskEnded(state) || state === 'blocked';
}

/** What stands still without a reason. */
async function withoutReason(world: World): Promise<string[]> {
  const found: string[] = [];
  for (const { id, state } of world.database.reads.listTasks({ limit: 1_000 }).tasks) {
    if (isTaskEnded(state)) continue;
    const told = await world.call('getTask', { taskId: id });
    const because = told.ok ? told.value.waitingBecause : null;
    if (because === null || because === 'it is next in line') found.push(`task ${id} is ${state}, because ${because}`);
  }
  return found;
}

/** What starts work by itself for ever must go, before everything can come to an end. */
async function removeSchedules(world: World): Promise<void> {
  for (const { id: scheduleId } of world.database.reads.schedules()) {
    world.send('removeSchedule', { scheduleId, reason: 'peace' });
  }
  await world.settle();
  const left = world.database.reads.schedules().map(({ id }) => id);
  if (left.length > 0) world.violations.push(`Schedules ${left} could not be removed.`);
}

/** A person opens every door there is. */
async function openEverything(world: World): Promise<void> {
  const { reads } = world.database;
  world.send('thaw', { reason: 'peace' });
  world.send('saveSettings', { settings: { ...world.settings.inForce, slots: { total: 8, perType: {} } } });
  world.mostSlots = 8;
  await world.settle();
  for (const { id: agentId } of [...agents, ownAgent]) {
    world.send('enableAgent', { agentId });
    await world.settle();
    world.send('startAgent', { agentId });
    await world.settle();
  }
  for (const { id: breakerId } of reads.breakers()) world.send('resetBreaker', { breakerId, reason: 'peace' });
  for (const { id: runId, state } of reads.openRuns()) {
    if (state === 'paused') world.send('resumeRun', { runId, reason: 'peace' });
  }
  await world.settle();
}

/**
 * Faults stop and time goes on: everything must come to an end, or say what it waits for. Then every door is opened,
 * and everything must come to an end but what needs something that failed.
 * @returns what does not.
 */
export async function lastPeace(world: World): Promise<string[]> {
  world.database.fault = null;
  world.database.crash = null;
  await world.settle();
  if (!world.isAlive) await world.recover();
  for (const attempt of world.host.running) {
    attempt.beats = true;
    attempt.obeys = true;
    attempt.works = true;
  }
  await removeSchedules(world);
  await goOn(world);
  const silent = (await withoutReason(world)).map((what) => `Liveness: ${what}.`);
  const { reads } = world.database;
  const isOver = () =>
    reads.openRuns().length === 0 && reads.listTasks({ limit: 1_000 }).tasks.every(({ state }) => ends(state));
  for (let round = 0; round < 6 && !isOver(); round += 1) {
    await openEverything(world);
    await goOn(world);
  }
  const open = reads.listTasks({ limit: 1_000 }).tasks.filter(({ state }) => !ends(state));
  const agentStates = reads.agents().map(({ id, state, reason }) => `${id} is ${state} (${reason})`);
  const stuck = open.map(
    ({ id, state }) => `Liveness: task ${id} stays ${state} although every door is open; ${agentStates}.`,
  );
  const runs = reads
    .openRuns()
    .filter(({ state }) => !isRunEnded(state))
    .map(({ id, state, stages }) => {
      const where = stages.map(({ name, state: at }) => `${name} ${at}`).join(', ');
      return `Liveness: run ${id} stays ${state} although every door is open: ${where}.`;
    });
  return [...silent, ...stuck, ...runs];
}
