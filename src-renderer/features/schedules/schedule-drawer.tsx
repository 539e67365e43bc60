import { Button, Drawer } from '@mantine/core';
import { Pencil, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ScheduleView } from '../../../src-main/contract/api-schedules.ts';
import { usePages } from '../../api/use-pages.ts';
import { formatAbsolute } from '../../format/time.ts';
import { ConfirmWithReason } from '../../ui/confirm-with-reason.tsx';
import { KeyValue } from '../../ui/figures.tsx';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { Started } from './schedule-columns.tsx';
import { startWords } from './schedule-start.ts';
import { catchUpWords, overlapWords } from './schedule-words.ts';
import classes from './schedules.module.css';
import { Times } from './timing-fields.tsx';
import type { ScheduleActions } from './use-schedule-actions.ts';

export interface ScheduleDrawerProps {
  /** Null: nothing is open. */
  readonly schedule: ScheduleView | null;
  readonly actions: ScheduleActions;
  readonly onEdit: (schedule: ScheduleView) => void;
  readonly onClose: () => void;
}

/** One schedule: when it is due, what it starts, and what became of its times. */
export function ScheduleDrawer({ schedule, actions, onEdit, onClose }: ScheduleDrawerProps) {
  return (
    <Drawer
      opened={schedule !== null}
      onClose={onClose}
      position="right"
      size="min(720px, 90vw)"
      title={schedule?.definition.title ?? ''}
    >
      {schedule !== null && (
        <div className={classes.form}>
          <Buttons schedule={schedule} actions={actions} onEdit={onEdit} onClose={onClose} />
          <Facts schedule={schedule} />
          <section className={classes.group} aria-label="What became of its times">
            <h3>What became of its times</h3>
            <Firings scheduleId={schedule.id} />
          </section>
        </div>
      )}
    </Drawer>
  );
}

type ButtonsProps = ScheduleDrawerProps & { readonly schedule: ScheduleView };

function Buttons({ schedule, actions, onEdit, onClose }: ButtonsProps) {
  const [isAsked, setAsked] = useState(false);
  const { title } = schedule.definition;
  return (
    <div className={classes.buttons}>
      <Button
        variant="default"
        leftSection={<Play size={14} aria-hidden="true" />}
        disabled={actions.isBusy}
        onClick={() => actions.fire(schedule)}
      >
        Start now
      </Button>
      <Button variant="default" leftSection={<Pencil size={14} aria-hidden="true" />} onClick={() => onEdit(schedule)}>
        Edit
      </Button>
      <Button variant="default" leftSection={<Trash2 size={14} aria-hidden="true" />} onClick={() => setAsked(true)}>
        Remove
      </Button>
      <ConfirmWithReason
        isOpen={isAsked}
        title={`Remove ${title}?`}
        consequence="It is never due again. What it has started goes on, and the history stays among the events. To pause it, switch it off instead."
        action="Remove the schedule"
        isDangerous
        onConfirm={async (reason) => {
          const isRemoved = await actions.remove(schedule, reason);
          if (isRemoved) onClose();
          return isRemoved;
        }}
        onClose={() => setAsked(false)}
      />
    </div>
  );
}

function Facts({ schedule }: { readonly schedule: ScheduleView }) {
  const { definition, when, enabled, upcoming, waiting, savedAt } = schedule;
  const { start, overlap, catchUp } = definition;
  return (
    <KeyValue
      items={[
        ['Identifier', <code key="id">{schedule.id}</code>],
        ['Due', enabled ? when : `${when}, but switched off`],
        ['Next', upcoming.length === 0 ? null : <Times key="next" times={upcoming} />],
        ['Starts', `${start.kind === 'run' ? 'A run of ' : ''}${startWords(start)}`],
        ['If busy', `${overlapWords[overlap].label}. ${overlapWords[overlap].hint}`],
        ['If no engine ran', `${catchUpWords[catchUp].label}. ${catchUpWords[catchUp].hint}`],
        ['Waiting', waiting.length === 0 ? null : waiting.map(formatAbsolute).join(', ')],
        ['Saved', <RelativeTime key="saved" at={savedAt} />],
      ]}
    />
  );
}

function Firings({ scheduleId }: { readonly scheduleId: ScheduleView['id'] }) {
  const { rows, error, isLoading, hasMore, loadMore, refetch } = usePages('listFirings', { scheduleId });
  if (error !== null && rows.length === 0) return <ErrorNotice error={error} onRetry={refetch} />;
  if (isLoading) return <Skeleton lines={4} />;
  if (rows.length === 0) return <EmptyState title="It has not been due yet." />;
  return (
    <>
      <table className={classes.firings}>
        <thead>
          <tr>
            <th scope="col">Due</th>
            <th scope="col">Outcome</th>
            <th scope="col">Started</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((firing) => (
            <tr key={firing.id}>
              <td>{formatAbsolute(firing.dueAt)}</td>
              <td>
                <StateMark of="firing" state={firing.outcome} />
                {firing.reason !== null && <p className={classes.muted}>{firing.reason}</p>}
              </td>
              <td>
                <Started firing={firing} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {hasMore && (
        <div>
          <Button variant="default" onClick={loadMore}>
            Show earlier ones
          </Button>
        </div>
      )}
    </>
  );
}
