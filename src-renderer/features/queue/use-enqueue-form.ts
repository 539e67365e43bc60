import { useState } from 'react';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import type { EnqueueFaults, EnqueueField, EnqueueForm, EnqueueInput } from './enqueue-form.ts';
import { emptyTask, readTask, refusedField } from './enqueue-form.ts';
import type { Target } from './enqueue-targets.ts';

export interface EnqueueFormState {
  readonly form: EnqueueForm;
  /** Whom the work can be given to. */
  readonly targets: readonly Target[];
  /** What is wrong and may be shown: of fields that were left, and of all once somebody tried to go on. */
  readonly faults: EnqueueFaults;
  /** Changes values of a field; what the engine had said about it no longer holds. */
  readonly set: (field: EnqueueField, values: Partial<EnqueueForm>) => void;
  /** The field was left: what is wrong with it is shown from now on. */
  readonly leave: (field: EnqueueField) => void;
  /** Shows everything that is wrong. @returns what to ask for, null when there is something. */
  readonly read: () => EnqueueInput | null;
  /** Shows a refusal at its field. @returns whether there is such a field. */
  readonly refuse: (error: ApiError) => boolean;
}

/** A task as it is being typed. The only one that could do the work is chosen by itself. */
export function useEnqueueForm(
  targetsOf: (kind: EnqueueForm['kind']) => readonly Target[],
  initial: EnqueueForm = emptyTask,
): EnqueueFormState {
  const [typed, setTyped] = useState(initial);
  const [left, setLeft] = useState<ReadonlySet<EnqueueField>>(new Set());
  const [isTried, setTried] = useState(false);
  const [refused, setRefused] = useState<EnqueueFaults>({});
  const targets = targetsOf(typed.kind);
  const isKnown = targets.some(({ value }) => value === typed.target);
  const form = isKnown ? typed : { ...typed, target: (targets.length === 1 ? targets[0]?.value : null) ?? null };
  const { input, faults } = readTask(form);
  const found = Object.entries(faults).filter(([field]) => isTried || left.has(field as EnqueueField));
  return {
    form,
    targets,
    faults: { ...refused, ...Object.fromEntries(found) },
    set: (field, values) => {
      setTyped((before) => ({ ...before, ...values }));
      setRefused(({ [field]: _, ...rest }) => rest);
    },
    leave: (field) => setLeft((before) => (before.has(field) ? before : new Set([...before, field]))),
    read: () => {
      setTried(true);
      return input;
    },
    refuse: (error) => {
      const at = refusedField(error);
      setRefused(at);
      return Object.keys(at).length > 0;
    },
  };
}
