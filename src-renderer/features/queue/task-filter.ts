import type { TaskFilter } from '../../../src-main/contract/api-tasks.ts';
import { taskSorts } from '../../../src-main/contract/api-tasks.ts';
import { failureCategories } from '../../../src-main/contract/errors.ts';
import { agentIdSchema, runIdSchema } from '../../../src-main/contract/ids.ts';
import type { TaskState } from '../../../src-main/contract/states.ts';
import { priorities, taskStates } from '../../../src-main/contract/states.ts';
import type { Sort } from '../../ui/data-table.tsx';

/** A part of the queue, with the tasks that it is about. */
export interface QueueTab {
  /** As it is in the address; null: the first. */
  readonly id: string | null;
  readonly label: string;
  /** States of its tasks; none chosen means all of these. */
  readonly states: readonly TaskState[];
  /** The order before a person chose another. */
  readonly sort: TaskSort;
}

/** An order of tasks, as the contract names it. */
export interface TaskSort {
  readonly by: (typeof taskSorts)[number];
  readonly direction: Sort['direction'];
}

const inQueueOrder: TaskSort = { by: 'queue', direction: 'ascending' };

/** The parts of the queue. */
export const queueTabs = {
  waiting: { id: null, label: 'Queue', states: ['queued', 'blocked', 'claimed', 'running'], sort: inQueueOrder },
  dead: { id: 'dead', label: 'Dead letters', states: ['dead'], sort: { by: 'ended', direction: 'descending' } },
  all: { id: 'all', label: 'All', states: taskStates, sort: { by: 'created', direction: 'descending' } },
} as const satisfies Record<string, QueueTab>;

/** What of the tasks of a tab is asked for, from the query of the address. */
export interface AskedTasks {
  readonly filter: TaskFilter;
  readonly sort: TaskSort;
  /** Whether the person asked for less than all of the tab. */
  readonly isFiltered: boolean;
}

/** Reads `state`, `priority`, `category`, `agent`, `run`, `q`, `sort` and `order` from the query. */
export function readTaskFilter(search: string, tab: QueueTab): AskedTasks {
  const query = new URLSearchParams(search);
  const states = listed(query, 'state', tab.states);
  const chosenPriorities = listed(query, 'priority', priorities);
  const category = failureCategories.find((known) => known === query.get('category'));
  const agent = agentIdSchema.safeParse(query.get('agent'));
  const run = runIdSchema.safeParse(query.get('run'));
  const text = query.get('q')?.trim().slice(0, 200) ?? '';
  const narrowed: TaskFilter = {
    ...(chosenPriorities.length === 0 ? {} : { priorities: [...chosenPriorities] }),
    ...(category === undefined ? {} : { category }),
    ...(agent.success ? { agentId: agent.data } : {}),
    ...(run.success ? { runId: run.data } : {}),
    ...(text === '' ? {} : { search: text }),
  };
  const isWhole = states.length === 0;
  const wantsAll = isWhole && tab.states.length === taskStates.length;
  return {
    filter: { ...(wantsAll ? {} : { states: [...(isWhole ? tab.states : states)] }), ...narrowed },
    sort: readSort(query, tab),
    isFiltered: !isWhole || Object.keys(narrowed).length > 0,
  };
}

function readSort(query: URLSearchParams, tab: QueueTab): TaskSort {
  const by = taskSorts.find((known) => known === query.get('sort'));
  if (by === undefined) return tab.sort;
  return { by, direction: query.get('order') === 'ascending' ? 'ascending' : 'descending' };
}

/** Where all tasks that match can be had as a file, one per line. */
export function tasksDownload({ filter, sort }: AskedTasks): string {
  return `/download/tasks.jsonl?filter=${encodeURIComponent(JSON.stringify({ ...filter, sort }))}`;
}

function listed<T extends string>(query: URLSearchParams, name: string, allowed: readonly T[]): readonly T[] {
  const values = query.get(name)?.split(',') ?? [];
  return allowed.filter((value) => values.includes(value));
}
