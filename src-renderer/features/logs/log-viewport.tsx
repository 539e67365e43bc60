import type { CSSProperties } from 'react';
import { useEffect, useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import type { TextRange } from './line-pieces.ts';
import { LogHeadingRow } from './log-heading-row.tsx';
import { LogLineRow } from './log-line-row.tsx';
import type { LogModel } from './log-model.ts';
import { isFound } from './log-search.ts';
import { selectedPart } from './log-selection.ts';
import styles from './log-viewport.module.css';
import { placeRows } from './place-rows.ts';
import type { RowPlace } from './row-map.ts';
import { useLogPointer } from './use-log-pointer.ts';
import { useLogScroll } from './use-log-scroll.ts';

export interface LogViewportProps {
  readonly model: LogModel;
  readonly label: string;
  readonly isWrapped: boolean;
  readonly hasTimestamps: boolean;
  /** What to mark in a visible line; null where nothing is looked for. */
  readonly wantedIn: (row: number, place: RowPlace) => RegExp | readonly TextRange[] | null;
  /** The row whose long line is drawn as a whole; null when none is. */
  readonly expandedRow: number | null;
  readonly onExpand: (row: number) => void;
}

/** The visible rows of a log, and the bar that moves them. Never more rows than fit into the window. */
export function LogViewport(props: LogViewportProps) {
  const { model, label, isWrapped } = props;
  useSyncExternalStore(model.subscribe, model.version);
  const scroller = useRef<HTMLElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const heights = useRef(new Map<number, number>());
  const moved = useRef(0);

  useLayoutEffect(() => model.setHeights(isWrapped ? heights.current : null), [model, isWrapped]);
  useViewportSize(model, scroller, layer);
  useLogScroll(model, scroller, moved);
  useLogPointer(model, scroller, rows, props.onExpand);
  useLayoutEffect(() => {
    if (scroller.current === null || rows.current === null) return;
    placeRows(model, { scroller: scroller.current, rows: rows.current }, isWrapped ? heights.current : null);
    const scrollTop = model.scale.toScroll(model.top);
    if (Math.abs(scroller.current.scrollTop - scrollTop) >= 1) scroller.current.scrollTop = scrollTop;
    moved.current = scroller.current.scrollTop;
  });

  const most = Math.max(...model.sources.map(({ totalLines }) => totalLines), 1);
  const digits = { '--log-digits': Math.max(4, String(most).length) } as CSSProperties;
  const wrap = isWrapped ? 'yes' : 'no';
  return (
    // The lines are read by moving through them; announcing thousands of them would drown everything else.
    <section
      ref={scroller}
      className={styles.scroller}
      role="log"
      aria-live="off"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
      tabIndex={0}
      data-log-lines
    >
      <div style={{ height: model.scale.contentPx }}>
        <div ref={layer} className={styles.layer} data-wrap={wrap} style={digits}>
          <div ref={rows} className={styles.rows} data-wrap={wrap}>
            {drawnRows(props)}
          </div>
        </div>
      </div>
    </section>
  );
}

function drawnRows({ model, isWrapped: _, hasTimestamps, wantedIn, expandedRow }: LogViewportProps) {
  const { from, to } = model.window;
  const { found } = model.search.state;
  // A row that went out of view gives its elements to one that comes into view, which is faster than new ones.
  const slots = Math.max(1, to - from);
  return Array.from({ length: to - from }, (_row, index) => {
    const row = from + index;
    const place = model.place(row);
    const source = place === null ? undefined : model.sources[place.source];
    if (place === null || source === undefined) return null;
    if (place.line === 0) return <LogHeadingRow key={`heading ${row}`} row={row} source={source} />;
    const selected = selectedPart(model.selection, place);
    const isCurrent = model.current?.source === place.source && model.current.line === place.line;
    return (
      <LogLineRow
        key={row % slots}
        row={row}
        line={model.line(place)}
        number={place.line}
        path={source.path}
        isCurrent={isCurrent}
        isFound={isFound(found, place)}
        wanted={wantedIn(row, place)}
        selectedFrom={selected?.from ?? -1}
        selectedTo={selected?.to ?? -1}
        hasTimestamp={hasTimestamps}
        isExpanded={row === expandedRow}
      />
    );
  });
}

function useViewportSize(
  model: LogModel,
  scroller: React.RefObject<HTMLElement | null>,
  layer: React.RefObject<HTMLDivElement | null>,
): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = () => {
      // The bar at the bottom takes its place from the rows.
      if (layer.current !== null) layer.current.style.height = `${element.clientHeight}px`;
      model.resize(element.clientHeight);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [model, scroller, layer]);
}
