import { ActionIcon } from '@mantine/core';
import { useReactFlow } from '@xyflow/react';
import { Maximize, Minus, Plus, TableProperties } from 'lucide-react';
import { useEffect } from 'react';
import type { Drawing, Room } from './fold-columns.ts';
import { fitInto } from './fold-columns.ts';
import classes from './stage-graph.module.css';

export interface GraphControlsProps {
  readonly drawing: Drawing;
  readonly room: Room | null;
  readonly onTable: () => void;
}

/**
 * Zoom, fit, and the way to the table. Fits by itself when the drawing is another one, or its room: inside of the graph,
 * which has to be there before it can be moved.
 */
export function GraphControls({ drawing, room, onTable }: GraphControlsProps) {
  const flow = useReactFlow();
  useEffect(() => {
    if (room !== null) void flow.setViewport(fitInto(drawing, room));
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
