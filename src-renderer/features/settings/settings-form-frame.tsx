import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorNotice } from '../../ui/notices.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import classes from './settings.module.css';
import type { SettingsFormState } from './use-settings-form.ts';

export interface SettingsFormFrameProps<Form> {
  /** What is set here, for screen readers. */
  readonly label: string;
  readonly state: SettingsFormState<Form>;
  readonly isSaving: boolean;
  /** Why nothing can be saved now, as a sentence; null when it can. */
  readonly lockedBecause: string | null;
  readonly children: ReactNode;
}

/** A form of settings, with what was refused and the way to save or to go back at its end. */
export function SettingsFormFrame<Form>(props: SettingsFormFrameProps<Form>) {
  const { label, state, isSaving, lockedBecause, children } = props;
  const { isChanged, isSaved, error } = state;
  const hasFaults = Object.keys(state.faults).length > 0;
  const canSave = isChanged && !hasFaults && lockedBecause === null;
  return (
    <form
      className={classes.section}
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (canSave) void state.submit();
      }}
    >
      {children}
      {error !== null && <ErrorNotice error={error} />}
      <div className={classes.save}>
        <span className={classes.mark} role="status">
          {isSaved && lockedBecause === null && <StateShape shape="check" tone="completed" />}
          <span className={classes.small}>{lockedBecause ?? footWords(isChanged, hasFaults, isSaved)}</span>
        </span>
        <Button variant="default" disabled={!isChanged || isSaving} onClick={state.undo}>
          Undo changes
        </Button>
        <Button type="submit" disabled={!canSave} loading={isSaving}>
          Save
        </Button>
      </div>
    </form>
  );
}

function footWords(isChanged: boolean, hasFaults: boolean, isSaved: boolean): string {
  if (!isChanged) return isSaved ? 'Saved' : '';
  return hasFaults ? 'Correct what is marked, then save' : 'Not saved yet';
}
