import { ActionIcon } from '@mantine/core';
import { useReactFlow } from '@xyflow/react';
import { Maximize, Minus, Plus, TableProperties } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Drawing, Room } from './fold-columns.ts';
import { fitInto, openAt } from './fold-columns.ts';
import classes from './stage-graph.module.css';

export interface GraphControlsProps {
  readonly drawing: Drawing;
  readonly room: Room | null;
  /** The stage to be seen where there is no room for all; null: the beginning. */
  readonly seenFirst: string | null;
  readonly onTable: () => void;
}

/**
 * Zoom, fit, and the way to the table. Fits by itself when the drawing is another one, or its room: inside of the graph,
 * which has to be there before it can be moved.
 */
export function GraphControls({ drawing, room, seenFirst, onTable }: GraphControlsProps) {
  const flow = useReactFlow();
  const first = useRef(seenFirst);
  useEffect(() => {
    first.current = seenFirst;
  });
  useEffect(() => {
    if (room !== null) void flow.setViewport(openAt(drawing, room, first.current));
  }, [drawing, room, flow]);
  const controls = [
    { label: 'Zoom in', Icon: Plus, run: () => void flow.zoomIn() },
    { label: 'Zoom out', Icon: Minus, run: () => void flow.zoomOut() },
    {
      label: 'Show everything',
      Icon: Maximize,
      run: () => room !== null && void flow.setViewport(fitInto(drawing, room)),
    },
    { label: 'Show as a table', Icon: TableProperties, run: onTable },
  ];
  return (
    <div className={classes.controls} role="toolbar" aria-label="Graph">
      {controls.map(({ label, Icon, run }) => (
        <ActionIcon key={label} aria-label={label} title={label} onClick={run}>
          <Icon size={15} aria-hidden="true" />
        </ActionIcon>
      ))}
    </div>
  );
}
