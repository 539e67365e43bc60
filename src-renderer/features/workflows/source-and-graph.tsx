import { SegmentedControl } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import { ErrorNotice } from '../../ui/notices.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import { stagesOf } from '../graph/graph-stage.ts';
import { StageGraph } from '../graph/stage-graph.tsx';
import { countProblems } from './problem-count.ts';
import { ProblemList } from './problem-list.tsx';
import type { EditorTarget } from './source-editor.tsx';
import { SourceEditor } from './source-editor.tsx';
import { useValidation } from './use-validation.ts';
import { lineOfStage } from './workflow-text.ts';
import classes from './workflows.module.css';

export interface SourceAndGraphProps {
  readonly name: string;
  readonly source: string;
  /** The project that brings it; absent: none does. */
  readonly project?: string | null;
  /** Absent: it can only be read. */
  readonly onChange?: (source: string) => void;
}

/** The text of a workflow beside the graph that it describes; one of the two at a time where there is little room. */
export function SourceAndGraph({ name, source, project = null, onChange }: SourceAndGraphProps) {
  const validation = useValidation(source, project);
  const { problems, definition, isEarlier, isPending, error } = validation;
  const [pane, setPane] = useState<'source' | 'graph'>('source');
  const [target, setTarget] = useState<EditorTarget | null>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const stages = useMemo(() => (definition === null ? null : stagesOf(definition)), [definition]);
  const { words, tone } = countProblems(problems);
  const select = useCallback(
    (stage: string) => {
      setSelected(stage);
      const line = lineOfStage(source, stage);
      if (line !== null) setTarget({ line, column: 1, isFocused: false });
    },
    [source],
  );
  return (
    <div className={classes.split} data-pane={pane}>
      <SegmentedControl
        className={classes.panes}
        aria-label="Shown"
        data={[
          { value: 'source', label: 'Source' },
          { value: 'graph', label: 'Graph' },
        ]}
        value={pane}
        onChange={setPane}
      />
      <section className={classes.source} aria-label="Source">
        <SourceEditor
          source={source}
          problems={problems}
          isReadOnly={onChange === undefined}
          label={`Source of ${name}`}
          target={target}
          {...(onChange === undefined ? {} : { onChange })}
        />
        <footer className={classes.verdict} aria-live="polite">
          {isPending ? (
            'Checking …'
          ) : (
            <span className={classes.mark}>
              <StateShape shape={tone === 'failed' ? 'cross' : 'check'} tone={tone} /> {words}
            </span>
          )}
        </footer>
        {error !== null && <ErrorNotice error={error} />}
        <ProblemList
          problems={problems}
          onOpen={(problem) => {
            setPane('source');
            setTarget({ line: problem.line, column: problem.column, isFocused: true });
          }}
        />
      </section>
      <section className={classes.graph} aria-label="Graph">
        {isEarlier && (
          <p className={classes.earlier} role="status">
            <StateShape shape="break" tone="waiting" /> This is the graph of the last text without errors.
          </p>
        )}
        {stages === null ? (
          <p className={classes.noGraph}>{isPending ? '' : 'The graph appears once the text has no errors.'}</p>
        ) : (
          <StageGraph stages={stages} selected={selected} onSelect={select} label={`Stages of ${name}`} />
        )}
      </section>
    </div>
  );
}
