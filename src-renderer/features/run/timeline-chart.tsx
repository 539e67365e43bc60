import { ChevronDown, ChevronRight } from 'lucide-react';
import { Virtuoso } from 'react-virtuoso';
import { formatDuration } from '../../format/duration.ts';
import { formatAbsolute } from '../../format/time.ts';
import classes from './timeline.module.css';
import type { TimelineRow } from './timeline-rows.ts';
import type { Span, TimeWindow } from './timeline-spans.ts';
import { placeSpan, ticksOf } from './timeline-spans.ts';

/** The most marks on the axis: more would touch each other in the narrowest window. */
const mostTicks = 7;

export interface TimelineChartProps {
  readonly rows: readonly TimelineRow[];
  readonly closed: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
  readonly window: TimeWindow;
  /** When the run was created: the axis counts from it. */
  readonly beginning: number;
  readonly now: number;
  readonly selected: string | null;
  readonly onSelect: (stage: string) => void;
}

/** Bars on a time axis; only the lines in sight are drawn. */
export function TimelineChart(props: TimelineChartProps) {
  const { rows, window, beginning } = props;
  const ticks = ticksOf(window, beginning, mostTicks);
  return (
    <div className={classes.chart}>
      <div className={classes.axis} aria-hidden="true">
        <span className={classes.axisTitle}>Since {formatAbsolute(beginning)}</span>
        <div className={classes.ticks}>
          {ticks.map(({ offsetMs, left, label }) => (
            <span key={offsetMs} className={classes.tick} style={{ left: `${left}%` }}>
              {label}
            </span>
          ))}
        </div>
      </div>
      <div className={classes.rows}>
        <div className={classes.lines} aria-hidden="true">
          {ticks.map(({ offsetMs, left }) => (
            <span key={offsetMs} className={classes.rule} style={{ left: `${left}%` }} />
          ))}
        </div>
        <Virtuoso
          className={classes.list}
          role="region"
          aria-label="Lines of the timeline"
          data={rows}
          computeItemKey={(_index, { id }) => id}
          increaseViewportBy={200}
          itemContent={(_index, row) => <Line row={row} {...props} />}
        />
      </div>
    </div>
  );
}

function Line({
  row,
  closed,
  onToggle,
  selected,
  onSelect,
  window,
  now,
}: TimelineChartProps & { readonly row: TimelineRow }) {
  const { id, stage, label, about, spans, depth, hasParts, tone } = row;
  const isOpen = !closed.has(id);
  const Arrow = isOpen ? ChevronDown : ChevronRight;
  return (
    <div className={classes.row} data-selected={(stage !== null && stage === selected) || undefined}>
      <div className={classes.label} style={{ paddingLeft: 8 + depth * 14 }}>
        {hasParts ? (
          <button
            type="button"
            className={classes.fold}
            aria-expanded={isOpen}
            aria-label={`Parts of ${label}`}
            onClick={() => onToggle(id)}
          >
            <Arrow size={12} aria-hidden="true" />
          </button>
        ) : (
          <span className={classes.fold} />
        )}
        <button
          type="button"
          className={classes.name}
          data-kind={row.kind}
          disabled={stage === null}
          title={`${label}: ${about}`}
          aria-label={describe(row, now)}
          onClick={() => stage !== null && onSelect(stage)}
        >
          {label} <span className={classes.about}>{about}</span>
        </button>
      </div>
      <div className={classes.track}>
        {spans.map((span) => (
          <Bar key={`${span.kind}${span.from}`} span={span} tone={tone} window={window} now={now} row={row} />
        ))}
      </div>
    </div>
  );
}

interface BarProps {
  readonly span: Span;
  readonly tone: TimelineRow['tone'];
  readonly window: TimeWindow;
  readonly now: number;
  readonly row: TimelineRow;
}

function Bar({ span, tone, window, now, row }: BarProps) {
  const place = placeSpan(span, window, now);
  if (place === null) return null;
  return (
    <span
      className={classes.span}
      data-kind={span.kind}
      data-tone={tone}
      data-row={row.kind}
      data-live={span.to === null || undefined}
      style={{ left: `${place.left}%`, width: `${place.width}%` }}
      title={`${row.label}: ${spanWords[span.kind]} ${formatDuration((span.to ?? now) - span.from)}`}
    />
  );
}

const spanWords = {
  work: 'worked',
  queue: 'in the queue for',
  person: 'waited for a person for',
  paused: 'paused for',
};

/** A line in one sentence, for those who do not see the bars. */
function describe({ kind, label, about, spans }: TimelineRow, now: number): string {
  const parts = spans.map((span) => `${spanWords[span.kind]} ${formatDuration((span.to ?? now) - span.from)}`);
  return [`${kind === 'run' || kind === 'stage' || kind === 'tool' ? `${kind} ` : ''}${label}`, about, ...parts].join(
    ', ',
  );
}
