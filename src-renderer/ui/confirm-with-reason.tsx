import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';

export interface ConfirmWithReasonProps {
  readonly isOpen: boolean;
  /** The question: "Cancel 3 runs?" */
  readonly title: string;
  /** What will happen, and whether it can be undone. */
  readonly consequence: string;
  /** The word on the button: "Cancel runs". */
  readonly action: string;
  readonly isDangerous?: boolean;
  /** What stands in the field at first; a person may leave it. */
  readonly suggestedReason?: string;
  /** Does it; the dialog closes when it resolves to true. */
  readonly onConfirm: (reason: string) => Promise<boolean>;
  readonly onClose: () => void;
}

/** Asks before something that is felt, and for the reason that is kept with the event. */
export function ConfirmWithReason(props: ConfirmWithReasonProps) {
  const { isOpen, title, consequence, onClose } = props;
  return (
    <Modal opened={isOpen} onClose={onClose} title={title}>
      <Stack gap="md">
        <Text>{consequence}</Text>
        {isOpen && <ReasonForm {...props} />}
      </Stack>
    </Modal>
  );
}

function ReasonForm({ action, isDangerous, suggestedReason = '', onConfirm, onClose }: ConfirmWithReasonProps) {
  const [reason, setReason] = useState(suggestedReason);
  const [isRunning, setRunning] = useState(false);
  const isMissing = reason.trim() === '';

  async function confirm() {
    setRunning(true);
    const isDone = await onConfirm(reason.trim());
    setRunning(false);
    if (isDone) onClose();
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isMissing && !isRunning) void confirm();
      }}
    >
      <Stack gap="md">
        <Textarea
          label="Reason"
          description="Kept with the event, for whoever asks later."
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.shiftKey) {
              event.preventDefault();
              event.currentTarget.form?.requestSubmit();
            }
          }}
          maxLength={1_000}
          required
          data-autofocus
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button
            type="submit"
            loading={isRunning}
            disabled={isMissing}
            {...(isDangerous === true ? { color: 'red' } : {})}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
