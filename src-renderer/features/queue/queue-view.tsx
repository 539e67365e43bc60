import { Button } from '@mantine/core';
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useEntry } from '../../api/use-entry.ts';
import { usePages } from '../../api/use-pages.ts';
import { useShortcut } from '../../ui/keyboard.ts';
import { EmptyState } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { EnqueueModal } from './enqueue-modal.tsx';
import { allColumns, waitingColumns } from './task-columns.tsx';
import type { QueueTab } from './task-filter.ts';
import { queueTabs } from './task-filter.ts';
import { TaskList } from './task-list.tsx';
import { useAskedTasks } from './use-asked-tasks.ts';

export interface QueueViewProps {
  /** Which part; null: the first. */
  readonly tab: string | null;
}

const tabs: readonly QueueTab[] = Object.values(queueTabs);

/** Tasks: those that wait or run, those that used up their attempts, and all there ever were. */
export function QueueView({ tab }: QueueViewProps) {
  const current = tabs.find(({ id }) => id === tab) ?? queueTabs.waiting;
  const [isAdding, setAdding] = useState(false);
  const { data: status } = useEntry('getStatus', {});
  useShortcut('n', 'Queue a task', () => setAdding(true), { group: 'Queue' });
  const counts = status?.tasks;
  const add = (
    <Button leftSection={<Plus size={14} aria-hidden="true" />} onClick={() => setAdding(true)}>
      Queue a task
    </Button>
  );
  return (
    <Page
      title="Queue"
      actions={add}
      tabs={tabs.map(({ id, label, states }) => ({
        to: id === null ? '/queue' : `/queue/${id}`,
        label,
        isCurrent: id === current.id,
        count: counts === undefined ? null : states.reduce((sum, state) => sum + counts[state], 0),
      }))}
      isFilled
    >
      {current === queueTabs.dead ? (
        <DeadLetters key="dead" />
      ) : (
        <Tasks key={current.id ?? 'queue'} tab={current} counts={counts} add={add} />
      )}
      <EnqueueModal isOpen={isAdding} onClose={() => setAdding(false)} />
    </Page>
  );
}

interface TasksProps {
  readonly tab: QueueTab;
  readonly counts: Parameters<typeof TaskList>[0]['filters']['counts'];
  readonly add: ReactNode;
}

function Tasks({ tab, counts, add }: TasksProps) {
  const asked = useAskedTasks(tab);
  const pages = usePages('listTasks', { ...asked.filter, sort: asked.sort, count: true });
  const isAll = tab === queueTabs.all;
  return (
    <TaskList
      storedAs={isAll ? 'tasks' : 'queue'}
      label={isAll ? 'All tasks' : 'Tasks in the queue'}
      columns={isAll ? allColumns : waitingColumns}
      asked={asked}
      pages={pages}
      filters={{ states: tab.states, counts }}
      empty={
        <EmptyState
          title={isAll ? 'There was no task yet.' : 'Nothing waits and nothing runs.'}
          hint="Tasks of runs appear here, and those that you queue by hand."
          action={add}
        />
      }
    />
  );
}
