import { TableVirtuoso } from 'react-virtuoso';
import { StateMark } from '../../ui/state-mark.tsx';
import type { GraphStage } from './graph-stage.ts';
import classes from './stage-graph.module.css';

export interface StageTableProps {
  readonly stages: readonly GraphStage[];
  readonly selected: string | null;
  readonly onSelect: (name: string) => void;
  /** What the stages are of, for screen readers. */
  readonly label: string;
}

/** The stages of a graph as rows: for graphs that are too large to be drawn, and for whoever would rather read. */
export function StageTable({ stages, selected, onSelect, label }: StageTableProps) {
  const hasStates = stages.some(({ state }) => state !== undefined);
  return (
    <div className={classes.table}>
      <TableVirtuoso
        data={[...stages]}
        computeItemKey={(_, stage) => stage.name}
        components={{ Table: (props) => <table {...props} aria-label={label} /> }}
        fixedHeaderContent={() => (
          <tr>
            <th scope="col">Stage</th>
            <th scope="col">{hasStates ? 'State' : 'Work'}</th>
            <th scope="col">Needs</th>
          </tr>
        )}
        itemContent={(_, stage) => (
          <>
            <td>
              <button
                type="button"
                className={classes.pick}
                aria-pressed={stage.name === selected}
                onClick={() => onSelect(stage.name)}
              >
                {stage.title ?? stage.name}
              </button>
            </td>
            <td>{stage.state === undefined ? stage.about : <StateCell stage={stage} state={stage.state} />}</td>
            <td>{stage.needs.join(', ')}</td>
          </>
        )}
      />
    </div>
  );
}

function StateCell({ stage, state }: { readonly stage: GraphStage; readonly state: NonNullable<GraphStage['state']> }) {
  return (
    <>
      <StateMark
        of="stage"
        state={state}
        isStuck={stage.isStuck === true}
        {...(stage.word === undefined ? {} : { word: stage.word })}
      />
      {stage.progressText !== undefined && <span className={classes.progress}> {stage.progressText}</span>}
    </>
  );
}
