import { useMemo } from 'react';
import type { ScheduleView } from '../../../src-main/contract/api-schedules.ts';
import type { FiringOutcome } from '../../../src-main/contract/schedule.ts';
import { useCommand } from '../../api/use-command.ts';
import { notify } from '../../ui/notify.tsx';

export interface ScheduleActions {
  /** Starts now what it starts. */
  readonly fire: (schedule: ScheduleView) => void;
  readonly toggle: (schedule: ScheduleView, enabled: boolean) => void;
  /** @returns whether it was removed; a refusal is shown. */
  readonly remove: (schedule: ScheduleView, reason: string) => Promise<boolean>;
  /** Whether an answer is awaited. */
  readonly isBusy: boolean;
}

const firedWords: Readonly<Record<FiringOutcome, string>> = {
  started: 'was started',
  waiting: 'starts when the one before has ended',
  skipped: 'was skipped',
  missed: 'was missed',
  failed: 'could not be started',
};

/** What a person can do with a schedule. The same object as long as nothing is under way. */
export function useScheduleActions(): ScheduleActions {
  const firing = useCommand('fireSchedule');
  const switching = useCommand('switchSchedule');
  const removing = useCommand('removeSchedule');
  const { run: fire } = firing;
  const { run: switchTo } = switching;
  const { run: remove } = removing;
  const isBusy = firing.isRunning || switching.isRunning || removing.isRunning;
  return useMemo(
    () => ({
      fire: async ({ id, definition }) => {
        const fired = await fire({ scheduleId: id });
        if (!fired.ok) return;
        const { outcome, reason } = fired.value;
        notify(`${definition.title} ${firedWords[outcome]}`, reason ?? '');
      },
      toggle: async ({ id }, enabled) => {
        await switchTo({
          scheduleId: id,
          enabled,
          reason: `Switched ${enabled ? 'on' : 'off'} in the list of schedules.`,
        });
      },
      remove: async ({ id, definition }, reason) => {
        const removed = await remove({ scheduleId: id, reason });
        if (removed.ok) notify(`${definition.title} was removed`, 'What it has started goes on.');
        return removed.ok;
      },
      isBusy,
    }),
    [fire, switchTo, remove, isBusy],
  );
}
