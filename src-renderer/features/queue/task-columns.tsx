import { Link } from 'wouter';
import type { TaskSummary } from '../../../src-main/contract/api-tasks.ts';
import { shortIdentifier } from '../../format/identifier.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import type { Column } from '../../ui/table-columns.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { categoryWords } from './category-words.ts';
import { PriorityMark } from './priority-mark.tsx';
import classes from './queue.module.css';
import { TaskTiming } from './task-timing.tsx';

type TaskColumn = Column<TaskSummary>;

/** The key of a row. */
export const taskKey = ({ id }: TaskSummary): string => id;

const state: TaskColumn = {
  id: 'state',
  title: 'State',
  width: 116,
  cell: (task) => (
    <StateMark of="task" state={task.state} {...(isDelayed(task) ? { word: task.held ? 'Held' : 'Delayed' } : {})} />
  ),
};
const title: TaskColumn = {
  id: 'title',
  title: 'Task',
  sortBy: 'title',
  cell: (task) => (
    <Link href={`/tasks/${task.id}`} title={task.title}>
      {task.title}
    </Link>
  ),
};
const agent: TaskColumn = {
  id: 'agent',
  title: 'Agent',
  width: 112,
  cell: ({ agentId, agentRef }) =>
    agentId === null ? (
      <span className={classes.muted} title="What it asks for; no agent has it yet">
        {agentRef}
      </span>
    ) : (
      <Link href={`/agents/${agentId}`}>{agentId}</Link>
    ),
};
const priority: TaskColumn = {
  id: 'priority',
  title: 'Priority',
  width: 84,
  sortBy: 'priority',
  cell: (task) => <PriorityMark priority={task.priority} />,
};
const attempts: TaskColumn = {
  id: 'attempts',
  title: 'Attempts',
  width: 80,
  align: 'end',
  sortBy: 'attempts',
  cell: (task) => task.attempts,
};
const timing: TaskColumn = {
  id: 'timing',
  title: 'Time',
  width: 150,
  align: 'end',
  cell: (task) => <TaskTiming task={task} />,
};
const created: TaskColumn = {
  id: 'created',
  title: 'Created',
  width: 100,
  align: 'end',
  sortBy: 'created',
  cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
};
const ended: TaskColumn = {
  id: 'ended',
  title: 'Ended',
  width: 110,
  align: 'end',
  sortBy: 'ended',
  cell: ({ endedAt }) => (endedAt === null ? '–' : <RelativeTime at={endedAt} />),
};
const run: TaskColumn = {
  id: 'run',
  title: 'Run',
  width: 116,
  cell: ({ runId, stage }) =>
    runId === null ? (
      <span className={classes.muted}>stands alone</span>
    ) : (
      <Link href={`/runs/${runId}${stage === null ? '' : `?stage=${stage}`}`} title={runId}>
        {stage ?? shortIdentifier(runId)}
      </Link>
    ),
};
const failure: TaskColumn = {
  id: 'failure',
  title: 'Last error',
  cell: (task) => <span title={task.failure?.message}>{task.failure?.message ?? ''}</span>,
};
const category: TaskColumn = {
  id: 'category',
  title: 'Category',
  width: 130,
  cell: (task) => (task.failure === null ? '' : categoryWords[task.failure.category]),
};

/** Columns of tasks that wait or are worked on. */
export const waitingColumns: readonly TaskColumn[] = [state, title, agent, priority, attempts, timing, created, run];
/** Columns of dead letters. */
export const deadColumns: readonly TaskColumn[] = [
  { ...title, width: 190 },
  { ...category, width: 116 },
  failure,
  { ...agent, width: 112 },
  { ...attempts, isShown: false },
  { ...ended, width: 96 },
  { ...run, width: 116 },
];
/** Columns of all tasks. */
export const allColumns: readonly TaskColumn[] = [
  state,
  title,
  agent,
  priority,
  attempts,
  timing,
  created,
  { ...ended, isShown: false },
  { ...failure, isShown: false },
  run,
];

/** Whether a queued task may not be claimed yet. */
function isDelayed(task: TaskSummary): boolean {
  return task.state === 'queued' && (task.held || task.availableAt > Date.now());
}
