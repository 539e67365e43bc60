import { expect, it } from 'vitest';
import type { Task } from '../../../src-main/contract/task.ts';
import type { TaskAction } from '../../../src-renderer/features/task/task-actions.ts';
import { requestedTaskWord, taskRefusals } from '../../../src-renderer/features/task/task-actions.ts';
import { runRow, taskRow } from '../../support/samples.ts';

it.each<[string, Partial<Task>, TaskAction[]]>([
  ['blocked', { state: 'blocked' }, ['cancel', 'setPriority']],
  ['queued', { state: 'queued' }, ['cancel', 'setPriority']],
  ['running', { state: 'running' }, ['cancel']],
  ['being cancelled', { state: 'running', cancelRequestedAt: 1 }, []],
  ['a dead letter', { state: 'dead' }, ['requeue']],
  ['a dead letter of a run', { state: 'dead', runId: runRow().id }, []],
  ['completed', { state: 'completed' }, []],
])('offers for a task that is %s exactly what the engine would do', (_name, change, actions) => {
  const refusals = taskRefusals(taskRow(change));
  expect((['cancel', 'requeue', 'setPriority'] as const).filter((action) => refusals[action] === null)).toEqual(
    actions,
  );
});

it('shows a cancel that was asked for until it has come true', () => {
  const word = (change: Partial<Task>) => requestedTaskWord(taskRow(change));
  expect([
    word({ state: 'running', cancelRequestedAt: 1 }),
    word({ state: 'cancelled', cancelRequestedAt: 1 }),
  ]).toEqual(['Cancelling…', null]);
});
