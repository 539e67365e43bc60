import { ActionIcon, Button, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { FieldFault, FieldGroup } from './field-group.tsx';
import classes from './variables-field.module.css';

/** A variable as it is being typed. */
export interface TypedVariable {
  readonly name: string;
  readonly value: string;
}

export interface VariablesFieldProps {
  /** Where they are stored, and where secrets belong instead. */
  readonly note: string;
  readonly variables: readonly TypedVariable[];
  readonly fault: string | undefined;
  readonly onChange: (variables: readonly TypedVariable[]) => void;
  readonly onLeave: () => void;
}

/** Environment variables, with the rule about secrets beside them. */
export function VariablesField({ note, variables, fault, onChange, onLeave }: VariablesFieldProps) {
  return (
    <FieldGroup label="Environment" note={note}>
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
      <FieldFault text={fault} />
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
    </FieldGroup>
  );
}
