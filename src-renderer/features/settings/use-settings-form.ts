import { useState } from 'react';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import type { Settings } from '../../../src-main/contract/settings.ts';
import type { SettingsFaults } from './settings-form.ts';
import { faultsOf } from './settings-form.ts';

export interface SettingsFormParts<Form> {
  /** What the file says, as it stands in the form. */
  readonly saved: Form;
  readonly read: (
    form: Form,
  ) => { readonly settings: Settings; readonly faults: null } | { readonly faults: SettingsFaults };
  readonly save: (settings: Settings) => Promise<ApiError | null>;
}

export interface SettingsFormState<Form> {
  readonly form: Form;
  readonly set: (change: Partial<Form>) => void;
  /** What is wrong with what was changed. */
  readonly faults: SettingsFaults;
  /** A refusal that is about no field. */
  readonly error: ApiError | null;
  readonly isChanged: boolean;
  /** Whether what was typed last was saved, and nothing was typed since. */
  readonly isSaved: boolean;
  readonly undo: () => void;
  readonly submit: () => Promise<void>;
}

/** A part of the settings as it is being typed; what is wrong shows as soon as something was changed. */
export function useSettingsForm<Form extends object>(parts: SettingsFormParts<Form>): SettingsFormState<Form> {
  const { saved, read, save } = parts;
  const [change, setChange] = useState<Partial<Form>>({});
  const [refused, setRefused] = useState<ApiError | null>(null);
  const [isSaved, setSaved] = useState(false);
  const form = { ...saved, ...change };
  const isChanged = JSON.stringify(form) !== JSON.stringify(saved);
  const found = isChanged ? read(form) : null;
  const told = refused === null ? {} : faultsOf(refused);
  return {
    form,
    set: (next) => {
      setChange((before) => ({ ...before, ...next }));
      setRefused(null);
      setSaved(false);
    },
    faults: { ...told, ...found?.faults },
    error: refused !== null && Object.keys(told).length === 0 ? refused : null,
    isChanged,
    isSaved: isSaved && !isChanged,
    undo: () => {
      setChange({});
      setRefused(null);
    },
    submit: async () => {
      if (found === null || found.faults !== null) return;
      const error = await save(found.settings);
      setRefused(error);
      if (error !== null) return;
      setChange({});
      setSaved(true);
    },
  };
}
