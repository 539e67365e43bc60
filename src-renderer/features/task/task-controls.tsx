import { Button, Select } from '@mantine/core';
import { RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import { priorities } from '../../../src-main/contract/states.ts';
import type { Task } from '../../../src-main/contract/task.ts';
import { useCommand } from '../../api/use-command.ts';
import { ConfirmWithReason } from '../../ui/confirm-with-reason.tsx';
import { useShortcut } from '../../ui/keyboard.ts';
import { notify } from '../../ui/notify.tsx';
import classes from './task.module.css';
import { taskRefusals } from './task-actions.ts';

/** What can be asked of a task now; what cannot says why. */
export function TaskControls({ task }: { readonly task: Task }) {
  const [isAsking, setAsking] = useState(false);
  const cancel = useCommand('cancelTask');
  const requeue = useCommand('requeueTask');
  const refusals = taskRefusals(task);
  const canRequeue = refusals.requeue === null;

  async function putBack() {
    const result = await requeue.run({ taskId: task.id });
    if (result.ok) notify('Back in the queue', 'Its attempts are counted from the beginning.');
  }

  useShortcut('c', 'Cancel', () => setAsking(true), { group: 'Task', enabled: refusals.cancel === null });
  useShortcut('r', 'Put back into the queue', () => void putBack(), { group: 'Task', enabled: canRequeue });
  return (
    <>
      <PriorityChoice task={task} refusal={refusals.setPriority} />
      {task.state === 'dead' && (
        <Button
          leftSection={<RotateCcw size={14} aria-hidden="true" />}
          title={refusals.requeue ?? 'Its attempts are counted from the beginning.'}
          disabled={!canRequeue}
          loading={requeue.isRunning}
          onClick={() => void putBack()}
        >
          Put back into the queue
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<X size={14} aria-hidden="true" />}
        title={refusals.cancel ?? undefined}
        disabled={refusals.cancel !== null}
        onClick={() => setAsking(true)}
      >
        Cancel
      </Button>
      <ConfirmWithReason
        isOpen={isAsking}
        title="Cancel this task?"
        consequence="An attempt that is under way is ended. This cannot be undone."
        action="Cancel the task"
        isDangerous
        suggestedReason="Cancelled by hand"
        onConfirm={async (reason) => (await cancel.run({ taskId: task.id, reason })).ok}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

function PriorityChoice({ task, refusal }: { readonly task: Task; readonly refusal: string | null }) {
  const { run, isRunning } = useCommand('setTaskPriority');
  return (
    <Select
      className={classes.priority}
      aria-label="Priority"
      title={refusal ?? 'Priority'}
      data={priorities.map((value) => ({ value, label: `${value} priority` }))}
      value={task.priority}
      allowDeselect={false}
      disabled={refusal !== null || isRunning}
      onChange={(value) => {
        const priority = priorities.find((each) => each === value);
        if (priority !== undefined && priority !== task.priority) void run({ taskId: task.id, priority });
      }}
    />
  );
}
