import type { Node, NodeProps } from '@xyflow/react';
import { Bot, Hand, SquareTerminal } from 'lucide-react';
import { memo } from 'react';
import { Spoken } from '../../ui/spoken.tsx';
import { lookOf } from '../../ui/state-looks.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import type { GraphStage } from './graph-stage.ts';
import { describeRest } from './graph-stage.ts';
import classes from './stage-graph.module.css';

export interface StageBlockData extends Record<string, unknown> {
  readonly stage: GraphStage;
  readonly isSelected: boolean;
  /** Whether Tab comes here: one block of a graph, from which the arrow keys lead on. */
  readonly isTabStop: boolean;
  readonly onSelect: (name: string) => void;
}
export type StageBlockNode = Node<StageBlockData, 'stage'>;

const kindIcons = { agent: Bot, run: SquareTerminal, approval: Hand } as const;

/** One stage as a block on the track. */
export const StageBlock = memo(function StageBlock({ data }: NodeProps<StageBlockNode>) {
  const { stage, isSelected, isTabStop, onSelect } = data;
  const word = wordOf(stage);
  const Icon = kindIcons[stage.kind];
  return (
    <button
      type="button"
      className={classes.block}
      data-stage={stage.name}
      data-tone={toneOf(stage)}
      data-state={stage.state}
      data-stuck={stage.isStuck === true || undefined}
      aria-pressed={isSelected}
      title={stage.title === undefined ? stage.name : `${stage.title} (${stage.name})`}
      tabIndex={isTabStop ? 0 : -1}
      onClick={() => onSelect(stage.name)}
    >
      <span className={classes.head}>
        <Icon size={14} aria-hidden="true" className={classes.kind} />
        <span className={classes.name}>{stage.title ?? stage.name}</span>
        {stage.attempt !== undefined && stage.attempt > 1 && <span className={classes.attempt}>#{stage.attempt}</span>}
      </span>
      <span className={classes.foot}>
        {stage.state === undefined ? (
          <span className={classes.about}>{stage.about}</span>
        ) : (
          <StateMark
            of="stage"
            state={stage.state}
            isStuck={stage.isStuck === true}
            {...(word === null ? {} : { word })}
          />
        )}
        {stage.progressText !== undefined && <span className={classes.progress}>{stage.progressText}</span>}
      </span>
      <Spoken>{describeRest(stage)}</Spoken>
    </button>
  );
});

/** The word of a stage's state; an approval that is open waits for nobody but the person who looks. */
function wordOf(stage: GraphStage): string | null {
  if (stage.state === undefined) return null;
  if (stage.word !== undefined) return stage.word;
  if (stage.isStuck === true) return 'Stuck';
  if (stage.state === 'waiting' && stage.kind === 'approval') return 'Waiting for you';
  return lookOf('stage', stage.state).word;
}

/** The tone of a stage without a state is none: it is part of a workflow, not of a run. */
function toneOf(stage: GraphStage): string {
  return stage.state === undefined ? 'none' : lookOf('stage', stage.state).tone;
}
