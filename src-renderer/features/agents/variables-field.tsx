import { ActionIcon, TextInput } from '@mantine/core';
import { X } from 'lucide-react';
import type { FormVariable } from './agent-form.ts';
import classes from './agents.module.css';
import { AddLine, Fault } from './list-field.tsx';

export interface VariablesFieldProps {
  readonly variables: readonly FormVariable[];
  readonly fault: string | undefined;
  readonly onChange: (variables: readonly FormVariable[]) => void;
  readonly onLeave: () => void;
}

/** Environment variables, with the rule about secrets beside them. */
export function VariablesField({ variables, fault, onChange, onLeave }: VariablesFieldProps) {
  return (
    <fieldset className={classes.list}>
      <legend className={classes.legend}>Environment</legend>
      <p className={classes.note}>
        Added to the environment in which the engine was started, which every agent inherits. These are stored and
        shown: keys, tokens and passwords are refused here, and belong into the engine’s own environment.
      </p>
      {variables.map(({ name, value }, index) => {
        const change = (next: Partial<FormVariable>) => onChange(variables.with(index, { name, value, ...next }));
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
      <Fault text={fault} />
      <div>
        <AddLine label="Add a variable" onClick={() => onChange([...variables, { name: '', value: '' }])} />
      </div>
    </fieldset>
  );
}
