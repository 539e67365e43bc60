import { expect, it } from 'vitest';
import { RowCache } from '../../src-main/store/row-cache.ts';
import { agentRow, runningTask, runRow, taskRow, taskSpec } from '../support/samples.ts';

it('keeps rows that will be asked for again, and not those that have ended or are gone', () => {
  const cache = new RowCache();
  const { task, attempt } = runningTask();
  const run = runRow();
  const agent = agentRow();
  cache.put('task', task.id, task);
  cache.put('attempt', attempt.id, attempt);
  cache.put('run', run.id, run);
  cache.put('agent', agent.id, agent);
  expect([cache.get('task', task.id), cache.get('attempt', attempt.id)]).toEqual([task, attempt]);
  expect([cache.get('run', run.id), cache.get('agent', agent.id)]).toEqual([run, agent]);

  cache.put('task', task.id, { ...task, state: 'completed' });
  cache.put('attempt', attempt.id, { ...attempt, state: 'completed' });
  cache.put('run', run.id, { ...run, state: 'failed' });
  cache.put('agent', agent.id, null);
  expect(cache.get('agent', agent.id)).toBeUndefined();
  expect(cache.get('task', task.id)).toBeUndefined();
  expect(cache.get('attempt', attempt.id)).toBeUndefined();
  expect(cache.get('run', run.id)).toBeUndefined();
});

it('does not keep large rows', () => {
  const cache = new RowCache();
  const large = taskRow({ spec: taskSpec({ inputs: { list: Array.from({ length: 100 }, () => 'x'.repeat(100)) } }) });
  cache.put('task', large.id, large);
  expect(cache.get('task', large.id)).toBeUndefined();
});

it('forgets the row that has not changed for longest when there are too many', () => {
  const cache = new RowCache();
  const tasks = Array.from({ length: 1_025 }, () => taskRow());
  for (const task of tasks) cache.put('task', task.id, task);
  expect(cache.get('task', tasks[0]?.id ?? '')).toBeUndefined();
  expect(cache.get('task', tasks[1]?.id ?? '')).toBe(tasks[1]);
  cache.clear();
  expect(cache.get('task', tasks[2]?.id ?? '')).toBeUndefined();
});

it('keeps what waits while much else comes and goes', () => {
  const cache = new RowCache();
  const waiting = taskRow();
  const run = runRow();
  cache.put('task', waiting.id, waiting);
  cache.put('run', run.id, run);
  for (let count = 0; count < 1_500; count += 1) {
    const { task } = runningTask();
    cache.put('task', task.id, task);
    cache.put('task', task.id, { ...task, state: 'completed' });
  }
  expect([cache.get('task', waiting.id), cache.get('run', run.id)]).toEqual([waiting, run]);
});
