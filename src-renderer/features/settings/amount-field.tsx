import { NumberInput } from '@mantine/core';
import type { LimitsForm } from './settings-form.ts';
import type { SettingsFormState } from './use-settings-form.ts';

/** The fields of the form that are numbers. */
type AmountName = { [F in keyof LimitsForm]: LimitsForm[F] extends number | '' ? F : never }[keyof LimitsForm];

export interface AmountProps {
  readonly state: SettingsFormState<LimitsForm>;
  readonly field: AmountName;
  readonly label: string;
  readonly hint: string;
  readonly unit?: string;
}

/** A number of the settings, with its unit and what is wrong with it. */
export function Amount({ state, field, label, hint, unit = '' }: AmountProps) {
  return (
    <NumberInput
      label={label}
      description={hint}
      suffix={unit}
      min={0}
      value={state.form[field]}
      error={state.faults[field]}
      onChange={(value) => state.set({ [field]: typeof value === 'number' ? value : '' })}
    />
  );
}
