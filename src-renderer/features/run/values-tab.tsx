import { useMemo } from 'react';
import { Link } from 'wouter';
import type { RunWork } from '../../api/fold-run-work.ts';
import { KeyValue } from '../../ui/figures.tsx';
import { CopyButton, Identifier } from '../../ui/identifier.tsx';
import { EmptyState } from '../../ui/notices.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { addressOfReference } from '../workflows/workflow-address.ts';
import { JsonTree } from './json-tree.tsx';
import classes from './run.module.css';

/** What went into a run and what came out of it, and where its files are. */
export function ValuesTab({ work }: { readonly work: RunWork }) {
  const { run } = work;
  const withOutputs = useMemo(() => run.stages.filter(({ outputs }) => outputs !== null), [run.stages]);
  return (
    <div className={classes.values}>
      <Panel title="Inputs">
        {Object.keys(run.inputs).length === 0 ? (
          <p className={classes.muted}>It was started without inputs.</p>
        ) : (
          <JsonTree value={run.inputs} label="Inputs" />
        )}
      </Panel>
      <Panel title="Where and what">
        <KeyValue
          items={[
            [
              'Folder',
              <span key="folder" className={classes.path}>
                <code className={classes.wrapped}>{run.folder}</code>
                <CopyButton text={run.folder} label="Copy the folder" />
              </span>,
            ],
            [
              'Workflow',
              <Link key="workflow" href={addressOfReference(run.workflow, run.folder)}>
                {run.workflow}
              </Link>,
            ],
            ['Version', <Identifier key="version" id={run.workflowHash} />],
            ['Run', <Identifier key="run" id={run.id} />],
            ['Trace', <Identifier key="trace" id={run.traceId} />],
            [
              'Request',
              <code key="request" className={classes.wrapped}>
                {run.requestId}
              </code>,
            ],
            ['Created', <RelativeTime key="created" at={run.createdAt} />],
          ]}
        />
      </Panel>
      {withOutputs.length === 0 && (
        <Panel title="Outputs">
          <EmptyState title="Outputs of stages appear here." hint="A stage has them once it has completed." />
        </Panel>
      )}
      {withOutputs.map(({ name, state, outputs, inherited }) => (
        <Panel
          key={name}
          title={`Outputs of ${name}`}
          actions={<StateMark of="stage" state={state} {...(inherited ? { word: 'Kept' } : {})} />}
        >
          {Object.keys(outputs ?? {}).length === 0 ? (
            <p className={classes.muted}>It has none.</p>
          ) : (
            <JsonTree value={outputs} label={`Outputs of ${name}`} />
          )}
        </Panel>
      ))}
    </div>
  );
}
