import { NumberInput, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { Link } from 'wouter';
import { priorities } from '../../../src-main/contract/states.ts';
import { VariablesField } from '../../ui/variables-field.tsx';
import classes from './queue.module.css';
import type { EnqueueFormState } from './use-enqueue-form.ts';

interface FieldsProps {
  readonly state: EnqueueFormState;
}

export interface EnqueueFieldsProps extends FieldsProps {
  /** False: something else says when it is queued. */
  readonly hasDelay?: boolean;
}

/** Every field of a task, with what is wrong beside it. */
export function EnqueueFields({ state, hasDelay = true }: EnqueueFieldsProps) {
  const { form, faults, set, leave } = state;
  return (
    <>
      <WorkFields state={state} />
      <TargetField state={state} />
      <TextInput
        label="Title"
        description="As lists show it. Empty: the beginning of the work."
        value={form.title}
        error={faults.title}
        maxLength={200}
        onChange={(event) => set('title', { title: event.currentTarget.value })}
        onBlur={() => leave('title')}
      />
      <div className={classes.triple}>
        <TextInput
          label="Folder"
          description="Absolute; must exist. Empty: one of its own"
          placeholder="/home/me/project"
          value={form.folder}
          error={faults.folder}
          onChange={(event) => set('folder', { folder: event.currentTarget.value })}
          onBlur={() => leave('folder')}
        />
        <Select
          label="Priority"
          description="Most urgent first"
          data={[...priorities]}
          value={form.priority}
          allowDeselect={false}
          error={faults.priority}
          onChange={(value) => set('priority', { priority: priorities.find((known) => known === value) ?? 'normal' })}
        />
        {hasDelay && (
          <NumberInput
            label="Delay"
            description="Not before this time"
            suffix=" s"
            placeholder="0 s"
            min={0}
            value={form.delaySeconds}
            error={faults.delaySeconds}
            onChange={(value) => set('delaySeconds', { delaySeconds: typeof value === 'number' ? value : '' })}
            onBlur={() => leave('delaySeconds')}
          />
        )}
      </div>
      <VariablesField
        note="Stored with the task and shown: keys, tokens and passwords are refused. Set those in the environment in which the engine starts, which every agent inherits."
        variables={form.env}
        fault={faults.env}
        onChange={(env) => set('env', { env })}
        onLeave={() => leave('env')}
      />
    </>
  );
}

function WorkFields({ state: { form, faults, set, leave } }: FieldsProps) {
  const isCommand = form.kind === 'command';
  return (
    <>
      <SegmentedControl
        aria-label="Kind of work"
        data={[
          { value: 'command', label: 'Command' },
          { value: 'prompt', label: 'Prompt' },
        ]}
        value={form.kind}
        onChange={(kind) => set('work', { kind: kind === 'prompt' ? 'prompt' : 'command' })}
      />
      <Textarea
        label={isCommand ? 'Command' : 'Prompt'}
        description={isCommand ? 'A shell script; its exit code decides.' : 'What the agent shall do, in words.'}
        required
        rows={5}
        data-autofocus
        value={isCommand ? form.script : form.prompt}
        error={faults.work}
        onChange={(event) => {
          const { value } = event.currentTarget;
          set('work', isCommand ? { script: value } : { prompt: value });
        }}
        onBlur={() => leave('work')}
      />
    </>
  );
}

function TargetField({ state: { form, faults, targets, set, leave } }: FieldsProps) {
  if (targets.length === 0) {
    return (
      <p className={classes.hint}>
        No agent can take a {form.kind}. <Link href="/agents?add=agent">Add an agent</Link>
      </p>
    );
  }
  return (
    <Select
      label="Agent"
      description="One agent, or whichever of a type is free first"
      required
      searchable
      data={[...targets]}
      value={form.target}
      error={faults.target}
      onChange={(target) => set('target', { target })}
      onBlur={() => leave('target')}
    />
  );
}
