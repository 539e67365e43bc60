import { Button } from '@mantine/core';
import { useState } from 'react';
import { formatCounted } from '../../format/amount.ts';
import { ConfirmWithReason } from '../../ui/confirm-with-reason.tsx';

export interface DeleteTasksProps {
  readonly count: number;
  /** Resolves to whether it was done. */
  readonly onDelete: (reason: string) => Promise<boolean>;
}

/** Deletes the tasks that are chosen, once it was confirmed how many there are. */
export function DeleteTasks({ count, onDelete }: DeleteTasksProps) {
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      <Button variant="outline" color="red" onClick={() => setAsked(true)}>
        Delete tasks
      </Button>
      <ConfirmWithReason
        isOpen={isAsked}
        title={`Delete ${formatCounted(count, 'task')}?`}
        consequence="Those that have ended and stand alone are removed for good, with their events, their logs and the folders that were made for them. This cannot be undone."
        action={`Delete ${formatCounted(count, 'task')}`}
        isDangerous
        onConfirm={onDelete}
        onClose={() => setAsked(false)}
      />
    </>
  );
}
