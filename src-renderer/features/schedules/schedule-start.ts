import type { ScheduleDefinition } from '../../../src-main/contract/schedule.ts';
import type { Priority } from '../../../src-main/contract/states.ts';
import type { EnqueueForm, EnqueueInput } from '../queue/enqueue-form.ts';
import { emptyTask } from '../queue/enqueue-form.ts';
import { workText } from '../queue/work-text.ts';

/** What a schedule starts. */
export type Start = ScheduleDefinition['start'];
type RunStart = Extract<Start, { kind: 'run' }>;
type TaskStart = Extract<Start, { kind: 'task' }>;

/** Where a run of a schedule works, and how urgent it is, as they are being typed. */
export interface RunPlace {
  /** Empty: a new folder for each run. */
  readonly folder: string;
  readonly priority: Priority;
}

/** The run that a stored schedule starts; null when it starts a task. */
export function runOf(start: Start | undefined): RunStart | null {
  return start?.kind === 'run' ? start : null;
}

/** A stored schedule's task in the form of tasks. */
export function taskFormOf(start: Start | undefined): EnqueueForm {
  if (start?.kind !== 'task') return emptyTask;
  const { work, agent, title, folder, priority, env } = start.task;
  const text = workText(work);
  return {
    ...emptyTask,
    kind: work.kind,
    script: work.kind === 'command' ? text : '',
    prompt: work.kind === 'prompt' ? text : '',
    target: targetOf(agent),
    title: title ?? '',
    folder: folder ?? '',
    priority,
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
  };
}

function targetOf(agent: TaskStart['task']['agent']): string | null {
  if (agent.id !== undefined) return `id:${agent.id}`;
  return agent.type === undefined ? null : `type:${agent.type}`;
}

type TypedTask = EnqueueInput['tasks'][number];

/**
 * What a schedule starts, of the task that the form describes. What the form does not show of a stored task stays,
 * and so does its work when its text was not changed: a program with arguments would become a script.
 */
export function taskStart(typed: TypedTask, before: Start | undefined): unknown {
  const { delayMs: _delay, ...task } = typed;
  if (before?.kind !== 'task') return { kind: 'task', task };
  const { title: _title, folder: _folder, ...kept } = before.task;
  const isSameWork =
    task.work.kind === kept.work.kind && workText(task.work as typeof kept.work) === workText(kept.work);
  return { kind: 'task', task: { ...kept, ...task, ...(isSameWork ? { work: kept.work } : {}) } };
}

/** What a schedule starts, in a few words: `run of nightly`, or the beginning of its task. */
export function startWords(start: Start): string {
  if (start.kind === 'run') return start.workflow;
  return start.task.title ?? (workText(start.task.work).split('\n')[0] ?? '').slice(0, 80);
}
