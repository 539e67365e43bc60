import { Button, Modal } from '@mantine/core';
import { SquareTerminal } from 'lucide-react';
import { useState } from 'react';
import { navigate } from '../../ui/hash-location.ts';
import { notify } from '../../ui/notify.tsx';
import { AgentEditor } from './agent-editor.tsx';
import type { AgentForm } from './agent-form.ts';
import { emptyForm, formOf } from './agent-form.ts';
import classes from './agents.module.css';
import { KnownAgents } from './known-agents.tsx';

/** Adds an agent: one that was found, with its form filled in, or any command. */
export function AddAgent({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Add an agent" size="lg">
      {isOpen && <Steps onClose={onClose} />}
    </Modal>
  );
}

function Steps({ onClose }: { readonly onClose: () => void }) {
  const [form, setForm] = useState<AgentForm | null>(null);
  if (form !== null) {
    return (
      <AgentEditor
        initial={form}
        isNew
        backLabel="Back"
        onBack={() => setForm(null)}
        onSaved={({ id, title }) => {
          notify(`${title}: added`, 'It starts with its first work, or by hand.');
          onClose();
          navigate(`/agents/${id}`);
        }}
      />
    );
  }
  return (
    <div className={classes.column}>
      <div className={classes.choice}>
        <p className={classes.note}>Agents that Signalbox knows how to start. Nothing is started to find them.</p>
        <Button
          variant="default"
          leftSection={<SquareTerminal size={14} aria-hidden="true" />}
          onClick={() => setForm(emptyForm)}
        >
          Any other command
        </Button>
      </div>
      <KnownAgents onChoose={({ definition }) => setForm(formOf(definition))} />
    </div>
  );
}
