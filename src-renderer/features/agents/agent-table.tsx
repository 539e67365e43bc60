import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import { formatBytes } from '../../format/amount.ts';
import { formatDuration } from '../../format/duration.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { navigate } from '../../ui/hash-location.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import type { Column } from '../../ui/table-columns.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { projectName } from '../workflows/workflow-address.ts';
import { AgentControls } from './agent-controls.tsx';
import { Heartbeat, Tally, WorkLink } from './agent-facts.tsx';
import { cpuWords, pidWords } from './agent-words.ts';
import classes from './agents.module.css';

/** What the table of agents can show; the first column always stays. */
export const agentColumns: readonly Column<AgentView>[] = [
  {
    id: 'agent',
    title: 'Agent',
    cell: ({ id, definition }) => (
      <Link href={`/agents/${id}`} className={classes.clipped} title={definition.title}>
        {definition.title}
      </Link>
    ),
  },
  {
    id: 'state',
    title: 'State',
    width: 112,
    cell: (agent) => (
      <span title={agent.reason ?? undefined}>
        <StateMark of="agent" state={agent.state} />
      </span>
    ),
  },
  {
    id: 'project',
    title: 'Project',
    width: 120,
    isShown: false,
    cell: ({ definition: { project } }) =>
      project === undefined ? (
        <span className={classes.muted}>–</span>
      ) : (
        <span title={project}>{projectName(project)}</span>
      ),
  },
  { id: 'type', title: 'Type', width: 100, isShown: false, cell: ({ definition }) => definition.type },
  { id: 'work', title: 'Works on', cell: (agent) => <Work agent={agent} /> },
  {
    id: 'slots',
    title: 'Slots',
    width: 66,
    align: 'end',
    cell: (agent) => `${agent.slotsUsed}/${agent.definition.slots}`,
  },
  { id: 'heartbeat', title: 'Heartbeat', width: 100, cell: (agent) => <Heartbeat agent={agent} /> },
  { id: 'pid', title: 'PID', width: 90, isShown: false, cell: ({ processes }) => pidWords(processes) },
  { id: 'cpu', title: 'CPU', width: 70, align: 'end', cell: ({ usage }) => cpuWords(usage) },
  {
    id: 'memory',
    title: 'Memory',
    width: 90,
    align: 'end',
    cell: ({ usage }) => formatBytes(usage?.memoryBytes ?? null),
  },
  { id: 'tally', title: 'Done / failed', width: 120, align: 'end', cell: (agent) => <Tally agent={agent} /> },
  {
    id: 'average',
    title: 'Average',
    width: 90,
    align: 'end',
    isShown: false,
    cell: ({ averageMs }) => formatDuration(averageMs),
  },
  { id: 'failure', title: 'Last error', isShown: false, cell: (agent) => <Failure agent={agent} /> },
  { id: 'controls', title: 'Do', width: 52, cell: (agent) => <AgentControls agent={agent} isCompact /> },
];

function Work({ agent }: { readonly agent: AgentView }) {
  const [first, ...others] = agent.live;
  if (first === undefined) return <span className={classes.muted}>–</span>;
  return (
    <span className={classes.inline}>
      <WorkLink work={first} />
      {others.length > 0 && <span className={classes.muted}>+{others.length}</span>}
    </span>
  );
}

function Failure({ agent }: { readonly agent: AgentView }) {
  if (agent.lastFailure === null) return <span className={classes.muted}>–</span>;
  const { at, failure } = agent.lastFailure;
  return (
    <span className={classes.clipped} title={failure.message}>
      <RelativeTime at={at} />: {failure.message}
    </span>
  );
}

export interface AgentTableProps {
  readonly agents: readonly AgentView[];
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
  readonly isLoading: boolean;
  readonly error: ApiError | null;
  readonly onRetry: () => void;
  readonly empty: ReactNode;
}

/** All agents, one to a row. */
export function AgentTable({ agents, hidden, onToggle, ...rest }: AgentTableProps) {
  return (
    <DataTable
      label="Agents"
      columns={agentColumns}
      rows={agents}
      rowKey={({ id }) => id}
      choice={{ hidden, toggle: onToggle }}
      onOpen={({ id }) => navigate(`/agents/${id}`)}
      {...rest}
    />
  );
}
