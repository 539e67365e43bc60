import { NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import type { ApiOutput } from '../../../src-main/contract/api.ts';
import type { Timing } from '../../../src-main/contract/schedule.ts';
import { formatAbsolute } from '../../format/time.ts';
import { RelativeTime } from '../../ui/times.tsx';
import type { IntervalUnit } from './schedule-form.ts';
import { intervalUnits } from './schedule-form.ts';
import classes from './schedules.module.css';
import type { ScheduleFormState } from './use-schedule-form.ts';

interface FieldsProps {
  readonly state: ScheduleFormState;
}

const kinds: readonly { readonly value: Timing['kind']; readonly label: string }[] = [
  { value: 'cron', label: 'By the calendar' },
  { value: 'interval', label: 'At an interval' },
  { value: 'once', label: 'Once' },
];

/** When a schedule is due, with the times that come of it. */
export function TimingFields({ state }: FieldsProps) {
  const { form, set } = state;
  return (
    <fieldset className={classes.group}>
      <legend>When</legend>
      <SegmentedControl
        aria-label="Timing"
        data={[...kinds]}
        value={form.kind}
        onChange={(value) => set('expression', { kind: kinds.find((kind) => kind.value === value)?.value ?? 'cron' })}
      />
      {form.kind === 'cron' && <CronFields state={state} />}
      {form.kind === 'interval' && <IntervalFields state={state} />}
      {form.kind === 'once' && <OnceField state={state} />}
      <Preview preview={state.preview} />
    </fieldset>
  );
}

function CronFields({ state: { form, faults, set, leave } }: FieldsProps) {
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone'), []);
  const known = form.timeZone === null || zones.includes(form.timeZone) ? zones : [form.timeZone, ...zones];
  return (
    <div className={classes.pair}>
      <TextInput
        className={classes.mono}
        label="Cron expression"
        description="Minute, hour, day, month, day of the week"
        required
        spellCheck={false}
        value={form.expression}
        error={faults.expression}
        onChange={(event) => set('expression', { expression: event.currentTarget.value })}
        onBlur={() => leave('expression')}
      />
      <Select
        label="Time zone"
        description="Empty: that of the engine’s machine"
        placeholder="Of the engine’s machine"
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Of the engine’s machine' }}
        limit={100}
        data={known}
        value={form.timeZone}
        error={faults.timeZone}
        onChange={(timeZone) => set('timeZone', { timeZone })}
      />
    </div>
  );
}

function IntervalFields({ state: { form, faults, set, leave } }: FieldsProps) {
  const units = Object.keys(intervalUnits) as IntervalUnit[];
  return (
    <div className={classes.pair}>
      <NumberInput
        label="Every"
        description="Counted from when it is saved"
        required
        min={0}
        value={form.every}
        error={faults.every}
        onChange={(value) => set('every', { every: typeof value === 'number' ? value : '' })}
        onBlur={() => leave('every')}
      />
      <Select
        label="Unit"
        description="At least one second in all"
        data={units}
        value={form.unit}
        allowDeselect={false}
        onChange={(value) => set('every', { unit: units.find((unit) => unit === value) ?? 'hours' })}
      />
    </div>
  );
}

function OnceField({ state: { form, faults, set, leave } }: FieldsProps) {
  return (
    <TextInput
      className={classes.date}
      type="datetime-local"
      step={1}
      label="At"
      description="In the time zone of this window"
      required
      value={form.at}
      error={faults.at}
      onChange={(event) => set('at', { at: event.currentTarget.value })}
      onBlur={() => leave('at')}
    />
  );
}

/** The next times, so that an expression need not be understood to be trusted. */
function Preview({ preview }: { readonly preview: ApiOutput<'previewSchedule'> | null }) {
  return (
    <div className={classes.preview} aria-live="polite">
      {preview === null ? (
        <p className={classes.muted}>The next times appear here.</p>
      ) : (
        <>
          <p>
            Due <strong>{preview.when}</strong>
          </p>
          <Times times={preview.times} />
        </>
      )}
    </div>
  );
}

/** Times with how far away they are. */
export function Times({ times }: { readonly times: readonly number[] }) {
  return (
    <ol className={classes.times} aria-label="Next times">
      {times.map((at) => (
        <li key={at}>
          <span>{formatAbsolute(at)}</span>
          <span className={classes.muted}>
            <RelativeTime at={at} />
          </span>
        </li>
      ))}
    </ol>
  );
}
