import { ActionIcon } from '@mantine/core';
import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Virtuoso } from 'react-virtuoso';
import type { Event } from '../../../src-main/contract/event.ts';
import type { RunId } from '../../../src-main/contract/ids.ts';
import { useEvents } from '../../api/use-events.ts';
import { formatClock } from '../../format/time.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { FilterBar } from '../../ui/filter-bar.tsx';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { useQueryState } from '../../ui/use-query-state.ts';
import { eventFacts, eventLine } from './event-facts.ts';
import classes from './run.module.css';

/** Everything that happened to a run and in it, newest first, each with all its facts: its audit. */
export function EventsTab({ runId }: { readonly runId: RunId }) {
  const [text] = useQueryState('q');
  const filter = { runId, ...(text === null || text === '' ? {} : { search: text }) };
  const { events, hasOlder, loadOlder, isLoading, error } = useEvents(filter);
  const newest = useMemo(() => events.toReversed(), [events]);
  const [open, setOpen] = useState<ReadonlySet<number>>(() => new Set());
  const toggle = (seq: number) =>
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(seq)) next.add(seq);
      return next;
    });
  return (
    <div className={classes.filled}>
      <div className={classes.bar}>
        <FilterBar
          storedAs="run-events"
          searchHint="Kind, id, facts"
          end={
            <ActionIcon
              component="a"
              href={`/download/events.jsonl?filter=${encodeURIComponent(JSON.stringify(filter))}`}
              download="events.jsonl"
              aria-label="Export the events, one JSON object per line"
              title="Export the events"
            >
              <Download size={16} aria-hidden="true" />
            </ActionIcon>
          }
        />
      </div>
      {error !== null && <ErrorNotice error={error} />}
      {isLoading && <Skeleton lines={8} height={16} />}
      {!isLoading && newest.length === 0 && error === null && <EmptyState title="No event matches." />}
      {newest.length > 0 && (
        <Virtuoso
          className={classes.events}
          role="region"
          aria-label="Events of the run"
          tabIndex={0}
          data={newest}
          computeItemKey={(_index, { seq }) => seq}
          increaseViewportBy={300}
          endReached={() => hasOlder && loadOlder()}
          itemContent={(_index, event) => (
            <EventRow event={event} isOpen={open.has(event.seq)} onToggle={() => toggle(event.seq)} />
          )}
        />
      )}
    </div>
  );
}

interface EventRowProps {
  readonly event: Event;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function EventRow({ event, isOpen, onToggle }: EventRowProps) {
  const line = eventLine(event);
  return (
    <div className={classes.event}>
      <button type="button" className={classes.eventHead} aria-expanded={isOpen} onClick={onToggle}>
        <span className={classes.seq}>{event.seq}</span>
        <span className={classes.clock}>{formatClock(event.at)}</span>
        <span className={classes.kind}>{event.kind}</span>
        <span className={classes.line} title={line}>
          {line}
        </span>
        <span className={classes.actor}>{event.actor}</span>
        <span className={classes.when}>
          <RelativeTime at={event.at} />
        </span>
      </button>
      {isOpen && (
        <div className={classes.facts}>
          <CodeBlock text={eventFacts(event)} label={`Facts of event ${event.seq}`} />
        </div>
      )}
    </div>
  );
}
