import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { AgentView } from '../../../src-main/contract/api-agents.ts';

export interface RemoveAgentProps {
  readonly agent: AgentView;
  readonly isOpen: boolean;
  readonly isRunning: boolean;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before an agent's definition is taken away. */
export function RemoveAgent({ agent, isOpen, isRunning, onConfirm, onClose }: RemoveAgentProps) {
  const { title } = agent.definition;
  const isBusy = agent.slotsUsed > 0;
  return (
    <Modal opened={isOpen} onClose={onClose} title={`Remove ${title}?`}>
      <Stack gap="md">
        <Text>
          {isBusy
            ? `${title} has work. Drain it first; an agent without work can be removed.`
            : 'Its definition is removed and its processes are ended. What it did stays in the history; work that asks for it waits until another agent fits.'}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            Back
          </Button>
          <Button color="red" disabled={isBusy} loading={isRunning} onClick={() => void onConfirm()}>
            Remove
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
