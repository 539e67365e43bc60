import { Link } from 'wouter';
import { useEntry } from '../../api/use-entry.ts';
import type { RowOf } from '../../api/use-pages.ts';
import { usePages } from '../../api/use-pages.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/notices.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import type { Column } from '../../ui/table-columns.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import classes from './inbox.module.css';

type Run = RowOf<'listRuns'>;
type Task = RowOf<'listTasks'>;

const latestEnd = { by: 'ended' as const, direction: 'descending' as const };

/** Failed runs, dead letters and agents in trouble: what a person may want to look into. */
export function TroubledWork() {
  return (
    <div className={classes.troubles}>
      <TroubledAgents />
      <DeadLetters />
      <FailedRuns />
    </div>
  );
}

/** Nothing where all agents are well. */
function TroubledAgents() {
  const { data } = useEntry('listAgents', {});
  const troubled = (data?.agents ?? []).filter(({ state }) => state === 'crashed' || state === 'unhealthy');
  if (troubled.length === 0) return null;
  return (
    <Panel title="Agents in trouble">
      <ul className={classes.plain}>
        {troubled.map(({ id, state, reason, stateSince }) => (
          <li key={id} className={classes.trouble}>
            <StateMark of="agent" state={state} />
            <Link href={`/agents/${id}`}>{id}</Link>
            <span className={classes.line}>{reason ?? ''}</span>
            <RelativeTime at={stateSince} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const dead = { states: ['dead' as const], sort: latestEnd };

function DeadLetters() {
  const { rows, isLoading, error, refetch, loadMore } = usePages('listTasks', dead);
  return (
    <Panel title="Dead letters" isFlush actions={<Link href="/queue/dead">Replay in the queue</Link>}>
      <div className={classes.table}>
        <DataTable
          label="Dead letters"
          columns={taskColumns}
          rows={rows}
          rowKey={keyOf}
          isLoading={isLoading}
          error={error}
          onRetry={refetch}
          onEndReached={loadMore}
          empty={<EmptyState title="No task has used up its attempts." />}
        />
      </div>
    </Panel>
  );
}

const failed = { states: ['failed' as const], sort: latestEnd };

function FailedRuns() {
  const { rows, isLoading, error, refetch, loadMore } = usePages('listRuns', failed);
  return (
    <Panel title="Failed runs" isFlush actions={<Link href="/runs?state=failed">Rerun in the runs</Link>}>
      <div className={classes.table}>
        <DataTable
          label="Failed runs"
          columns={runColumns}
          rows={rows}
          rowKey={keyOf}
          isLoading={isLoading}
          error={error}
          onRetry={refetch}
          onEndReached={loadMore}
          empty={<EmptyState title="No run has failed." />}
        />
      </div>
    </Panel>
  );
}

const keyOf = ({ id }: { readonly id: string }) => id;

const taskColumns: readonly Column<Task>[] = [
  { id: 'state', title: 'State', width: 130, cell: ({ state }) => <StateMark of="task" state={state} /> },
  { id: 'title', title: 'Task', width: 220, cell: ({ id, title }) => <Link href={`/tasks/${id}`}>{title}</Link> },
  { id: 'why', title: 'Why', cell: ({ failure }) => <span className={classes.line}>{failure?.message ?? ''}</span> },
  { id: 'ended', title: 'Ended', width: 120, align: 'end', cell: ({ endedAt }) => <Ended at={endedAt} /> },
];

const runColumns: readonly Column<Run>[] = [
  { id: 'state', title: 'State', width: 130, cell: ({ state }) => <StateMark of="run" state={state} /> },
  {
    id: 'workflow',
    title: 'Run',
    width: 220,
    cell: ({ id, workflow }) => <Link href={`/runs/${id}`}>{workflow}</Link>,
  },
  { id: 'why', title: 'Why', cell: ({ failure }) => <span className={classes.line}>{failure?.message ?? ''}</span> },
  { id: 'ended', title: 'Ended', width: 120, align: 'end', cell: ({ endedAt }) => <Ended at={endedAt} /> },
];

function Ended({ at }: { readonly at: number | null }) {
  return at === null ? '–' : <RelativeTime at={at} />;
}
