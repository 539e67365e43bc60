/** Schedules of a real engine, which start real commands, also across a death. */
import { afterEach, expect, test } from 'vitest';
import type { ApiInput } from '../../src-main/contract/api.ts';
import type { Firing } from '../../src-main/contract/schedule.ts';
import { KillableEngine } from '../support/killable-engine.ts';
import { commandTask, makeDataFolder, RealEngine } from '../support/real-engine.ts';
import { removeFolder } from '../support/temporary-folder.ts';
import { notYet, until } from '../support/until.ts';

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

const everySecond: ApiInput<'saveSchedule'> = {
  id: 'ticks',
  title: 'Ticks',
  timing: { kind: 'interval', everyMs: 1_000 },
  start: { kind: 'task', task: commandTask(['/bin/true']) },
};

const started = (firings: readonly Firing[]) => firings.filter(({ outcome }) => outcome === 'started');

test('R61 a schedule of a second runs a real command again and again, each time a second after the last', async () => {
  const engine = await RealEngine.open();
  endings.push(() => engine.close());
  const { savedAt } = await engine.call('saveSchedule', everySecond);
  const firings = await until(
    'two times to be started and their tasks completed',
    async () => {
      const { tasks } = await engine.call('getStatus', {});
      const { firings: all } = await engine.call('listFirings', { scheduleId: 'ticks' });
      return tasks.completed >= 2 ? all : notYet({ tasks, all });
    },
    20_000,
  );
  expect(started(firings).length).toBeGreaterThanOrEqual(2);
  for (const { dueAt, at } of firings) {
    expect((dueAt - savedAt) % 1_000).toBe(0);
    expect(at).toBeGreaterThanOrEqual(dueAt);
  }
});

test('R61 an engine that is killed and started again starts no time twice', async () => {
  const dataFolder = makeDataFolder();
  endings.push(async () => removeFolder(dataFolder));
  const first = new KillableEngine(dataFolder);
  endings.push(() => first.kill());
  await first.ready();
  const client = await first.client();
  const saved = await client.saveSchedule({ ...everySecond, overlap: 'queue', catchUp: 'all' });
  expect(saved.ok).toBe(true);
  await until(
    'two times to be fired',
    async () => {
      const answer = await client.listFirings({ scheduleId: 'ticks' });
      return answer.ok && answer.value.firings.length >= 2 ? true : notYet(answer);
    },
    20_000,
  );
  await first.kill();

  const second = await RealEngine.open({ dataFolder });
  endings.push(() => second.park());
  const before = await second.call('listFirings', { scheduleId: 'ticks' });
  const firings = await until(
    'more times to be fired',
    async () => {
      const { firings: all } = await second.call('listFirings', { scheduleId: 'ticks', limit: 1_000 });
      return started(all).length >= before.firings.length + 2 ? all : notYet(all);
    },
    20_000,
  );
  const taskIds = started(firings).map(({ taskId }) => taskId);
  expect(new Set(taskIds).size).toBe(taskIds.length);
  const times = firings.map(({ dueAt }) => dueAt).toReversed();
  expect(times).toEqual(times.map((_, index) => Number(times[0]) + index * 1_000));
  await second.call('switchSchedule', { scheduleId: 'ticks', enabled: false, reason: 'enough' });
  const { tasks, total } = await second.call('listTasks', { count: true });
  const { firings: last } = await second.call('listFirings', { scheduleId: 'ticks', limit: 1_000 });
  expect(total).toBe(started(last).length);
  expect(tasks.length).toBe(total);
});
