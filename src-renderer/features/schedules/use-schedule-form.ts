import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { ApiOutput } from '../../../src-main/contract/api.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import type { ScheduleDefinition } from '../../../src-main/contract/schedule.ts';
import { useEntry } from '../../api/use-entry.ts';
import type { ScheduleFaults, ScheduleField, ScheduleForm } from './schedule-form.ts';
import { emptySchedule, formOf, readSchedule, refusedField, timingOf } from './schedule-form.ts';
import type { StartFormState } from './use-start-form.ts';

/** How long after the last key the engine is asked when the schedule would be due, in ms. */
const askAfterMs = 300;
/** The next times move on with the clock; in ms. */
const previewEveryMs = 5_000;

export interface ScheduleFormState {
  readonly form: ScheduleForm;
  /** What is wrong and may be shown: of fields that were left, and of all once somebody tried to go on. */
  readonly faults: ScheduleFaults;
  /** When it would be due; null: not asked yet, or it cannot be. */
  readonly preview: ApiOutput<'previewSchedule'> | null;
  readonly set: (field: ScheduleField, values: Partial<ScheduleForm>) => void;
  readonly leave: (field: ScheduleField) => void;
  /** Shows everything that is wrong. @returns the definition, null when there is something. */
  readonly read: () => ScheduleDefinition | null;
  /** Shows a refusal at its field. @returns whether there is such a field. */
  readonly refuse: (error: ApiError) => boolean;
}

/** A schedule as it is being typed, with the times at which it would be due. */
export function useScheduleForm(stored: ScheduleDefinition | null, start: StartFormState): ScheduleFormState {
  const [form, setForm] = useState(() => (stored === null ? emptySchedule : formOf(stored)));
  const [left, setLeft] = useState<ReadonlySet<ScheduleField>>(new Set());
  const [isTried, setTried] = useState(false);
  const [refused, setRefused] = useState<ScheduleFaults>({});
  const { faults } = readSchedule(form, null);
  const preview = usePreview(form, faults);
  const found = Object.entries(faults).filter(([field]) => isTried || left.has(field as ScheduleField));
  return {
    form,
    faults: { ...preview.faults, ...refused, ...Object.fromEntries(found) },
    preview: preview.data,
    set: (field, values) => {
      setForm((before) => ({ ...before, ...values }));
      setRefused(({ [field]: _, ...rest }) => rest);
    },
    leave: (field) => setLeft((before) => (before.has(field) ? before : new Set([...before, field]))),
    read: () => {
      setTried(true);
      const started = start.read();
      if (started === null || Object.keys(preview.faults).length > 0) return null;
      return readSchedule(form, started).definition;
    },
    refuse: (error) => {
      const at = refusedField(error);
      setRefused(at);
      return Object.keys(at).length > 0 || start.refuse(error);
    },
  };
}

const timingFaults: readonly ScheduleField[] = ['expression', 'timeZone', 'every', 'at'];

/** What the engine says of the timing once nobody types any more. */
function usePreview(form: ScheduleForm, faults: ScheduleFaults) {
  const typed = JSON.stringify(timingOf(form));
  const [asked] = useDebouncedValue(typed, askAfterMs);
  const enabled = asked === typed && timingFaults.every((field) => faults[field] === undefined);
  const { data, error } = useEntry(
    'previewSchedule',
    // What cannot be asked stands in for nothing: it is not enabled then.
    enabled ? { timing: timingOf(form) } : { timing: { kind: 'interval', everyMs: 1_000 } },
    { enabled, everyMs: previewEveryMs },
  );
  const told = enabled && error !== null ? refusedField(error) : {};
  return { data: enabled && error === null ? (data ?? null) : null, faults: told };
}
