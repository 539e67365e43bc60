import { Link } from 'wouter';
import { isRunEnded } from '../../../src-main/contract/states.ts';
import type { RowOf } from '../../api/use-pages.ts';
import { Progress } from '../../ui/figures.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { lookOf } from '../../ui/state-looks.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import type { Column } from '../../ui/table-columns.tsx';
import { Duration, RelativeTime } from '../../ui/times.tsx';
import classes from './runs.module.css';

/** A run as lists have it. */
export type RunRow = RowOf<'listRuns'>;

/** What the table of runs can show; the first column always stays. */
export const runColumns: readonly Column<RunRow>[] = [
  { id: 'state', title: 'State', width: 124, sortBy: 'state', cell: (run) => <RunStateMark run={run} /> },
  {
    id: 'workflow',
    title: 'Workflow',
    sortBy: 'workflow',
    cell: ({ id, workflow }) => (
      <Link href={`/runs/${id}`} title={workflow}>
        {workflow}
      </Link>
    ),
  },
  { id: 'name', title: 'Run', width: 108, cell: ({ id }) => <Identifier id={id} /> },
  { id: 'progress', title: 'Progress', width: 128, sortBy: 'progress', cell: (run) => <RunProgress run={run} /> },
  { id: 'stage', title: 'Stage', cell: (run) => <Stages run={run} /> },
  {
    id: 'started',
    title: 'Started',
    width: 92,
    align: 'end',
    sortBy: 'started',
    cell: ({ startedAt }) => <TimeOrDash at={startedAt} />,
  },
  {
    id: 'duration',
    title: 'Duration',
    width: 108,
    align: 'end',
    sortBy: 'duration',
    cell: ({ startedAt, endedAt }) => <Duration from={startedAt} to={endedAt} />,
  },
  { id: 'agents', title: 'Agents', width: 112, cell: ({ agents }) => <Agents agents={agents} /> },
  { id: 'priority', title: 'Priority', width: 76, sortBy: 'priority', cell: ({ priority }) => priority },
  {
    id: 'created',
    title: 'Created',
    width: 100,
    align: 'end',
    sortBy: 'created',
    isShown: false,
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
  {
    id: 'ended',
    title: 'Ended',
    width: 100,
    align: 'end',
    sortBy: 'ended',
    isShown: false,
    cell: ({ endedAt }) => <TimeOrDash at={endedAt} />,
  },
  {
    id: 'folder',
    title: 'Folder',
    isShown: false,
    cell: ({ folder }) => <code title={folder}>{folder}</code>,
  },
];

/** A run's state; what was asked of it and has not come true yet is said instead. */
function RunStateMark({ run }: { readonly run: RunRow }) {
  const word = requestWord(run);
  return (
    <span title={run.failure?.message ?? run.waitingFor ?? run.cancelReason ?? undefined}>
      <StateMark of="run" state={run.state} {...(word === null ? {} : { word })} />
    </span>
  );
}

function requestWord(run: RunRow): string | null {
  if (isRunEnded(run.state)) return null;
  if (run.cancelRequestedAt !== null) return 'Cancelling…';
  return run.pauseRequestedAt !== null && run.state !== 'paused' ? 'Pausing…' : null;
}

function RunProgress({ run }: { readonly run: RunRow }) {
  return (
    <span className={classes.progress}>
      <Progress percent={run.progress} tone={lookOf('run', run.state).tone} label={`Progress of ${run.id}`} />
      <span className={classes.percent}>{run.progress} %</span>
    </span>
  );
}

/** Where it is: the stages under way, else why it failed. */
function Stages({ run }: { readonly run: RunRow }) {
  const text = run.currentStages.length > 0 ? run.currentStages.join(', ') : (run.failure?.message ?? '');
  return (
    <span className={run.currentStages.length > 0 ? undefined : classes.muted} title={text}>
      {text === '' ? '–' : text}
    </span>
  );
}

function Agents({ agents }: Pick<RunRow, 'agents'>) {
  if (agents.length === 0) return <span className={classes.muted}>–</span>;
  return <span title={agents.join(', ')}>{agents.join(', ')}</span>;
}

function TimeOrDash({ at }: { readonly at: number | null }) {
  return at === null ? <span className={classes.muted}>–</span> : <RelativeTime at={at} />;
}
