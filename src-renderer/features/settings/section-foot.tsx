import { Button } from '@mantine/core';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import { ErrorNotice } from '../../ui/notices.tsx';
import classes from './settings.module.css';

export interface SectionFootProps {
  readonly isChanged: boolean;
  readonly isSaving: boolean;
  readonly hasFaults: boolean;
  readonly error: ApiError | null;
  readonly onUndo: () => void;
}

/** The end of a form of settings: what was refused, and the way to save or to go back. */
export function SectionFoot({ isChanged, isSaving, hasFaults, error, onUndo }: SectionFootProps) {
  return (
    <>
      {error !== null && <ErrorNotice error={error} />}
      <div className={classes.foot}>
        {isChanged && !hasFaults && <span className={classes.small}>Not saved yet</span>}
        <Button variant="default" disabled={!isChanged || isSaving} onClick={onUndo}>
          Undo changes
        </Button>
        <Button type="submit" disabled={!isChanged || hasFaults} loading={isSaving}>
          Save
        </Button>
      </div>
    </>
  );
}
