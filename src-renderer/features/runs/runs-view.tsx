import { ActionIcon, Button } from '@mantine/core';
import { Download, Play } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { usePages } from '../../api/use-pages.ts';
import { formatCounted } from '../../format/amount.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { navigate, useHashSearch } from '../../ui/hash-location.ts';
import { useShortcut } from '../../ui/keyboard.ts';
import { EmptyState } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { ColumnMenu, useColumnChoice } from '../../ui/table-columns.tsx';
import { useNow } from '../../ui/use-now.ts';
import { setQuery } from '../../ui/use-query-state.ts';
import { useSelection } from '../../ui/use-selection.ts';
import { StartRunModal } from '../workflows/start-run-modal.tsx';
import { BulkChanges } from './bulk-changes.tsx';
import type { RunRow } from './run-columns.tsx';
import { runColumns } from './run-columns.tsx';
import { RunsFilterBar } from './runs-filter-bar.tsx';
import { exportLink, readRunsQuery, toListInput, writeSort } from './runs-query.ts';

const keyOf = ({ id }: RunRow) => id;
const newestFirst = { by: 'created', direction: 'descending' } as const;
/** How often ranges that end now are looked at again, in ms. */
const rangeEveryMs = 60_000;

/** All runs: found by state, workflow, agent, priority, time and text; changed one by one or many at once. */
export function RunsView() {
  const search = useHashSearch();
  const now = useNow(search.includes('since=') ? rangeEveryMs : null);
  const query = useMemo(() => readRunsQuery(search, now), [search, now]);
  const { rows, total, isLoading, isPrevious, error, refetch, loadMore } = usePages('listRuns', {
    ...toListInput(query),
    count: true,
  });
  const keys = useMemo(() => rows.map(keyOf), [rows]);
  const selection = useSelection(keys);
  const choice = useColumnChoice('runs', runColumns);
  const [isStarting, setStarting] = useState(false);
  useShortcut('n', 'Start a run', () => setStarting(true), { group: 'Runs' });

  // What was chosen under one filter must not be changed under another, where it cannot be seen.
  const filterKey = JSON.stringify(query.filter);
  const { clear } = selection;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of the filter that counts
  useEffect(clear, [filterKey, clear]);

  const hasFilter = Object.keys(query.filter).length > 0;
  const start = <StartButton onClick={() => setStarting(true)} />;
  return (
    <Page
      title="Runs"
      {...(total === null
        ? {}
        : { about: formatCounted(total, hasFilter ? 'match' : 'run', hasFilter ? 'matches' : 'runs') })}
      actions={start}
      bar={
        <RunsFilterBar
          end={
            <>
              <ActionIcon
                component="a"
                href={exportLink(query)}
                download="runs.jsonl"
                aria-label="Export what matches, one JSON object per line"
                title="Export what matches"
              >
                <Download size={16} aria-hidden="true" />
              </ActionIcon>
              <ColumnMenu columns={runColumns} choice={choice} />
            </>
          }
        />
      }
      isFilled
    >
      <BulkChanges
        key={filterKey}
        keys={selection.keys}
        filter={query.filter}
        total={total}
        hasAllLoaded={selection.keys.size >= rows.length && rows.length > 0}
        onClear={clear}
      />
      <DataTable
        label="Runs"
        columns={runColumns}
        rows={rows}
        rowKey={keyOf}
        isLoading={isLoading}
        isPrevious={isPrevious}
        error={error}
        onRetry={refetch}
        onEndReached={loadMore}
        onOpen={({ id }) => navigate(`/runs/${id}`)}
        sort={query.sort ?? newestFirst}
        onSort={(sort) => setQuery({ sort: writeSort(sort) }, true)}
        selection={selection}
        choice={choice}
        empty={<NoRuns hasFilter={hasFilter} action={start} />}
      />
      <StartRunModal isOpen={isStarting} place={null} onClose={() => setStarting(false)} />
    </Page>
  );
}

function StartButton({ onClick }: { readonly onClick: () => void }) {
  return (
    <Button leftSection={<Play size={14} aria-hidden="true" />} onClick={onClick}>
      Start a run
    </Button>
  );
}

function NoRuns({ hasFilter, action }: { readonly hasFilter: boolean; readonly action: React.ReactNode }) {
  if (!hasFilter) {
    return (
      <EmptyState
        title="Runs that you start appear here."
        hint="Each shows its state, its progress and what it waits for, while it goes on and afterwards."
        action={action}
      />
    );
  }
  return (
    <EmptyState
      title="No run matches."
      hint="Take a filter away, or look for another word."
      action={
        <Button variant="default" onClick={() => navigate('/runs')}>
          Show all runs
        </Button>
      }
    />
  );
}
