import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { VirtuosoHandle } from 'react-virtuoso';
import { Virtuoso } from 'react-virtuoso';
import type { EventTail } from '../../api/use-events.ts';
import { useShortcut } from '../../ui/keyboard.ts';
import { EventRow } from './event-row.tsx';
import classes from './events.module.css';

export interface EventListProps {
  readonly stream: EventTail;
  /** Another number: back to the newest. */
  readonly top: number;
  /** Whether the newest are in sight. */
  readonly onAtTop: (isAtTop: boolean) => void;
  /** Somebody reads an event: the list should stand still. */
  readonly onRead: () => void;
}

/** The events of a stream, newest first; only those in sight are in the page. */
export function EventList({ stream, top, onAtTop, onRead }: EventListProps) {
  const rows = useMemo(() => stream.events.toReversed(), [stream.events]);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const [currentSeq, setCurrentSeq] = useState<number | null>(null);
  const list = useRef<VirtuosoHandle>(null);

  useEffect(() => {
    if (top > 0) list.current?.scrollToIndex({ index: 0 });
  }, [top]);

  const toggle = useCallback(
    (seq: number) => {
      setCurrentSeq(seq);
      setOpen((before) => {
        const next = new Set(before);
        if (!next.delete(seq)) next.add(seq);
        return next;
      });
      onRead();
    },
    [onRead],
  );
  const move = (by: number) => {
    const at = rows.findIndex(({ seq }) => seq === currentSeq);
    const index = at < 0 ? 0 : Math.min(Math.max(0, at + by), rows.length - 1);
    setCurrentSeq(rows[index]?.seq ?? null);
    onRead();
    list.current?.scrollIntoView({ index });
  };
  const group = 'Lists';
  useShortcut('j', 'Next row', () => move(1), { group });
  useShortcut('k', 'Row before', () => move(-1), { group });
  useShortcut('Enter', 'Show the facts', () => currentSeq !== null && toggle(currentSeq), {
    group,
    enabled: currentSeq !== null,
  });

  return (
    <div className={classes.frame}>
      <Virtuoso
        ref={list}
        className={classes.scroller}
        data={rows}
        aria-label="Events"
        tabIndex={0}
        // What is focused stands still: its row would give its place to a newer event.
        onFocus={(event) => isInRow(event.target) && onRead()}
        increaseViewportBy={300}
        atTopThreshold={24}
        atTopStateChange={onAtTop}
        endReached={() => stream.loadOlder()}
        // Rows keep their elements and show other events: at thousands a second new elements would cost far more.
        itemContent={(_index, event) => (
          <EventRow event={event} isOpen={open.has(event.seq)} isCurrent={event.seq === currentSeq} onToggle={toggle} />
        )}
      />
    </div>
  );
}

function isInRow(element: Element): boolean {
  return element.closest(`.${classes.item}`) !== null;
}
