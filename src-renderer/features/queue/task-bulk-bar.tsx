import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import type { TaskFilter } from '../../../src-main/contract/api-tasks.ts';
import { isTaskEnded, priorities } from '../../../src-main/contract/states.ts';
import { useCommand } from '../../api/use-command.ts';
import { formatCounted } from '../../format/amount.ts';
import { BulkBar } from '../../ui/bulk-bar.tsx';
import { ConfirmWithReason } from '../../ui/confirm-with-reason.tsx';
import { useShortcut } from '../../ui/keyboard.ts';
import { notify } from '../../ui/notify.tsx';
import type { Selection } from '../../ui/use-selection.ts';
import type { TaskAction } from './change-words.ts';
import { changeWords } from './change-words.ts';
import { DeleteTasks } from './delete-tasks.tsx';

export interface TaskBulkBarProps {
  readonly selection: Selection;
  readonly filter: TaskFilter;
  /** How many tasks match; null: not known yet. */
  readonly total: number | null;
  readonly loaded: number;
  /** Whether all that match are meant, and not only those that are loaded. */
  readonly allMatch: boolean;
  readonly onAllMatch: () => void;
  readonly onClear: () => void;
}

/** What can be done to the tasks that are chosen, or to all that match. */
export function TaskBulkBar(props: TaskBulkBarProps) {
  const { selection, filter, total, loaded, onAllMatch, onClear } = props;
  const [isCancelling, setCancelling] = useState(false);
  const { run, isRunning } = useCommand('changeTasks');
  const chosen = selection.keys.size;
  // Whoever takes one out of all means those that are left.
  const allMatch = props.allMatch && chosen === loaded;
  const count = allMatch ? (total ?? chosen) : chosen;
  const mayBeDead = filter.states?.includes('dead') ?? true;
  const mayBeOpen = filter.states?.some((state) => !isTaskEnded(state)) ?? true;
  const mayHaveEnded = filter.states?.some(isTaskEnded) ?? true;
  useShortcut('c', 'Cancel the chosen tasks', () => setCancelling(true), {
    group: 'Queue',
    enabled: chosen > 0 && mayBeOpen,
  });

  async function change(action: TaskAction): Promise<boolean> {
    const select = allMatch ? { filter } : { taskIds: [...selection.keys] };
    const result = await run({ select, action });
    if (!result.ok) return false;
    const { title, message } = changeWords(action, result.value);
    notify(title, message);
    onClear();
    return true;
  }

  return (
    <>
      <BulkBar count={count} noun="task" onClear={onClear}>
        {!allMatch && total !== null && chosen === loaded && total > loaded && (
          <Button variant="subtle" onClick={onAllMatch}>
            Choose all {formatCounted(total, 'task')} that match
          </Button>
        )}
        {mayBeDead && (
          <Button variant="default" loading={isRunning} onClick={() => void change({ kind: 'requeue' })}>
            Replay dead letters
          </Button>
        )}
        {mayBeOpen && (
          <>
            <Menu position="top-start">
              <Menu.Target>
                <Button variant="default" disabled={isRunning}>
                  Set priority
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {priorities.map((priority) => (
                  <Menu.Item key={priority} onClick={() => void change({ kind: 'setPriority', priority })}>
                    {priority}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
            <Button variant="default" disabled={isRunning} onClick={() => setCancelling(true)}>
              Cancel tasks
            </Button>
          </>
        )}
        {mayHaveEnded && <DeleteTasks count={count} onDelete={(reason) => change({ kind: 'delete', reason })} />}
      </BulkBar>
      <ConfirmWithReason
        isOpen={isCancelling}
        title={`Cancel ${formatCounted(count, 'task')}?`}
        consequence="What runs is stopped, what waits does not start. Tasks that have ended stay as they are. This cannot be undone."
        action="Cancel tasks"
        isDangerous
        onConfirm={(reason) => change({ kind: 'cancel', reason })}
        onClose={() => setCancelling(false)}
      />
    </>
  );
}
