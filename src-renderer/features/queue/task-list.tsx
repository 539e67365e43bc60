import { Button } from '@mantine/core';
import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { TaskSummary } from '../../../src-main/contract/api-tasks.ts';
import type { Pages } from '../../api/use-pages.ts';
import { formatCounted } from '../../format/amount.ts';
import type { Sort } from '../../ui/data-table.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/notices.tsx';
import type { Column } from '../../ui/table-columns.tsx';
import { ColumnMenu, useColumnChoice } from '../../ui/table-columns.tsx';
import { setQuery, useQueryState } from '../../ui/use-query-state.ts';
import { useSelection } from '../../ui/use-selection.ts';
import classes from './queue.module.css';
import { TaskBulkBar } from './task-bulk-bar.tsx';
import { taskKey } from './task-columns.tsx';
import { TaskDrawer } from './task-drawer.tsx';
import type { AskedTasks } from './task-filter.ts';
import { tasksDownload } from './task-filter.ts';
import { TaskFilters } from './task-filters.tsx';

export interface TaskListProps {
  /** Under which name columns and filters are kept. */
  readonly storedAs: string;
  readonly label: string;
  readonly columns: readonly Column<TaskSummary>[];
  readonly asked: AskedTasks;
  readonly pages: Pages<TaskSummary>;
  /** Chips of this list alone. */
  readonly filters: Omit<Parameters<typeof TaskFilters>[0], 'storedAs' | 'end'>;
  /** Beside the count: what can be done with all of them. */
  readonly head?: ReactNode;
  /** What stands there when there is nothing at all. */
  readonly empty: ReactNode;
}

/** A list of tasks with its filters, its order, what can be done to those that are chosen, and one of them in detail. */
export function TaskList(props: TaskListProps) {
  const { storedAs, label, columns, asked, pages, filters, head, empty } = props;
  const choice = useColumnChoice(storedAs, columns);
  const selection = useSelection(pages.rows.map(taskKey));
  const [opened, setOpened] = useQueryState('task');
  const [allMatch, setAllMatch] = useState(false);
  const clear = () => {
    setAllMatch(false);
    selection.clear();
  };
  return (
    <>
      <div className={classes.bar}>
        <TaskFilters
          storedAs={storedAs}
          {...filters}
          end={
            <>
              {head}
              {pages.total !== null && <span aria-live="polite">{formatCounted(pages.total, 'task')}</span>}
              <Button
                component="a"
                variant="subtle"
                color="gray"
                href={tasksDownload(asked)}
                download="tasks.jsonl"
                leftSection={<Download size={14} aria-hidden="true" />}
              >
                Export
              </Button>
              <ColumnMenu columns={columns} choice={choice} />
            </>
          }
        />
      </div>
      <DataTable
        label={label}
        columns={columns}
        choice={choice}
        rows={pages.rows}
        rowKey={taskKey}
        isLoading={pages.isLoading}
        isPrevious={pages.isPrevious}
        error={pages.error}
        onRetry={pages.refetch}
        onEndReached={pages.loadMore}
        onOpen={(task) => setOpened(task.id, { replace: true })}
        openKey={opened}
        sort={asked.sort}
        onSort={storeSort}
        selection={selection}
        empty={
          asked.isFiltered ? (
            <EmptyState
              title="No task matches the filter."
              hint="Choose fewer filters, or show all with the menu Filters."
            />
          ) : (
            empty
          )
        }
      />
      <TaskBulkBar
        selection={selection}
        filter={asked.filter}
        total={pages.total}
        loaded={pages.rows.length}
        allMatch={allMatch}
        onAllMatch={() => setAllMatch(true)}
        onClear={clear}
      />
      <TaskDrawer taskId={opened} onClose={() => setOpened(null, { replace: true })} />
    </>
  );
}

function storeSort({ by, direction }: Sort): void {
  setQuery({ sort: by, order: direction }, true);
}
