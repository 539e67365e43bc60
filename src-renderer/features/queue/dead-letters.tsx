import { Button } from '@mantine/core';
import { RotateCcw } from 'lucide-react';
import { useMemo } from 'react';
import type { TaskSummary } from '../../../src-main/contract/api-tasks.ts';
import { failureCategories } from '../../../src-main/contract/errors.ts';
import { useCommand } from '../../api/use-command.ts';
import { useEntry } from '../../api/use-entry.ts';
import { usePages } from '../../api/use-pages.ts';
import { chips } from '../../ui/filter-bar.tsx';
import { useShortcut } from '../../ui/keyboard.ts';
import { EmptyState } from '../../ui/notices.tsx';
import { notify } from '../../ui/notify.tsx';
import type { Column } from '../../ui/table-columns.tsx';
import { useQueryState } from '../../ui/use-query-state.ts';
import { categoryWords } from './category-words.ts';
import { changeWords } from './change-words.ts';
import { deadColumns } from './task-columns.tsx';
import { queueTabs } from './task-filter.ts';
import { TaskList } from './task-list.tsx';
import { useAskedTasks } from './use-asked-tasks.ts';

/** Tasks that used up their attempts: why, and how to put them back, one by one or all that match. */
export function DeadLetters() {
  const asked = useAskedTasks(queueTabs.dead);
  const pages = usePages('listTasks', { ...asked.filter, sort: asked.sort, count: true });
  const { data } = useEntry('countDeadLetters', {});
  const [category, setCategory] = useQueryState('category');
  const { run: requeue } = useCommand('requeueTask');
  const columns = useMemo(
    (): readonly Column<TaskSummary>[] => [
      ...deadColumns,
      {
        id: 'replay',
        title: '',
        width: 92,
        align: 'end',
        cell: ({ id, title }) => (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Replay ${title}`}
            onClick={async () => {
              const result = await requeue({ taskId: id });
              if (result.ok) notify('Put back into the queue', title);
            }}
          >
            Replay
          </Button>
        ),
      },
    ],
    [requeue],
  );
  const counts = data?.categories ?? [];
  const shown = counts.filter(({ count }) => count > 0);
  return (
    <TaskList
      storedAs="dead-letters"
      label="Dead letters"
      columns={columns}
      asked={asked}
      pages={pages}
      filters={{
        states: [],
        counts: undefined,
        more: [
          chips({
            label: 'Category',
            options: shown.map((each) => ({
              value: each.category,
              label: categoryWords[each.category],
              count: each.count,
            })),
            chosen: failureCategories.filter((known) => known === category),
            // One at a time, as the contract filters.
            onChange: (chosen) => setCategory(chosen.at(-1) ?? null),
          }),
        ],
      }}
      head={<ReplayAll filter={asked.filter} total={pages.total} />}
      empty={
        <EmptyState
          title="No task has used up its attempts."
          hint="A task that keeps failing comes here with its last error, and can be put back into the queue."
        />
      }
    />
  );
}

interface ReplayAllProps {
  readonly filter: ReturnType<typeof useAskedTasks>['filter'];
  readonly total: number | null;
}

/** Puts back everything that matches the filter, however much of it is loaded. */
function ReplayAll({ filter, total }: ReplayAllProps) {
  const { run, isRunning } = useCommand('changeTasks');
  const isPossible = total !== null && total > 0 && !isRunning;

  async function replay() {
    const action = { kind: 'requeue' } as const;
    const result = await run({ select: { filter }, action });
    if (!result.ok) return;
    const { title, message } = changeWords(action, result.value);
    notify(title, message);
  }

  useShortcut('R', 'Replay all dead letters that match', () => void replay(), { group: 'Queue', enabled: isPossible });
  if (total === null || total === 0) return null;
  return (
    <Button
      variant="default"
      loading={isRunning}
      leftSection={<RotateCcw size={14} aria-hidden="true" />}
      onClick={() => void replay()}
    >
      Replay all that match
    </Button>
  );
}
