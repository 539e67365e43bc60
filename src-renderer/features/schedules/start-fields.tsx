import { SegmentedControl, Select, TextInput } from '@mantine/core';
import { priorities } from '../../../src-main/contract/states.ts';
import { useEntry } from '../../api/use-entry.ts';
import { ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { EnqueueFields } from '../queue/enqueue-fields.tsx';
import { RunField } from '../workflows/run-field.tsx';
import { referenceOf, workflowWords } from '../workflows/workflow-address.ts';
import classes from './schedules.module.css';
import type { RunStartState, StartFormState } from './use-start-form.ts';

/** What a schedule starts: a run, with the fields that its workflow declares, or a task. */
export function StartFields({ state }: { readonly state: StartFormState }) {
  return (
    <fieldset className={classes.group}>
      <legend>What it starts</legend>
      <SegmentedControl
        aria-label="What it starts"
        data={[
          { value: 'run', label: 'A run of a workflow' },
          { value: 'task', label: 'A command or a prompt' },
        ]}
        value={state.kind}
        onChange={(kind) => state.setKind(kind === 'task' ? 'task' : 'run')}
      />
      {state.kind === 'run' ? <RunFields run={state.run} /> : <EnqueueFields state={state.task} hasDelay={false} />}
    </fieldset>
  );
}

function RunFields({ run }: { readonly run: RunStartState }) {
  const { data } = useEntry('listWorkflows', {});
  const workflows = data?.workflows ?? [];
  const known = workflows.map((workflow) => ({ value: referenceOf(workflow), label: workflowWords(workflow) }));
  const isListed = run.workflow === null || known.some(({ value }) => value === run.workflow);
  return (
    <>
      <Select
        label="Workflow"
        description="Each run takes the file as it is then."
        required
        searchable
        // A path stands in no list, and a file may have gone.
        data={isListed ? known : [{ value: run.workflow ?? '', label: run.workflow ?? '' }, ...known]}
        value={run.workflow}
        error={run.workflowFault}
        allowDeselect={false}
        onChange={(chosen) => {
          run.choose(chosen);
          // A project's agents and settings hold only in its folder.
          const project = workflows.find((workflow) => referenceOf(workflow) === chosen)?.project ?? null;
          if (project !== null && run.place.folder.trim() === '') run.setPlace({ folder: project });
        }}
      />
      {run.isLoading && <Skeleton lines={3} height={28} />}
      {run.error !== null && <ErrorNotice error={run.error} />}
      {run.specs.map((spec) => (
        <RunField
          key={spec.name}
          spec={spec}
          value={run.values[spec.name] ?? ''}
          fault={run.faultOf(spec)}
          onChange={(value) => run.set(spec.name, value)}
          onLeave={() => run.leave(spec.name)}
        />
      ))}
      <div className={classes.wideAndNarrow}>
        <TextInput
          label="Folder"
          description="Absolute. Empty: a new one for each run"
          value={run.place.folder}
          error={run.folderFault}
          onChange={(event) => run.setPlace({ folder: event.currentTarget.value })}
        />
        <Select
          label="Priority"
          description="Most urgent first"
          data={[...priorities]}
          value={run.place.priority}
          allowDeselect={false}
          onChange={(value) => run.setPlace({ priority: priorities.find((known) => known === value) ?? 'normal' })}
        />
      </div>
    </>
  );
}
