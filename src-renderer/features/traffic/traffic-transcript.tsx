import { Button } from '@mantine/core';
import { Link } from 'wouter';
import type { Event } from '../../../src-main/contract/event.ts';
import { useEvents } from '../../api/use-events.ts';
import { formatAbsolute, formatClock } from '../../format/time.ts';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import { EventLinks } from '../events/event-row.tsx';
import { eventLine, eventSign } from '../events/event-words.ts';
import classes from './traffic.module.css';
import type { OpenTraffic, SaidEvent } from './transcript.ts';
import { planTranscript, saidIn } from './transcript.ts';

/** How many are shown here; the view of events has all. */
const mostShown = 100;

export interface TrafficTranscriptProps {
  readonly open: OpenTraffic;
  readonly runId: string | undefined;
  /** Since when, ms. */
  readonly since: number;
}

/** The newest of what was said, live, each with what it was about. */
export function TrafficTranscript({ open, runId, since }: TrafficTranscriptProps) {
  const { filter, tool, note } = planTranscript(open, runId);
  const { events, hasOlder, loadOlder, isLoading, error } = useEvents(filter);
  const said = saidIn(events, tool, since).slice(-mostShown).toReversed();
  const isOlderWanted = hasOlder && said.length < mostShown && (events[0]?.at ?? 0) >= since;
  return (
    <Panel title="Transcript" actions={<Link href={eventsPlace(filter)}>All events</Link>} isFlush>
      {note !== null && <p className={classes.rest}>{note}</p>}
      {isLoading && error === null && (
        <div className={classes.padded}>
          <Skeleton lines={6} />
        </div>
      )}
      {error !== null && (
        <div className={classes.padded}>
          <ErrorNotice error={error} />
        </div>
      )}
      {!isLoading && error === null && said.length === 0 && !isOlderWanted && (
        <EmptyState title="What is said in this span of time appears here." />
      )}
      <ol className={classes.transcript} aria-label="Transcript">
        {said.map((line) => (
          <Line key={line.event.seq} said={line} />
        ))}
      </ol>
      {isOlderWanted && (
        <div className={classes.padded}>
          <Button variant="default" onClick={loadOlder}>
            Show older
          </Button>
        </div>
      )}
    </Panel>
  );
}

function eventsPlace({ kinds, agentId, runId }: ReturnType<typeof planTranscript>['filter']): string {
  const query = new URLSearchParams({ kind: kinds.join(',') });
  if (agentId !== undefined) query.set('agent', agentId);
  if (runId !== undefined) query.set('run', runId);
  return `/events?${query}`;
}

const callSigns = {
  completed: { shape: 'check', tone: 'completed' },
  failed: { shape: 'cross', tone: 'failed' },
  abandoned: { shape: 'break', tone: 'waiting' },
} as const;

/** The sign of an event; what an agent did has none of its own, but a call of a tool ends well or badly. */
function signOf(event: Event): ReturnType<typeof eventSign> {
  const activity = event.kind === 'attempt.did' ? event.activity : null;
  return activity?.kind === 'toolCallFinished' ? callSigns[activity.status] : eventSign(event);
}

function Line({ said: { event, title } }: { readonly said: SaidEvent }) {
  const { shape, tone } = signOf(event);
  const told = eventLine(event);
  const line = title === null ? told : `${title}: ${told}`;
  return (
    <li className={classes.line}>
      <span className={classes.lineHead}>
        <time dateTime={new Date(event.at).toISOString()} title={formatAbsolute(event.at)}>
          {formatClock(event.at)}
        </time>
        <StateShape shape={shape} tone={tone} />
        <span className={classes.lineKind}>{event.kind}</span>
      </span>
      {line !== '' && (
        <span className={classes.lineText} title={line}>
          {line}
        </span>
      )}
      <EventLinks event={event} />
    </li>
  );
}
