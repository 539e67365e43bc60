import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import classes from './workflows.module.css';

export interface AskFirstProps {
  readonly isOpen: boolean;
  readonly title: string;
  /** What will happen, and whether it can be undone. */
  readonly consequence: string;
  readonly action: string;
  readonly isDangerous?: boolean;
  /** Does it; the dialog closes when it resolves to true. */
  readonly onConfirm: () => Promise<boolean>;
  readonly onClose: () => void;
}

/** Asks before something that cannot be undone. Files have no record of reasons, so none is asked for. */
export function AskFirst({
  isOpen,
  title,
  consequence,
  action,
  isDangerous = false,
  onConfirm,
  onClose,
}: AskFirstProps) {
  const [isRunning, setRunning] = useState(false);
  async function confirm() {
    setRunning(true);
    const isDone = await onConfirm();
    setRunning(false);
    if (isDone) onClose();
  }
  return (
    <Modal opened={isOpen} onClose={onClose} title={title}>
      <div className={classes.form}>
        <p>{consequence}</p>
        <div className={classes.formEnd}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            {...(isDangerous ? { color: 'red' } : {})}
            loading={isRunning}
            data-autofocus
            onClick={() => void confirm()}
          >
            {action}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
