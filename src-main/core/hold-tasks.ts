import type { Task } from '../contract/task.ts';
import type { StoreUnit } from './ports.ts';
import type { Moment } from './refusals.ts';

/** A waiting task of a run that pauses is given to nobody. */
export function holdTask(unit: StoreUnit, task: Task, moment: Moment): void {
  if (task.state !== 'queued' || task.held) return;
  unit.record([{ ...moment, kind: 'task.held', taskId: task.id, runId: task.runId }]);
}

/** A held task may be claimed again; one that has ended meanwhile stays as it ended. */
export function unholdTask(unit: StoreUnit, task: Task, moment: Moment): void {
  if (task.state !== 'queued' || !task.held) return;
  unit.record([{ ...moment, kind: 'task.unheld', taskId: task.id, runId: task.runId }]);
}
