import { SegmentedControl } from '@mantine/core';
import type { TrafficKind } from '../../../src-main/contract/api-traffic.ts';
import { trafficKinds } from '../../../src-main/contract/api-traffic.ts';
import { AgentField } from '../../ui/agent-field.tsx';
import { chips, FilterBar } from '../../ui/filter-bar.tsx';
import { useQueryList, useQueryState } from '../../ui/use-query-state.ts';
import { IdField } from '../events/event-filters.tsx';
import { metricRanges } from '../metrics/metric-ranges.ts';
import { kindsWords } from './traffic-words.ts';

export interface TrafficFiltersProps {
  /** Why the run that was asked for is none; undefined: it is one, or there is none. */
  readonly runFault: string | undefined;
}

/** The filters of the graph; all of them are in the address. */
export function TrafficFilters({ runFault }: TrafficFiltersProps) {
  const [kinds, setKinds] = useQueryList('kind', trafficKinds);
  return (
    <FilterBar
      storedAs="messages"
      searchHint="Agent, tool, workflow"
      chips={[chips({ label: 'What is said', options: trafficKinds.map(option), chosen: kinds, onChange: setKinds })]}
    >
      <AgentField />
      <IdField name="run" hint="run_…" fault={runFault} isAlwaysShown />
    </FilterBar>
  );
}

function option(value: TrafficKind) {
  return { value, label: kindsWords[value] };
}

/** Over which time is looked, up to now; part of the address. */
export function TrafficRange({ range }: { /** Id of one of the ranges. */ readonly range: string }) {
  const [, setRange] = useQueryState('range');
  return (
    <SegmentedControl
      aria-label="Range"
      data={metricRanges.map(({ id, label }) => ({ value: id, label }))}
      value={range}
      onChange={(id) => setRange(id)}
    />
  );
}
