import { Button } from '@mantine/core';
import { Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ScheduleView } from '../../../src-main/contract/api-schedules.ts';
import { useEntry } from '../../api/use-entry.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { useShortcut } from '../../ui/keyboard.ts';
import { EmptyState } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { useQueryState } from '../../ui/use-query-state.ts';
import { scheduleColumns } from './schedule-columns.tsx';
import { ScheduleDrawer } from './schedule-drawer.tsx';
import type { EditedSchedule } from './schedule-modal.tsx';
import { ScheduleModal } from './schedule-modal.tsx';
import { useScheduleActions } from './use-schedule-actions.ts';

const rowKey = ({ id }: ScheduleView) => id;
const none: readonly ScheduleView[] = [];

/** What is started in time: every schedule, when it is due next, and what became of the last time. */
export function SchedulesView() {
  const { data, error, isLoading, refetch } = useEntry('listSchedules', {});
  const [opened, setOpened] = useQueryState('schedule');
  const [adding, setAdding] = useQueryState('add');
  const [changed, setChanged] = useState<ScheduleView | null>(null);
  const edited: EditedSchedule = adding === 'schedule' ? 'new' : changed;
  const actions = useScheduleActions();
  const columns = useMemo(() => scheduleColumns(actions), [actions]);
  useShortcut('n', 'Add a schedule', () => setAdding('schedule'), { group: 'Schedules' });
  const schedules = data?.schedules ?? none;
  const add = (
    <Button leftSection={<Plus size={14} aria-hidden="true" />} onClick={() => setAdding('schedule')}>
      Add a schedule
    </Button>
  );
  return (
    <Page title="Schedules" actions={add} isFilled>
      <DataTable
        label="Schedules"
        columns={columns}
        rows={schedules}
        rowKey={rowKey}
        isLoading={isLoading}
        error={error}
        onRetry={refetch}
        onOpen={({ id }) => setOpened(id)}
        openKey={opened}
        empty={
          <EmptyState
            title="Nothing is started in time yet."
            hint="A schedule starts a run or a command by itself: every night, every ten minutes, or once. It goes on when you are not here, and says what became of each time."
            action={add}
          />
        }
      />
      <ScheduleDrawer
        schedule={schedules.find(({ id }) => id === opened) ?? null}
        actions={actions}
        onEdit={setChanged}
        onClose={() => setOpened(null)}
      />
      <ScheduleModal
        edited={edited}
        taken={schedules.map(({ id }) => id)}
        onClose={() => {
          setChanged(null);
          setAdding(null);
        }}
      />
    </Page>
  );
}
