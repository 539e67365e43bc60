import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import { useCommand } from '../../api/use-command.ts';
import { useEntry } from '../../api/use-entry.ts';
import { ErrorNotice } from '../../ui/notices.tsx';
import { notify } from '../../ui/notify.tsx';
import { setQuery } from '../../ui/use-query-state.ts';
import { EnqueueFields } from './enqueue-fields.tsx';
import { targetsFor } from './enqueue-targets.ts';
import classes from './queue.module.css';
import { useEnqueueForm } from './use-enqueue-form.ts';

export interface EnqueueModalProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** The form that puts a task of one's own into the queue. */
export function EnqueueModal({ isOpen, onClose }: EnqueueModalProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Queue a task" size={680}>
      {isOpen && <EnqueueTask onClose={onClose} />}
    </Modal>
  );
}

function EnqueueTask({ onClose }: Pick<EnqueueModalProps, 'onClose'>) {
  const { data } = useEntry('listAgents', {});
  const state = useEnqueueForm((kind) => targetsFor(kind, data?.agents ?? []));
  const { run, isRunning } = useCommand('enqueueTasks', { isQuiet: true });
  const [error, setError] = useState<ApiError | null>(null);

  async function submit(): Promise<void> {
    setError(null);
    const input = state.read();
    if (input === null) return;
    const result = await run(input);
    if (!result.ok) {
      if (!state.refuse(result.error)) setError(result.error);
      return;
    }
    onClose();
    notify('The task is in the queue');
    setQuery({ task: result.value.taskIds[0] ?? null }, true);
  }

  const faults = Object.keys(state.faults).length;
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isRunning) void submit();
      }}
    >
      <EnqueueFields state={state} />
      {error !== null && <ErrorNotice error={error} />}
      <div className={classes.foot}>
        {faults > 0 && (
          <p className={classes.fault} role="status">
            {faults === 1
              ? 'One field above cannot be used as it is.'
              : `${faults} fields above cannot be used as they are.`}
          </p>
        )}
        <Button variant="default" onClick={onClose}>
          Back
        </Button>
        <Button type="submit" loading={isRunning}>
          Queue the task
        </Button>
      </div>
    </form>
  );
}
