import type { Node, NodeProps } from '@xyflow/react';
import { Bot, User, Workflow, Wrench } from 'lucide-react';
import { memo } from 'react';
import type { TrafficNode } from '../../../src-main/contract/api-traffic.ts';
import { StateShape } from '../../ui/state-mark.tsx';
import graphClasses from '../graph/stage-graph.module.css';
import { countWords, nodeWords } from './traffic-words.ts';

export interface TrafficBlockData extends Record<string, unknown> {
  readonly node: TrafficNode;
  /** How many questions to it have no answer yet. */
  readonly openQuestions: number;
  readonly isSelected: boolean;
  /** Whether Tab comes here: one block of the graph, from which the arrow keys lead on. */
  readonly isTabStop: boolean;
  readonly onSelect: (id: string) => void;
}
export type TrafficBlockNode = Node<TrafficBlockData, 'traffic'>;

const kindIcons = { agent: Bot, tool: Wrench, person: User, workflow: Workflow } as const;

/** Who talks, or is talked to, as a block on the track. */
export const TrafficBlock = memo(function TrafficBlock({ data }: NodeProps<TrafficBlockNode>) {
  const { node, openQuestions, isSelected, isTabStop, onSelect } = data;
  const Icon = kindIcons[node.kind];
  return (
    <button
      type="button"
      className={graphClasses.block}
      data-stage={node.id}
      data-tone={openQuestions > 0 ? 'waiting' : 'none'}
      aria-pressed={isSelected}
      title={`${nodeWords[node.kind]} ${node.name}`}
      tabIndex={isTabStop ? 0 : -1}
      onClick={() => onSelect(node.id)}
    >
      <span className={graphClasses.head}>
        <Icon size={14} aria-hidden="true" className={graphClasses.kind} />
        <span className={graphClasses.name}>{node.name}</span>
      </span>
      <span className={graphClasses.foot}>
        <span className={graphClasses.about}>
          {node.kind === 'person' ? '' : `${nodeWords[node.kind]} · `}
          {countWords(node)}
        </span>
        {openQuestions > 0 && (
          <span className={graphClasses.progress}>
            <StateShape shape="diamond" tone="waiting" /> {openQuestions} open
          </span>
        )}
      </span>
    </button>
  );
});
