import { Button } from '@mantine/core';
import { ErrorNotice } from '../../ui/notices.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import type { OpenWorkflow } from './use-open-workflow.ts';
import classes from './workflows.module.css';

/** Says that the file went on without the editor, and lets the person choose which text counts; or why saving failed. */
export function ConflictNotice({ open }: { readonly open: OpenWorkflow }) {
  const { conflict, refusal } = open;
  if (conflict === null) {
    return refusal === null ? null : (
      <div className={classes.notice}>
        <ErrorNotice error={refusal} />
      </div>
    );
  }
  return (
    <div className={classes.conflict} role="alert">
      <StateShape shape="diamond" tone="waiting" />
      <p>
        {conflict === 'deleted'
          ? 'The file was deleted by something else while you were editing it. Your text is still here.'
          : 'The file was changed by something else while you were editing it. Your text is still here, and was not saved.'}
      </p>
      <Button variant="default" onClick={open.keepMine}>
        {conflict === 'deleted' ? 'Keep my text as a new file' : 'Keep my text, replace the file when I save'}
      </Button>
      <Button variant="default" onClick={open.discard}>
        {conflict === 'deleted' ? 'Discard my text' : 'Take the file, discard my text'}
      </Button>
    </div>
  );
}
