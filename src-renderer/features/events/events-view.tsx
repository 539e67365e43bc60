import { Button } from '@mantine/core';
import { Download, Pause, Play, RotateCw } from 'lucide-react';
import { memo, useCallback, useMemo, useState } from 'react';
import { largestWindow, tailSize } from '../../api/event-window.ts';
import type { EventTail } from '../../api/use-events.ts';
import { useEvents } from '../../api/use-events.ts';
import { formatCount } from '../../format/amount.ts';
import { useHashSearch } from '../../ui/hash-location.ts';
import { useShortcut } from '../../ui/keyboard.ts';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import type { AskedEvents } from './event-filter.ts';
import { eventsDownload, readEventFilter } from './event-filter.ts';
import { EventFilters } from './event-filters.tsx';
import { EventList } from './event-list.tsx';
import classes from './events.module.css';

/** Everything that happened, newest first, live, with its facts and where it leads. */
export function EventsView() {
  const search = useHashSearch();
  const key = JSON.stringify(readEventFilter(search));
  // The same filter read anew must not begin the stream anew.
  const asked = useMemo(() => JSON.parse(key) as AskedEvents, [key]);
  const [isPausedByHand, setPausedByHand] = useState(false);
  const [isAtTop, setAtTop] = useState(true);
  const [top, setTop] = useState(0);
  const isLive = asked.filter.search === undefined;
  const isPaused = isPausedByHand || !isAtTop;
  const stream = useEvents(asked.filter, { isPaused });

  const pause = useCallback(() => setPausedByHand(true), []);
  const goOn = useCallback(() => {
    setPausedByHand(false);
    setAtTop(true);
    setTop((count) => count + 1);
  }, []);
  useShortcut('p', 'Pause the tail, or let it go on', () => (isPaused ? goOn() : pause()), {
    group: 'Events',
    enabled: isLive,
  });

  return (
    <Page
      title="Events"
      about={<Tail isLive={isLive} isPaused={isPaused} stream={stream} />}
      actions={
        <>
          {isLive ? (
            <TailButton isPaused={isPaused} heldCount={stream.heldCount} onPause={pause} onGoOn={goOn} />
          ) : (
            <Button
              variant="default"
              leftSection={<RotateCw size={14} aria-hidden="true" />}
              onClick={() => stream.restart()}
            >
              Search again
            </Button>
          )}
          <ExportButton filter={asked.filter} />
        </>
      }
      bar={<EventFilters asked={asked} />}
      isFilled
    >
      <Content
        stream={stream}
        isFiltered={Object.keys(asked.filter).length > 0}
        faults={asked.faults}
        top={top}
        onAtTop={setAtTop}
        onRead={pause}
      />
    </Page>
  );
}

interface TailProps {
  readonly isLive: boolean;
  readonly isPaused: boolean;
  readonly stream: EventTail;
}

/** Whether what is seen goes on, and how much of everything it is. */
function Tail({ isLive, isPaused, stream }: TailProps) {
  if (!isLive) return <span>Search looks through what has happened; it does not go on live.</span>;
  return (
    <>
      <span className={classes.tail}>
        <StateShape shape={isPaused ? 'bars' : 'track'} tone={isPaused ? 'idle' : 'running'} />
        {isPaused ? 'Paused' : 'Live'}
      </span>
      <span className={classes.note}>{shownSentence(stream)}</span>
    </>
  );
}

function shownSentence({ events, hasOlder, held, heldCount }: EventTail): string {
  if (held.length < heldCount) {
    return `More came than is kept while paused: going on shows the newest ${formatCount(tailSize)}.`;
  }
  if (events.length >= largestWindow) {
    return `${formatCount(largestWindow)} are kept here at most; filter or export for older ones.`;
  }
  if (!hasOlder) return `${formatCount(events.length)} in all`;
  return `The newest ${formatCount(events.length)} are here; older ones come at the end of the list.`;
}

interface TailButtonProps {
  readonly isPaused: boolean;
  /** How many came while it was paused. */
  readonly heldCount: number;
  readonly onPause: () => void;
  readonly onGoOn: () => void;
}

const TailButton = memo(function TailButton({ isPaused, heldCount, onPause, onGoOn }: TailButtonProps) {
  if (!isPaused) {
    return (
      <Button variant="default" leftSection={<Pause size={14} aria-hidden="true" />} onClick={onPause}>
        Pause
      </Button>
    );
  }
  return (
    <Button leftSection={<Play size={14} aria-hidden="true" />} onClick={onGoOn}>
      {heldCount === 0 ? 'Go on' : `Go on, ${formatCount(heldCount)} new`}
    </Button>
  );
});

const ExportButton = memo(function ExportButton({ filter }: { readonly filter: AskedEvents['filter'] }) {
  return (
    <Button
      component="a"
      variant="default"
      href={eventsDownload(filter)}
      download="events.jsonl"
      leftSection={<Download size={14} aria-hidden="true" />}
    >
      Export
    </Button>
  );
});

interface ContentProps {
  readonly stream: EventTail;
  readonly isFiltered: boolean;
  readonly faults: AskedEvents['faults'];
  readonly top: number;
  readonly onAtTop: (isAtTop: boolean) => void;
  readonly onRead: () => void;
}

function Content({ stream, isFiltered, faults, ...list }: ContentProps) {
  const fault = Object.entries(faults)[0];
  if (fault !== undefined) {
    const [name, sentence] = fault;
    return (
      <EmptyState
        title={`The ${name} of the filter cannot be used. ${sentence}`}
        hint="Correct it in the filter above, or take it out."
      />
    );
  }
  if (stream.error !== null && stream.events.length === 0) {
    return (
      <div className={classes.padded}>
        <ErrorNotice error={stream.error} onRetry={stream.restart} />
      </div>
    );
  }
  if (stream.isLoading) {
    return (
      <div className={classes.padded}>
        <Skeleton lines={12} height={18} />
      </div>
    );
  }
  if (stream.events.length === 0) {
    return isFiltered ? (
      <EmptyState title="No event matches the filter." hint="Events that match appear here as they happen." />
    ) : (
      <EmptyState title="Nothing has happened yet." hint="Every change of anything appears here, for good." />
    );
  }
  return <EventList stream={stream} {...list} />;
}
