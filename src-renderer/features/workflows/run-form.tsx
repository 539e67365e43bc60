import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { ListChecks, Play } from 'lucide-react';
import type { FormEvent } from 'react';
import { useEffect, useRef } from 'react';
import type { ApiInput, ApiOutput } from '../../../src-main/contract/api.ts';
import { priorities } from '../../../src-main/contract/states.ts';
import type { WorkflowDefinition } from '../../../src-main/contract/workflow.ts';
import { useEntry } from '../../api/use-entry.ts';
import { ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { PlanTable } from './plan-table.tsx';
import { RunField } from './run-field.tsx';
import { useRunForm } from './use-run-form.ts';
import classes from './workflows.module.css';

export interface RunFormProps {
  /** What asks the engine for the workflow. */
  readonly asked: ApiInput<'getWorkflow'>;
  /** Called with the run once it is stored; usually goes to its page. */
  readonly onStarted: (run: ApiOutput<'startRun'>) => void;
}

/** The form that starts a run, made of the inputs that the workflow declares. */
export function RunForm({ asked, onStarted }: RunFormProps) {
  const { data, error, refetch } = useEntry('getWorkflow', asked);
  if (data === undefined) {
    return error === null ? <Skeleton lines={6} height={28} /> : <ErrorNotice error={error} onRetry={refetch} />;
  }
  if (data.definition === null) {
    return <ErrorNotice error={brokenFile(data.path, data.problems)} onRetry={refetch} />;
  }
  // Another version has other inputs: the form begins anew.
  const { hash, definition, project } = data;
  const workflow = data.origin === 'project' ? data.path : asked.workflow;
  return <Form key={hash} workflow={workflow} definition={definition} project={project} onStarted={onStarted} />;
}

function brokenFile(path: string, problems: ApiOutput<'getWorkflow'>['problems']) {
  const first = problems.find(({ severity }) => severity === 'error');
  return {
    type: 'invalidInput' as const,
    message: `The workflow file ${path} has errors. Line ${first?.line ?? 1}: ${first?.message ?? 'it cannot be read'}.`,
    remedy: 'Correct the file; it can be run as soon as it is saved.',
  };
}

interface FormProps extends Pick<RunFormProps, 'onStarted'> {
  /** Name or path of the workflow. */
  readonly workflow: string;
  readonly definition: WorkflowDefinition;
  /** Folder of the project that brings it, which it works in unless somebody says otherwise; null: none does. */
  readonly project: string | null;
}

function Form({ workflow, definition, project, onStarted }: FormProps) {
  const form = useRunForm({ workflow, specs: definition.inputs, project, onStarted });
  const fields = useRef<HTMLFormElement>(null);
  // The form comes after the dialog, which has given the focus to its close button by then.
  useEffect(() => fields.current?.querySelector<HTMLElement>('input, textarea')?.focus(), []);
  function submit(event: FormEvent) {
    event.preventDefault();
    void form.submit();
  }
  return (
    <form ref={fields} className={classes.form} onSubmit={submit} noValidate aria-label={`Run ${definition.name}`}>
      {definition.description !== undefined && <p className={classes.quiet}>{definition.description}</p>}
      {definition.inputs.map((spec) => (
        <RunField
          key={spec.name}
          spec={spec}
          value={form.values[spec.name] ?? ''}
          fault={form.faultOf(spec)}
          onChange={(value) => form.set(spec.name, value)}
          onLeave={() => form.leave(spec.name)}
        />
      ))}
      <details className={classes.more} open={form.folderFault !== null || project !== null || undefined}>
        <summary>Folder and priority</summary>
        <div className={classes.form}>
          <TextInput
            label="Folder"
            description={
              project === null
                ? "Where it works; a new folder of the run's own unless given"
                : "Where it works; the project's own agents and settings hold only in its folder"
            }
            value={form.folder}
            error={form.folderFault}
            onChange={(event) => form.setFolder(event.currentTarget.value)}
          />
          <div>
            <p className={classes.fieldLabel}>Priority</p>
            <SegmentedControl
              aria-label="Priority"
              data={priorities.map((priority) => ({ value: priority, label: priority }))}
              value={form.priority}
              onChange={form.setPriority}
            />
          </div>
        </div>
      </details>
      {form.refusal !== null && <ErrorNotice error={form.refusal} />}
      {form.plan !== null && <PlanTable plan={form.plan} />}
      <div className={classes.formEnd}>
        <Button
          variant="default"
          leftSection={<ListChecks size={14} aria-hidden="true" />}
          onClick={() => void form.dryRun()}
        >
          Dry run
        </Button>
        <Button type="submit" loading={form.isStarting} leftSection={<Play size={14} aria-hidden="true" />}>
          Start the run
        </Button>
      </div>
    </form>
  );
}
