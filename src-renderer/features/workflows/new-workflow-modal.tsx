import { Button, Modal, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { useState } from 'react';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import { useApi } from '../../api/client.tsx';
import { navigate } from '../../ui/hash-location.ts';
import { ErrorNotice } from '../../ui/notices.tsx';
import { keepDraft } from './drafts-store.ts';
import { copyName, nameFault, newSource, renameIn } from './workflow-text.ts';
import classes from './workflows.module.css';

/** A workflow to begin with. */
export interface CopiedWorkflow {
  readonly name: string;
  /** What names it to the engine: its name, or its file. */
  readonly reference: string;
}

/** What is wanted: a workflow of one's own, from scratch (null) or from the text of another. */
export interface NewWorkflow {
  readonly copyOf: CopiedWorkflow | null;
}

export interface NewWorkflowModalProps {
  /** Null: the dialog is closed. */
  readonly wanted: NewWorkflow | null;
  /** Names that there are. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
}

/** Asks for the name of a new workflow, and opens it in the editor; the file is made when it is saved. */
export function NewWorkflowModal({ wanted, taken, onClose }: NewWorkflowModalProps) {
  const title = wanted?.copyOf == null ? 'New workflow' : `Duplicate ${wanted.copyOf.name}`;
  return (
    <Modal opened={wanted !== null} onClose={onClose} title={title}>
      {wanted !== null && <NameForm copyOf={wanted.copyOf} taken={taken} onClose={onClose} />}
    </Modal>
  );
}

interface NameFormProps extends NewWorkflow {
  readonly taken: readonly string[];
  readonly onClose: () => void;
}

function NameForm({ copyOf, taken, onClose }: NameFormProps) {
  const api = useApi();
  const [name, setName] = useState(() => (copyOf === null ? '' : copyName(copyOf.name, taken)));
  const [isTold, setTold] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const fault = nameFault(name, taken);

  async function create(event: FormEvent) {
    event.preventDefault();
    setTold(true);
    if (fault !== null) return;
    if (copyOf === null) return open(newSource(name));
    const found = await api.getWorkflow({ workflow: copyOf.reference });
    if (found.ok) open(renameIn(found.value.source, name));
    else setError(found.error);
  }

  function open(source: string) {
    keepDraft(name, { source, replaces: null });
    onClose();
    navigate(`/workflows/${name}`);
  }

  return (
    <form className={classes.form} onSubmit={(event) => void create(event)} noValidate>
      <TextInput
        label="Name"
        description="Lower-case letters, digits, - and _; it is also the name of the file"
        value={name}
        error={isTold ? fault : null}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value.trim())}
        onBlur={() => setTold(name !== '')}
      />
      {error !== null && <ErrorNotice error={error} />}
      <div className={classes.formEnd}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit">Open in the editor</Button>
      </div>
    </form>
  );
}
