import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useEntry } from '../../api/use-entry.ts';
import type { Pages, RowOf } from '../../api/use-pages.ts';
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
  return (
    <Troubles
      title="Dead letters"
      columns={taskColumns}
      pages={usePages('listTasks', dead)}
      action={<Link href="/queue/dead">Replay in the queue</Link>}
      empty="No task has used up its attempts."
    />
  );
}

const failed = { states: ['failed' as const], sort: latestEnd };

function FailedRuns() {
  return (
    <Troubles
      title="Failed runs"
      columns={runColumns}
      pages={usePages('listRuns', failed)}
      action={<Link href="/runs?state=failed">Rerun in the runs</Link>}
      empty="No run has failed."
    />
  );
}

interface TroublesProps<Row> {
  readonly title: string;
  readonly columns: readonly Column<Row>[];
  readonly pages: Pages<Row>;
  /** Leads to where something can be done about them. */
  readonly action: ReactNode;
  /** What is said when there are none. */
  readonly empty: string;
}

function Troubles<Row extends { readonly id: string }>({ title, columns, pages, action, empty }: TroublesProps<Row>) {
  return (
    <Panel title={title} isFlush actions={action}>
      <div className={classes.table}>
        <DataTable
          label={title}
          columns={columns}
          rows={pages.rows}
          rowKey={keyOf}
          isLoading={pages.isLoading}
          error={pages.error}
          onRetry={pages.refetch}
          onEndReached={pages.loadMore}
          empty={<EmptyState title={empty} />}
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
