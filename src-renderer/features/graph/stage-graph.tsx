import '@xyflow/react/dist/base.css';
import { MiniMap, ReactFlow, ReactFlowProvider, ViewportPortal } from '@xyflow/react';
import { useMemo, useRef, useState } from 'react';
import { mapSize, stillFlow } from './flow-settings.ts';
import type { Drawing, Room } from './fold-columns.ts';
import { foldColumns } from './fold-columns.ts';
import { GraphControls } from './graph-controls.tsx';
import type { GraphStage } from './graph-stage.ts';
import { placeStages } from './place-stages.ts';
import type { Placeable } from './placement.ts';
import { block } from './placement.ts';
import type { StageBlockNode } from './stage-block.tsx';
import { StageBlock } from './stage-block.tsx';
import classes from './stage-graph.module.css';
import { StageTable } from './stage-table.tsx';
import { Tracks } from './tracks.tsx';
import { useSize } from './use-size.ts';
import { useWalk } from './use-walk.ts';

/** What can be drawn and still be looked at; more is shown as a table. */
const mostDrawn = { stages: 500, needs: 2_000 } as const;
/** From this many stages on a small map shows where one is. */
const mapFrom = 30;
const nodeTypes = { stage: StageBlock };

export interface StageGraphProps {
  /** In the order of the workflow's file. */
  readonly stages: readonly GraphStage[];
  readonly selected: string | null;
  readonly onSelect: (name: string) => void;
  /** What the stages are of, for screen readers: "Stages of app". */
  readonly label: string;
}

/** Stages as blocks on a track, from left to right, live; or as a table, when there are too many or a person likes it. */
export function StageGraph(props: StageGraphProps) {
  const { stages, selected, onSelect, label } = props;
  const [isTable, setTable] = useState(false);
  const needs = stages.reduce((sum, stage) => sum + stage.needs.length, 0);
  const isTooLarge = stages.length > mostDrawn.stages || needs > mostDrawn.needs;
  if (!isTable && !isTooLarge) {
    return (
      <div className={classes.frame}>
        <ReactFlowProvider>
          <Canvas {...props} onTable={() => setTable(true)} />
        </ReactFlowProvider>
      </div>
    );
  }
  return (
    <div className={classes.frame}>
      <p className={classes.notice}>
        {isTooLarge ? (
          `${stages.length} stages with ${needs} dependencies are too many to draw; this table has them all.`
        ) : (
          <button type="button" className={classes.pick} onClick={() => setTable(false)}>
            Show as a graph
          </button>
        )}
      </p>
      <StageTable stages={stages} selected={selected} onSelect={onSelect} label={label} />
    </div>
  );
}

/** The layout, which depends on names and needs alone: states come and go without moving a block. */
function useDrawing(stages: readonly GraphStage[], room: Room | null) {
  const shape = JSON.stringify(stages.map(({ name, needs }) => ({ name, needs })));
  const placement = useMemo(() => placeStages(JSON.parse(shape) as Placeable[]), [shape]);
  const [width, height] = [room?.width ?? 0, room?.height ?? 0];
  return useMemo(() => (width === 0 ? null : foldColumns(placement, { width, height })), [placement, width, height]);
}

function Canvas({ stages, selected, onSelect, label, onTable }: StageGraphProps & { readonly onTable: () => void }) {
  const frame = useRef<HTMLDivElement>(null);
  const room = useSize(frame);
  const drawing = useDrawing(stages, room);
  const [focused, setFocused] = useState<string | null>(null);
  const byName = useMemo(() => new Map(stages.map((stage) => [stage.name, stage])), [stages]);
  const tabStop = [focused, selected].find((name) => name !== null && byName.has(name)) ?? stages[0]?.name ?? null;
  const nodes = useNodes({ stages, drawing, selected, tabStop, onSelect });
  const walk = useWalk(frame, drawing, setFocused);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the blocks in it are buttons; it only hears their arrow keys
    <div ref={frame} className={classes.canvas} onKeyDown={walk}>
      {drawing !== null && (
        <ReactFlow aria-label={label} nodes={nodes} edges={[]} nodeTypes={nodeTypes} {...stillFlow}>
          <ViewportPortal>
            <Tracks drawing={drawing} stages={byName} selected={selected} />
          </ViewportPortal>
          {stages.length > mapFrom && (
            <MiniMap
              ariaLabel={`Map: ${label}`}
              nodeColor="var(--line-strong)"
              style={mapSize}
              position="bottom-left"
              pannable
            />
          )}
          <GraphControls drawing={drawing} room={room} seenFirst={selected ?? noteworthy(stages)} onTable={onTable} />
        </ReactFlow>
      )}
    </div>
  );
}

/** The stage that a person who comes to a large graph wants to see: what waits, or else what runs, or what failed. */
function noteworthy(stages: readonly GraphStage[]): string | null {
  const states = ['waiting', 'running', 'failed'] as const;
  for (const wanted of states) {
    const found = stages.find(({ state }) => state === wanted);
    if (found !== undefined) return found.name;
  }
  return null;
}

function useNodes(parts: {
  readonly stages: readonly GraphStage[];
  readonly drawing: Drawing | null;
  readonly selected: string | null;
  readonly tabStop: string | null;
  readonly onSelect: (name: string) => void;
}): StageBlockNode[] {
  const { stages, drawing, selected, tabStop, onSelect } = parts;
  return useMemo(
    () =>
      stages.map((stage): StageBlockNode => {
        const [isSelected, isTabStop] = [stage.name === selected, stage.name === tabStop];
        return {
          id: stage.name,
          type: 'stage',
          position: drawing?.blocks.get(stage.name) ?? { x: 0, y: 0 },
          ...block,
          // The button in it says what it is.
          ariaRole: 'presentation',
          domAttributes: { 'aria-roledescription': undefined },
          data: { stage, isSelected, isTabStop, onSelect },
        };
      }),
    [stages, drawing, selected, tabStop, onSelect],
  );
}
