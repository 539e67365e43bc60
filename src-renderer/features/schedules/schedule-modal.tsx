import { Button, Modal, Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ScheduleView } from '../../../src-main/contract/api-schedules.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import type { ScheduleDefinition } from '../../../src-main/contract/schedule.ts';
import { useCommand } from '../../api/use-command.ts';
import { ErrorNotice } from '../../ui/notices.tsx';
import { notify } from '../../ui/notify.tsx';
import { idOf } from './schedule-form.ts';
import { catchUpWords, overlapWords } from './schedule-words.ts';
import classes from './schedules.module.css';
import { StartFields } from './start-fields.tsx';
import { TimingFields } from './timing-fields.tsx';
import type { ScheduleFormState } from './use-schedule-form.ts';
import { useScheduleForm } from './use-schedule-form.ts';
import { useStartForm } from './use-start-form.ts';

/** What the form is open for: a new schedule, or one that there is; null: it is closed. */
export type EditedSchedule = ScheduleView | 'new' | null;

export interface ScheduleModalProps {
  readonly edited: EditedSchedule;
  /** Identifiers that are taken: saving under one of them would change that schedule. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
}

/** The form that adds a schedule, or changes one. */
export function ScheduleModal({ edited, taken, onClose }: ScheduleModalProps) {
  const title = edited === 'new' || edited === null ? 'Add a schedule' : `Edit ${edited.definition.title}`;
  return (
    <Modal opened={edited !== null} onClose={onClose} title={title} size={760}>
      {edited !== null && <Form stored={edited === 'new' ? null : edited.definition} taken={taken} onClose={onClose} />}
    </Modal>
  );
}

interface FormProps extends Pick<ScheduleModalProps, 'taken' | 'onClose'> {
  readonly stored: ScheduleDefinition | null;
}

function Form({ stored, taken, onClose }: FormProps) {
  const start = useStartForm(stored?.start);
  const state = useScheduleForm(stored, start);
  const { run, isRunning } = useCommand('saveSchedule', { isQuiet: true });
  const [error, setError] = useState<ApiError | null>(null);
  const [isTried, setTried] = useState(false);
  const isTaken = stored === null && taken.includes(idOf(state.form));

  async function submit(): Promise<void> {
    setError(null);
    setTried(true);
    const definition = state.read();
    if (definition === null || isTaken) return;
    const saved = await run(definition);
    if (!saved.ok) {
      if (!state.refuse(saved.error)) setError(saved.error);
      return;
    }
    notify(stored === null ? `Added ${saved.value.definition.title}` : `Saved ${saved.value.definition.title}`);
    onClose();
  }

  const isFaulty = isTried && (isTaken || Object.keys(state.faults).length > 0);
  return (
    <form
      className={classes.form}
      noValidate
      aria-label={stored === null ? 'New schedule' : `Schedule ${stored.id}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isRunning) void submit();
      }}
    >
      <NameFields state={state} isNew={stored === null} isTaken={isTaken} />
      <StartFields state={start} />
      <TimingFields state={state} />
      <PolicyFields state={state} />
      {error !== null && <ErrorNotice error={error} />}
      <div className={classes.foot}>
        {isFaulty && (
          <p className={classes.fault} role="status">
            Some fields above cannot be used as they are.
          </p>
        )}
        <Button variant="default" onClick={onClose}>
          Back
        </Button>
        <Button type="submit" loading={isRunning}>
          {stored === null ? 'Add the schedule' : 'Save the schedule'}
        </Button>
      </div>
    </form>
  );
}

interface NameFieldsProps {
  readonly state: ScheduleFormState;
  readonly isNew: boolean;
  readonly isTaken: boolean;
}

function NameFields({ state: { form, faults, set, leave }, isNew, isTaken }: NameFieldsProps) {
  return (
    <div className={classes.wideAndNarrow}>
      <TextInput
        label="Title"
        description="As people see it"
        required
        maxLength={200}
        data-autofocus
        value={form.title}
        error={faults.title}
        onChange={(event) => set('title', { title: event.currentTarget.value })}
        // A fault that appears here moves what the person is about to press.
        onBlur={() => form.title !== '' && leave('title')}
      />
      <TextInput
        label="Identifier"
        description={isNew ? 'Lower-case, for the terminal' : 'It stays'}
        required
        readOnly={!isNew}
        value={idOf(form)}
        error={isTaken ? 'Another schedule has it.' : faults.id}
        onChange={(event) => set('id', { id: event.currentTarget.value })}
        onBlur={() => leave('id')}
      />
    </div>
  );
}

function PolicyFields({ state: { form, set } }: { readonly state: ScheduleFormState }) {
  const overlaps = Object.entries(overlapWords) as [keyof typeof overlapWords, (typeof overlapWords)['skip']][];
  const catchUps = Object.entries(catchUpWords) as [keyof typeof catchUpWords, (typeof catchUpWords)['last']][];
  return (
    <div className={classes.pair}>
      <Radio.Group
        label="If what it started before has not ended"
        value={form.overlap}
        onChange={(value) => {
          const chosen = overlaps.find(([name]) => name === value);
          if (chosen !== undefined) set('overlap', { overlap: chosen[0] });
        }}
      >
        <div className={classes.radios}>
          {overlaps.map(([name, { label, hint }]) => (
            <Radio key={name} value={name} label={label} description={hint} />
          ))}
        </div>
      </Radio.Group>
      <Radio.Group
        label="Of times at which no engine ran"
        value={form.catchUp}
        onChange={(value) => {
          const chosen = catchUps.find(([name]) => name === value);
          if (chosen !== undefined) set('catchUp', { catchUp: chosen[0] });
        }}
      >
        <div className={classes.radios}>
          {catchUps.map(([name, { label, hint }]) => (
            <Radio key={name} value={name} label={label} description={hint} />
          ))}
        </div>
      </Radio.Group>
    </div>
  );
}
