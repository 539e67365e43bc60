import { Button, Switch } from '@mantine/core';
import { Play } from 'lucide-react';
import { Link } from 'wouter';
import type { ScheduleView } from '../../../src-main/contract/api-schedules.ts';
import type { Firing } from '../../../src-main/contract/schedule.ts';
import { formatAbsolute } from '../../format/time.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import type { Column } from '../../ui/table-columns.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { addressOfReference } from '../workflows/workflow-address.ts';
import { startWords } from './schedule-start.ts';
import { policyWords } from './schedule-words.ts';
import classes from './schedules.module.css';
import type { ScheduleActions } from './use-schedule-actions.ts';

/** The columns of schedules. Keep the result as long as the actions stay. */
export function scheduleColumns({ fire, toggle, isBusy }: ScheduleActions): readonly Column<ScheduleView>[] {
  return [
    {
      id: 'title',
      title: 'Schedule',
      cell: ({ id, definition }) => (
        <Lines first={<strong>{definition.title}</strong>} second={<code>{id}</code>} title={definition.title} />
      ),
    },
    {
      id: 'when',
      title: 'When',
      cell: ({ when, definition }) => (
        <Lines first={when} second={policyWords(definition)} title={`${when}\n${policyWords(definition)}`} />
      ),
    },
    { id: 'next', title: 'Next due', width: 164, cell: (row) => <NextDue schedule={row} /> },
    { id: 'starts', title: 'Starts', cell: ({ definition }) => <Starts definition={definition} /> },
    { id: 'last', title: 'Last time', width: 184, cell: ({ lastFiring }) => <LastTime firing={lastFiring} /> },
    {
      id: 'on',
      title: 'On',
      width: 64,
      cell: (row) => (
        <Switch
          aria-label={`${row.definition.title} is switched on`}
          checked={row.enabled}
          disabled={isBusy}
          onChange={(event) => toggle(row, event.currentTarget.checked)}
        />
      ),
    },
    {
      id: 'actions',
      title: 'Actions',
      width: 116,
      cell: (row) => (
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<Play size={12} aria-hidden="true" />}
          aria-label={`Start ${row.definition.title} now`}
          disabled={isBusy}
          onClick={() => fire(row)}
        >
          Start now
        </Button>
      ),
    },
  ];
}

interface LinesProps {
  readonly first: React.ReactNode;
  readonly second: React.ReactNode;
  readonly title?: string;
}

/** Two lines of a cell: what counts, and below it what explains it. */
function Lines({ first, second, title }: LinesProps) {
  return (
    <span className={classes.lines} title={title}>
      <span>{first}</span>
      <span className={classes.second}>{second}</span>
    </span>
  );
}

function NextDue({ schedule: { enabled, nextAt, waiting } }: { readonly schedule: ScheduleView }) {
  if (!enabled) return <span className={classes.muted}>Switched off</span>;
  const waits = waiting.length === 0 ? '' : ` · ${waiting.length} waiting`;
  if (nextAt === null) return <span className={classes.muted}>Never again{waits}</span>;
  return (
    <Lines
      first={<RelativeTime at={nextAt} />}
      second={
        <>
          {formatAbsolute(nextAt)}
          {waits}
        </>
      }
    />
  );
}

function Starts({ definition: { start } }: Pick<ScheduleView, 'definition'>) {
  const words = startWords(start);
  if (start.kind === 'run') {
    const address = addressOfReference(start.workflow, start.folder ?? null);
    return <Lines first={<Link href={address}>{words}</Link>} second="a run" title={words} />;
  }
  return (
    <Lines
      first={words}
      second={start.task.work.kind === 'prompt' ? 'a task with a prompt' : 'a task with a command'}
      title={words}
    />
  );
}

function LastTime({ firing }: { readonly firing: Firing | null }) {
  if (firing === null) return <span className={classes.muted}>Not yet</span>;
  return (
    <Lines
      first={
        <span className={classes.outcome}>
          <StateMark of="firing" state={firing.outcome} /> <Started firing={firing} />
        </span>
      }
      second={firing.reason ?? <RelativeTime at={firing.at} />}
      {...(firing.reason === null ? {} : { title: firing.reason })}
    />
  );
}

/** The way to what a firing started; nothing when it started nothing. */
export function Started({ firing: { runId, taskId } }: { readonly firing: Firing }) {
  if (runId !== null) return <Link href={`/runs/${runId}`}>its run</Link>;
  return taskId === null ? null : <Link href={`/tasks/${taskId}`}>its task</Link>;
}
