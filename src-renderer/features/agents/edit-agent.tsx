import { Modal } from '@mantine/core';
import type { AgentDefinition } from '../../../src-main/contract/agent.ts';
import { notify } from '../../ui/notify.tsx';
import { AgentEditor } from './agent-editor.tsx';
import { formOf } from './agent-form.ts';

/** Changes an agent. What changed counts from its next process on. */
export function EditAgent({
  definition,
  onClose,
}: {
  readonly definition: AgentDefinition;
  readonly onClose: () => void;
}) {
  return (
    <Modal opened onClose={onClose} title={`Edit ${definition.title}`} size="lg">
      <AgentEditor
        initial={formOf(definition)}
        isNew={false}
        backLabel="Cancel"
        onBack={onClose}
        onSaved={({ title }) => {
          notify(`${title}: saved`, 'It counts from its next process on; restart it to use it now.');
          onClose();
        }}
      />
    </Modal>
  );
}
