import { ActionIcon, Button, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import type { TypedVariable } from './enqueue-form.ts';
import classes from './queue.module.css';

export interface VariableFieldsProps {
  readonly variables: readonly TypedVariable[];
  readonly fault: string | undefined;
  readonly onChange: (variables: readonly TypedVariable[]) => void;
  readonly onLeave: () => void;
}

/** Environment variables of a task, with the rule about secrets. */
export function VariableFields({ variables, fault, onChange, onLeave }: VariableFieldsProps) {
  return (
    <fieldset className={classes.variables}>
      <legend className={classes.legend}>Environment</legend>
      <p className={classes.hint}>
        Stored with the task and shown: keys, tokens and passwords are refused. Set those in the environment in which
        the engine starts, which every agent inherits.
      </p>
      {variables.map(({ name, value }, index) => {
        const change = (next: Partial<TypedVariable>) => onChange(variables.with(index, { name, value, ...next }));
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
          <div key={index} className={classes.variable}>
            <TextInput
              aria-label={`Name of variable ${index + 1}`}
              placeholder="NAME"
              value={name}
              onChange={(event) => change({ name: event.currentTarget.value })}
              onBlur={onLeave}
            />
            <TextInput
              aria-label={`Value of variable ${index + 1}`}
              placeholder="value"
              value={value}
              onChange={(event) => change({ value: event.currentTarget.value })}
              onBlur={onLeave}
            />
            <ActionIcon
              aria-label={`Remove variable ${index + 1}`}
              onClick={() => onChange(variables.filter((_, other) => other !== index))}
            >
              <X size={14} aria-hidden="true" />
            </ActionIcon>
          </div>
        );
      })}
      {fault !== undefined && (
        <p className={classes.fault} role="alert">
          {fault}
        </p>
      )}
      <div>
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<Plus size={13} aria-hidden="true" />}
          onClick={() => onChange([...variables, { name: '', value: '' }])}
        >
          Add a variable
        </Button>
      </div>
    </fieldset>
  );
}
