import { Link } from 'wouter';
import type { Traffic } from '../../../src-main/contract/api-traffic.ts';
import { trafficKinds } from '../../../src-main/contract/api-traffic.ts';
import { useEntry } from '../../api/use-entry.ts';
import { formatCount, formatCounted } from '../../format/amount.ts';
import { useHashSearch } from '../../ui/hash-location.ts';
import { useShortcut } from '../../ui/keyboard.ts';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useQueryList, useQueryState } from '../../ui/use-query-state.ts';
import { readEventFilter } from '../events/event-filter.ts';
import { metricRanges, rangeUpTo } from '../metrics/metric-ranges.ts';
import classes from './traffic.module.css';
import { TrafficFilters, TrafficRange } from './traffic-filters.tsx';
import { TrafficGraph } from './traffic-graph.tsx';
import { TrafficPanel } from './traffic-panel.tsx';
import { TrafficTable } from './traffic-table.tsx';
import { edgeKey } from './traffic-words.ts';
import type { OpenTraffic } from './transcript.ts';

/** How often it is looked whether a new part of the range has begun, and what goes on is counted again; in ms. */
const lookEveryMs = 5_000;

/** Who talks to whom: a graph of agents, tools, workflows and the person, with what was said beside it. */
export function TrafficView() {
  const asked = useAsked();
  const { data, error, isLoading, refetch } = useEntry('getTraffic', asked.input, {
    enabled: asked.fault === undefined,
    everyMs: lookEveryMs,
    keepPrevious: true,
  });
  const traffic = asked.fault === undefined ? data : undefined;
  return (
    <Page
      title="Messages"
      about={traffic !== undefined && <Figures traffic={traffic} />}
      actions={<TrafficRange range={asked.range} />}
      bar={<TrafficFilters runFault={asked.fault} />}
      isFilled
    >
      <p className={classes.notice}>
        Handovers, tool calls and questions to you are shown; agents cannot send each other messages yet, and those will
        join here.
        {traffic !== undefined && <Omitted {...traffic.omitted} />}
      </p>
      {error !== null && traffic === undefined && (
        <div className={classes.padded}>
          <ErrorNotice error={error} onRetry={refetch} />
        </div>
      )}
      {isLoading && error === null && asked.fault === undefined && (
        <div className={classes.padded} aria-busy="true">
          <Skeleton lines={10} height={28} />
        </div>
      )}
      {asked.fault !== undefined && (
        <EmptyState title={`The run of the filter cannot be used. ${asked.fault}`} hint="Correct it, or take it out." />
      )}
      {traffic !== undefined && <Content traffic={traffic} asked={asked} />}
    </Page>
  );
}

type Asked = ReturnType<typeof useAsked>;

/** What the address asks for. */
function useAsked() {
  const [rangeId] = useQueryState('range');
  const [kinds] = useQueryList('kind', trafficKinds);
  const [text] = useQueryState('q');
  const { filter, faults } = readEventFilter(useHashSearch());
  const range = metricRanges.find(({ id }) => id === rangeId) ?? metricRanges[1] ?? metricRanges[0];
  const now = useNow(lookEveryMs);
  if (range === undefined) throw new Error('there are no ranges');
  const { from, to } = rangeUpTo(now, range);
  const search = text?.trim() ?? '';
  return {
    range: range.id,
    fault: faults.run ?? faults.agent,
    isFiltered: kinds.length > 0 || search !== '' || filter.runId !== undefined || filter.agentId !== undefined,
    input: {
      from,
      to,
      ...(filter.runId === undefined ? {} : { runId: filter.runId }),
      ...(filter.agentId === undefined ? {} : { agentId: filter.agentId }),
      ...(kinds.length === 0 ? {} : { kinds: [...kinds] }),
      ...(search === '' ? {} : { search: search.slice(0, 200) }),
    },
  };
}

function Figures({ traffic: { nodes, edges } }: { readonly traffic: Traffic }) {
  const agents = nodes.filter(({ kind }) => kind === 'agent').length;
  const tools = nodes.filter(({ kind }) => kind === 'tool').length;
  const said = edges.reduce((sum, { count }) => sum + count, 0);
  return (
    <span>
      {formatCounted(said, 'exchange')} of {formatCounted(agents, 'agent')}, with {formatCounted(tools, 'tool')}
    </span>
  );
}

function Omitted({ nodes, edges }: Traffic['omitted']) {
  if (edges === 0) return null;
  return (
    <strong>
      {' '}
      Only the busiest are shown: {formatCounted(edges, 'connection')} and {formatCount(nodes)} of their ends are left
      out. Filter to see them.
    </strong>
  );
}

function Content({ traffic, asked }: { readonly traffic: Traffic; readonly asked: Asked }) {
  const [key, setKey] = useQueryState('open');
  const [as, setAs] = useQueryState('as');
  const isTable = as === 'table';
  const open = openOf(traffic, key);
  const group = 'Messages';
  useShortcut('v', 'Graph or table', () => setAs(isTable ? null : 'table'), { group });
  useShortcut('Escape', 'Close what is open', () => setKey(null), { group, enabled: open !== null });
  if (traffic.edges.length === 0) return <Nothing isFiltered={asked.isFiltered} />;
  return (
    <div className={classes.body}>
      {isTable ? (
        <TrafficTable edges={traffic.edges} selected={key} onSelect={setKey} onGraph={() => setAs(null)} />
      ) : (
        <TrafficGraph traffic={traffic} selected={key} onSelect={setKey} onTable={() => setAs('table')} />
      )}
      {open !== null && (
        <TrafficPanel
          traffic={traffic}
          open={open}
          runId={asked.input.runId}
          since={asked.input.from}
          onSelect={setKey}
          onClose={() => setKey(null)}
        />
      )}
    </div>
  );
}

function openOf({ nodes, edges }: Traffic, key: string | null): OpenTraffic | null {
  const node = nodes.find(({ id }) => id === key);
  if (node !== undefined) return { is: 'node', node };
  const edge = edges.find((other) => edgeKey(other) === key);
  return edge === undefined ? null : { is: 'edge', edge };
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState
        title="Nobody said anything that matches the filter."
        hint="Choose a longer range, or fewer filters."
      />
    );
  }
  return (
    <EmptyState
      title="Who talks to whom appears here."
      hint="Agents that hand over work, call tools or ask you are drawn here as soon as they do; choose a longer range for earlier work."
      action={<Link href="/workflows">Run a workflow</Link>}
    />
  );
}
