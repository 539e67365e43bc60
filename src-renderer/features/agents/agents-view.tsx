import { Button, SegmentedControl } from '@mantine/core';
import { Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import { useEntry } from '../../api/use-entry.ts';
import { formatCounted } from '../../format/amount.ts';
import { FilterBar } from '../../ui/filter-bar.tsx';
import { EmptyState } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { readStored, writeStored } from '../../ui/stored.ts';
import { ColumnMenu, useColumnChoice } from '../../ui/table-columns.tsx';
import { useQueryState } from '../../ui/use-query-state.ts';
import { AddAgent } from './add-agent.tsx';
import { AgentCards } from './agent-cards.tsx';
import type { OpenLog } from './agent-facts.tsx';
import { AgentPage } from './agent-page.tsx';
import { AgentTable, agentColumns } from './agent-table.tsx';
import { inOrder, matching } from './agent-words.ts';
import type { OpenedLog } from './log-drawer.tsx';
import { LogDrawer } from './log-drawer.tsx';

/** How often what no event announces is asked for again, while the view is shown: heartbeats, CPU and memory. */
const measuredEveryMs = 2_000;

/** Agents: all of them, or the one whose identifier is in the address. */
export function AgentsView({ agentId }: { readonly agentId: string | null }) {
  const { data, error, isLoading, refetch } = useEntry('listAgents', {}, { everyMs: measuredEveryMs });
  const [log, setLog] = useState<OpenedLog | null>(null);
  const openLog: OpenLog = (attemptId, title) => setLog({ attemptId, title });
  const answer = { agents: data?.agents, error, isLoading, refetch };
  return (
    <>
      {agentId === null ? (
        <AgentList {...answer} onLog={openLog} />
      ) : (
        <AgentPage key={agentId} agentId={agentId} {...answer} onLog={openLog} />
      )}
      <LogDrawer log={log} onClose={() => setLog(null)} />
    </>
  );
}

type Layout = 'cards' | 'table';
const storedLayout = 'signalbox.agents.layout';

function useLayout(): [Layout, (layout: Layout) => void] {
  const [layout, setLayout] = useState<Layout>(() => (readStored(storedLayout)?.[0] === 'table' ? 'table' : 'cards'));
  return [
    layout,
    (next) => {
      writeStored(storedLayout, [next]);
      setLayout(next);
    },
  ];
}

interface AgentListProps {
  readonly agents: readonly AgentView[] | undefined;
  readonly error: ApiError | null;
  readonly isLoading: boolean;
  readonly refetch: () => void;
  readonly onLog: OpenLog;
}

function AgentList({ agents, error, isLoading, refetch, onLog }: AgentListProps) {
  const [layout, setLayout] = useLayout();
  const [search] = useQueryState('q');
  const [adding, setAdding] = useQueryState('add');
  const choice = useColumnChoice('agents', agentColumns);
  const shown = useMemo(() => inOrder(matching(agents ?? [], search ?? '')), [agents, search]);
  const add = (
    <Button leftSection={<Plus size={14} aria-hidden="true" />} onClick={() => setAdding('agent')}>
      Add an agent
    </Button>
  );
  const empty =
    search === null ? (
      <EmptyState title="There are no agents yet." hint="Agents do the work that you queue." action={add} />
    ) : (
      <EmptyState
        title={`No agent matches “${search}”.`}
        hint="Ids, titles, types, states and capabilities are searched."
      />
    );
  return (
    <Page
      title="Agents"
      about={agents === undefined ? undefined : <span>{aboutAgents(agents)}</span>}
      actions={
        <>
          <SegmentedControl
            aria-label="How agents are shown"
            data={[
              { value: 'cards', label: 'Cards' },
              { value: 'table', label: 'Table' },
            ]}
            value={layout}
            onChange={(value) => setLayout(value === 'table' ? 'table' : 'cards')}
          />
          {add}
        </>
      }
      bar={
        <FilterBar
          storedAs="agents"
          searchHint="Id, title, type, capability"
          end={layout === 'table' ? <ColumnMenu columns={agentColumns} choice={choice} /> : undefined}
        />
      }
      isFilled={layout === 'table'}
    >
      {layout === 'table' ? (
        <AgentTable
          agents={shown}
          hidden={choice.hidden}
          onToggle={choice.toggle}
          isLoading={isLoading}
          error={error}
          onRetry={refetch}
          empty={empty}
        />
      ) : (
        <AgentCards agents={shown} isLoading={isLoading} error={error} onRetry={refetch} empty={empty} onLog={onLog} />
      )}
      <AddAgent isOpen={adding !== null} onClose={() => setAdding(null)} />
    </Page>
  );
}

function aboutAgents(agents: readonly AgentView[]): string {
  const busy = agents.filter(({ slotsUsed }) => slotsUsed > 0).length;
  const down = agents.filter(({ state }) => state === 'crashed' || state === 'unhealthy').length;
  const words = [formatCounted(agents.length, 'agent'), `${busy} at work`];
  return [...words, ...(down === 0 ? [] : [`${down} in need of you`])].join(' · ');
}
