import { MultiSelect, NumberInput, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import type { InputSpec } from '../../../src-main/contract/workflow.ts';
import type { FieldValue } from './run-values.ts';
import { isManyOf, rulesOf } from './run-values.ts';
import classes from './workflows.module.css';

export interface RunFieldProps {
  readonly spec: InputSpec;
  readonly value: FieldValue;
  /** What is wrong with it; null: nothing, or nobody was told yet. */
  readonly fault: string | null;
  readonly onChange: (value: FieldValue) => void;
  /** The person left the field: from now on it says what is wrong. */
  readonly onLeave: () => void;
}

/** The field of one input of a workflow, by its type. */
export function RunField({ spec, value, fault, onChange, onLeave }: RunFieldProps) {
  const rules = rulesOf(spec);
  const hint = [spec.description, rules].filter((part) => part != null && part !== '').join(' · ');
  const shared = {
    label: spec.name,
    required: spec.required,
    error: fault,
    onBlur: onLeave,
    ...(hint === '' ? {} : { description: hint }),
  };
  const text = typeof value === 'string' ? value : '';
  if (isManyOf(spec)) {
    const chosen = typeof value === 'string' ? [] : [...value];
    return (
      <MultiSelect {...shared} data={spec.choices ?? []} value={chosen} onChange={onChange} clearable searchable />
    );
  }
  switch (spec.type) {
    case 'boolean':
      return <BooleanField spec={spec} hint={hint} fault={fault} value={text} onChange={onChange} />;
    case 'number':
    case 'integer':
      return (
        <NumberInput
          {...shared}
          value={text}
          allowDecimal={spec.type === 'number'}
          onChange={(number) => onChange(String(number))}
        />
      );
    case 'text':
    case 'list':
      return <Textarea {...shared} value={text} rows={4} onChange={(event) => onChange(event.currentTarget.value)} />;
    default:
      return spec.choices === undefined ? (
        <TextInput {...shared} value={text} onChange={(event) => onChange(event.currentTarget.value)} />
      ) : (
        <Select
          {...shared}
          data={spec.choices}
          value={text === '' ? null : text}
          clearable={!spec.required}
          searchable={spec.choices.length > 8}
          onChange={(choice) => onChange(choice ?? '')}
        />
      );
  }
}

interface BooleanFieldProps {
  readonly spec: InputSpec;
  readonly hint: string;
  readonly fault: string | null;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Yes, no, or nothing said, where nothing has to be said: a switch could not tell the last two apart. */
function BooleanField({ spec, hint, fault, value, onChange }: BooleanFieldProps) {
  const isOptional = !spec.required && spec.default === undefined;
  const options = [
    { value: 'true', label: 'Yes' },
    { value: 'false', label: 'No' },
    ...(isOptional || value === '' ? [{ value: '', label: 'Not set' }] : []),
  ];
  return (
    <div>
      <p className={classes.fieldLabel}>
        {spec.name}
        {spec.required && <span className={classes.required}> *</span>}
      </p>
      {hint !== '' && <p className={classes.fieldHint}>{hint}</p>}
      <SegmentedControl aria-label={spec.name} data={options} value={value} onChange={onChange} />
      {fault !== null && <p className={classes.fieldFault}>{fault}</p>}
    </div>
  );
}
