import { ActionIcon, Button } from '@mantine/core';
import { ChartNoAxesGantt, ChevronLeft, ChevronRight, Maximize2, Table2, ZoomIn, ZoomOut } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useMemo, useState } from 'react';
import { isRunEnded } from '../../../src-main/contract/states.ts';
import type { RunWork } from '../../api/fold-run-work.ts';
import { useEvents } from '../../api/use-events.ts';
import { useNow } from '../../ui/use-now.ts';
import classes from './timeline.module.css';
import { TimelineChart } from './timeline-chart.tsx';
import { openRows, timelineKinds, timelineRows } from './timeline-rows.ts';
import type { TimeWindow } from './timeline-spans.ts';
import { fitWindow, panWindow, zoomWindow } from './timeline-spans.ts';
import { TimelineTable } from './timeline-table.tsx';

export interface TimelineTabProps {
  readonly work: RunWork;
  readonly selected: string | null;
  readonly onSelect: (stage: string) => void;
}

/** What of the run's time went where: stages, attempts, turns of agents and tool calls on one axis. */
export function TimelineTab({ work, selected, onSelect }: TimelineTabProps) {
  const { run } = work;
  const now = useNow(isRunEnded(run.state) ? null : 1_000);
  const { events, hasOlder, loadOlder } = useEvents({ runId: run.id, kinds: [...timelineKinds] });
  const rows = useMemo(() => timelineRows(work, events), [work, events]);
  const [closed, toggle] = useClosed();
  const shown = useMemo(() => openRows(rows, closed), [rows, closed]);
  const [isTable, setTable] = useState(false);
  const Toggle = isTable ? ChartNoAxesGantt : Table2;
  const [zoomed, setZoomed] = useState<TimeWindow | null>(null);
  const whole = fitWindow(rows[0]?.spans ?? [], now);
  const window = zoomed ?? whole;
  const change = (next: TimeWindow) => setZoomed(next.to - next.from >= whole.to - whole.from ? null : next);
  const moves: Moves = {
    zoomIn: () => change(zoomWindow(window, 0.5, whole)),
    zoomOut: () => change(zoomWindow(window, 2, whole)),
    fit: () => setZoomed(null),
    left: () => zoomed !== null && change(panWindow(window, -0.25, whole)),
    right: () => zoomed !== null && change(panWindow(window, 0.25, whole)),
  };
  return (
    // Keys that nothing inside has taken move the axis.
    <section className={classes.timeline} aria-label="Timeline" onKeyDown={(event) => pressed(event, moves)}>
      <div className={classes.bar}>
        <Legend />
        {hasOlder && (
          <Button variant="subtle" onClick={loadOlder}>
            Load earlier acts of agents
          </Button>
        )}
        <div className={classes.tools}>
          {!isTable && <AxisTools moves={moves} isZoomed={zoomed !== null} />}
          <ActionIcon
            aria-label={isTable ? 'Show as bars' : 'Show as a table'}
            title={isTable ? 'Show as bars' : 'Show as a table'}
            onClick={() => setTable(!isTable)}
          >
            <Toggle size={16} aria-hidden="true" />
          </ActionIcon>
        </div>
      </div>
      {isTable ? (
        <TimelineTable rows={rows} now={now} onSelect={onSelect} />
      ) : (
        <TimelineChart
          rows={shown}
          closed={closed}
          onToggle={toggle}
          window={window}
          beginning={run.createdAt}
          now={now}
          selected={selected}
          onSelect={onSelect}
        />
      )}
    </section>
  );
}

interface Moves {
  readonly zoomIn: () => void;
  readonly zoomOut: () => void;
  readonly fit: () => void;
  readonly left: () => void;
  readonly right: () => void;
}

function pressed(event: KeyboardEvent, moves: Moves): void {
  const keys: Readonly<Record<string, () => void>> = {
    '+': moves.zoomIn,
    '-': moves.zoomOut,
    '0': moves.fit,
    ArrowLeft: moves.left,
    ArrowRight: moves.right,
  };
  const move = keys[event.key];
  if (move === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  move();
}

function AxisTools({ moves, isZoomed }: { readonly moves: Moves; readonly isZoomed: boolean }) {
  return (
    <>
      <ActionIcon aria-label="Earlier" title="Earlier (Left)" disabled={!isZoomed} onClick={moves.left}>
        <ChevronLeft size={16} aria-hidden="true" />
      </ActionIcon>
      <ActionIcon aria-label="Later" title="Later (Right)" disabled={!isZoomed} onClick={moves.right}>
        <ChevronRight size={16} aria-hidden="true" />
      </ActionIcon>
      <ActionIcon aria-label="Closer" title="Closer (+)" onClick={moves.zoomIn}>
        <ZoomIn size={16} aria-hidden="true" />
      </ActionIcon>
      <ActionIcon aria-label="Further away" title="Further away (-)" disabled={!isZoomed} onClick={moves.zoomOut}>
        <ZoomOut size={16} aria-hidden="true" />
      </ActionIcon>
      <ActionIcon aria-label="Show all of it" title="Show all of it (0)" disabled={!isZoomed} onClick={moves.fit}>
        <Maximize2 size={16} aria-hidden="true" />
      </ActionIcon>
    </>
  );
}

const legend = [
  { kind: 'work', label: 'Work' },
  { kind: 'queue', label: 'In the queue' },
  { kind: 'person', label: 'Waiting for a person' },
  { kind: 'paused', label: 'Paused' },
] as const;

function Legend() {
  return (
    <ul className={classes.legend} aria-label="What the bars mean">
      {legend.map(({ kind, label }) => (
        <li key={kind}>
          <span className={classes.swatch} data-kind={kind} data-tone="running" aria-hidden="true" />
          {label}
        </li>
      ))}
    </ul>
  );
}

function useClosed(): [ReadonlySet<string>, (id: string) => void] {
  const [closed, setClosed] = useState<ReadonlySet<string>>(() => new Set());
  const toggle = (id: string) =>
    setClosed((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  return [closed, toggle];
}
