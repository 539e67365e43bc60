import { useState } from 'react';
import type { AgentDefinition } from '../../../src-main/contract/agent.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import type { AgentForm, FormFaults, FormField } from './agent-form.ts';
import { faultsOf, readForm } from './agent-form.ts';

export interface AgentFormState {
  readonly form: AgentForm;
  /** What is wrong and may be shown: of fields that were left, and of all once somebody tried to go on. */
  readonly faults: FormFaults;
  /** Changes a field; what the engine had said about it no longer holds. */
  readonly set: <F extends FormField>(field: F, value: AgentForm[F]) => void;
  /** The field was left: what is wrong with it is shown from now on. */
  readonly leave: (field: FormField) => void;
  /** Shows everything that is wrong. @returns the definition, null when there is something. */
  readonly read: () => AgentDefinition | null;
  /** Shows a refusal at its field. @returns whether there is such a field. */
  readonly refuse: (error: ApiError) => boolean;
}

/** A definition as it is being typed. */
export function useAgentForm(initial: AgentForm): AgentFormState {
  const [form, setForm] = useState(initial);
  const [left, setLeft] = useState<ReadonlySet<FormField>>(new Set());
  const [isTried, setTried] = useState(false);
  const [refused, setRefused] = useState<FormFaults>({});
  const read = readForm(form);
  const found = Object.entries(read.faults ?? {}).filter(([field]) => isTried || left.has(field as FormField));
  return {
    form,
    faults: { ...refused, ...Object.fromEntries(found) },
    set: (field, value) => {
      setForm((before) => ({ ...before, [field]: value }));
      setRefused(({ [field]: _, ...rest }) => rest);
    },
    leave: (field) => setLeft((before) => (before.has(field) ? before : new Set([...before, field]))),
    read: () => {
      setTried(true);
      return read.faults === null ? read.definition : null;
    },
    refuse: (error) => {
      const faults = faultsOf(error);
      setRefused(faults);
      return Object.keys(faults).length > 0;
    },
  };
}
