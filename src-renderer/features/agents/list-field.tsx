import { ActionIcon, Button, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { FieldFault, FieldGroup } from '../../ui/field-group.tsx';
import classes from './agents.module.css';

export interface ListFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly lines: readonly string[];
  /** What each line is: "Program", then "Argument". */
  readonly nameOf: (index: number) => string;
  readonly addLabel: string;
  readonly placeholder?: string;
  readonly fault: string | undefined;
  readonly onChange: (lines: readonly string[]) => void;
  readonly onLeave: () => void;
}

/** A list of texts, one to a line. Enter adds a line. */
export function ListField(props: ListFieldProps) {
  const { label, hint, lines, nameOf, addLabel, placeholder, fault, onChange, onLeave } = props;
  const add = (after: number) => onChange([...lines.slice(0, after + 1), '', ...lines.slice(after + 1)]);
  return (
    <FieldGroup label={label} note={hint}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
        <div key={index} className={classes.line}>
          <TextInput
            aria-label={nameOf(index)}
            {...(placeholder === undefined || index > 0 ? {} : { placeholder })}
            value={line}
            error={fault !== undefined && index === 0}
            onChange={(event) => onChange(lines.with(index, event.currentTarget.value))}
            onBlur={onLeave}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              add(index);
            }}
          />
          <ActionIcon
            aria-label={`Remove: ${nameOf(index)}`}
            disabled={lines.length === 1 && line === ''}
            onClick={() => onChange(lines.filter((_, other) => other !== index))}
          >
            <X size={14} aria-hidden="true" />
          </ActionIcon>
        </div>
      ))}
      <FieldFault text={fault} />
      <div>
        <AddLine label={addLabel} onClick={() => add(lines.length - 1)} />
      </div>
    </FieldGroup>
  );
}

/** The button that adds a line to a list. */
function AddLine({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <Button variant="subtle" size="compact-xs" leftSection={<Plus size={13} aria-hidden="true" />} onClick={onClick}>
      {label}
    </Button>
  );
}
