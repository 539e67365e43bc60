import '@xyflow/react/dist/base.css';
import { MiniMap, ReactFlow, ReactFlowProvider, ViewportPortal } from '@xyflow/react';
import { useMemo, useRef, useState } from 'react';
import type { Traffic, TrafficEdge } from '../../../src-main/contract/api-traffic.ts';
import { mapSize, stillFlow } from '../graph/flow-settings.ts';
import type { Drawing } from '../graph/fold-columns.ts';
import { GraphControls } from '../graph/graph-controls.tsx';
import { block } from '../graph/placement.ts';
import graphClasses from '../graph/stage-graph.module.css';
import { useSize } from '../graph/use-size.ts';
import { useWalk } from '../graph/use-walk.ts';
import type { Connection } from './draw-traffic.ts';
import { drawTraffic } from './draw-traffic.ts';
import type { TrafficBlockNode } from './traffic-block.tsx';
import { TrafficBlock } from './traffic-block.tsx';
import { TrafficTracks } from './traffic-tracks.tsx';
import { edgeKey } from './traffic-words.ts';

/** From this many blocks on a small map shows where one is. */
const mapFrom = 30;
const nodeTypes = { traffic: TrafficBlock };
const label = 'Who talks to whom';

export interface TrafficGraphProps {
  readonly traffic: Traffic;
  /** Id of a node, or key of an edge; null: none. */
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
  readonly onTable: () => void;
}

/** Agents, tools, workflows and the person as blocks, and what is said as tracks between them. */
export function TrafficGraph(props: TrafficGraphProps) {
  return (
    <div className={graphClasses.frame}>
      <ReactFlowProvider>
        <Canvas {...props} />
      </ReactFlowProvider>
    </div>
  );
}

/** The layout, which depends on who talks to whom alone: numbers come without moving a block. */
function useDrawing({ nodes, edges }: Traffic): Drawing {
  const shape = JSON.stringify([
    nodes.map(({ id }) => id).sort(),
    // The order of their keys: how busy they are changes all the time.
    edges.map(({ from, to }) => ({ from, to })).sort((one, other) => (edgeKey(one) < edgeKey(other) ? -1 : 1)),
  ]);
  return useMemo(() => {
    const [ids, connections] = JSON.parse(shape) as [string[], Connection[]];
    return drawTraffic(ids, connections);
  }, [shape]);
}

function Canvas({ traffic, selected, onSelect, onTable }: TrafficGraphProps) {
  const frame = useRef<HTMLDivElement>(null);
  const room = useSize(frame);
  const drawing = useDrawing(traffic);
  const [focused, setFocused] = useState<string | null>(null);
  const walk = useWalk(frame, drawing, setFocused);
  const edges = useMemo(() => new Map(traffic.edges.map((edge) => [edgeKey(edge), edge])), [traffic]);
  const isThere = (id: string | null) => id !== null && drawing.blocks.has(id);
  const tabStop = [focused, selected].find(isThere) ?? traffic.nodes[0]?.id ?? null;
  const nodes = useNodes({ traffic, drawing, selected, tabStop, onSelect });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the blocks in it are buttons; it only hears their arrow keys
    <div ref={frame} className={graphClasses.canvas} onKeyDown={walk}>
      {room !== null && (
        <ReactFlow aria-label={label} nodes={nodes} edges={[]} nodeTypes={nodeTypes} {...stillFlow}>
          <ViewportPortal>
            <TrafficTracks drawing={drawing} edges={edges} selected={selected} onSelect={onSelect} />
          </ViewportPortal>
          {nodes.length > mapFrom && (
            <MiniMap
              ariaLabel={`Map: ${label}`}
              nodeColor="var(--line-strong)"
              style={mapSize}
              position="bottom-left"
              pannable
            />
          )}
          <GraphControls
            drawing={drawing}
            room={room}
            seenFirst={isThere(selected) ? selected : busiestAgent(traffic)}
            onTable={onTable}
          />
        </ReactFlow>
      )}
    </div>
  );
}

function useNodes(parts: {
  readonly traffic: Traffic;
  readonly drawing: Drawing;
  readonly selected: string | null;
  readonly tabStop: string | null;
  readonly onSelect: (key: string) => void;
}): TrafficBlockNode[] {
  const { traffic, drawing, selected, tabStop, onSelect } = parts;
  return useMemo(() => {
    const open = openQuestions(traffic.edges);
    return traffic.nodes.map((node): TrafficBlockNode => {
      const [isSelected, isTabStop] = [node.id === selected, node.id === tabStop];
      return {
        id: node.id,
        type: 'traffic',
        position: drawing.blocks.get(node.id) ?? { x: 0, y: 0 },
        ...block,
        // The button in it says what it is.
        ariaRole: 'presentation',
        domAttributes: { 'aria-roledescription': undefined },
        data: { node, openQuestions: open.get(node.id) ?? 0, isSelected, isTabStop, onSelect },
      };
    });
  }, [traffic, drawing, selected, tabStop, onSelect]);
}

/** Of a graph that is too large to be read as a whole, its part is seen first. */
function busiestAgent({ nodes }: Traffic): string | null {
  const agents = nodes.filter(({ kind }) => kind === 'agent').sort((one, other) => other.count - one.count);
  return agents[0]?.id ?? null;
}

/** How many questions wait, by whom they are put to. */
function openQuestions(edges: readonly TrafficEdge[]): ReadonlyMap<string, number> {
  const open = new Map<string, number>();
  for (const edge of edges) {
    if (edge.kind === 'question') open.set(edge.to, (open.get(edge.to) ?? 0) + edge.open);
  }
  return open;
}
