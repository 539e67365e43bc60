import { Modal, Select } from '@mantine/core';
import { useState } from 'react';
import { useEntry } from '../../api/use-entry.ts';
import { navigate } from '../../ui/hash-location.ts';
import { notify } from '../../ui/notify.tsx';
import { RunForm } from './run-form.tsx';
import classes from './workflows.module.css';

export interface StartRunModalProps {
  readonly isOpen: boolean;
  /** The workflow to run; null: the person chooses one. */
  readonly workflow: string | null;
  readonly onClose: () => void;
}

/** The form that starts a run, as a dialog; it ends on the run's page. */
export function StartRunModal({ isOpen, workflow, onClose }: StartRunModalProps) {
  const title = workflow === null ? 'Start a run' : `Run ${workflow}`;
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} size={720}>
      {isOpen && <Content workflow={workflow} onClose={onClose} />}
    </Modal>
  );
}

function Content({ workflow, onClose }: Omit<StartRunModalProps, 'isOpen'>) {
  const [chosen, setChosen] = useState(workflow);
  const { data } = useEntry('listWorkflows', {}, { enabled: workflow === null });
  const runnable = data?.workflows.filter(({ problems }) => problems.every(({ severity }) => severity !== 'error'));
  return (
    <div className={classes.form}>
      {workflow === null && (
        <Select
          label="Workflow"
          data={
            runnable?.map(({ name, title }) => ({ value: name, label: title === name ? name : `${name}: ${title}` })) ??
            []
          }
          value={chosen}
          onChange={setChosen}
          searchable
          allowDeselect={false}
          data-autofocus
        />
      )}
      {chosen !== null && (
        <RunForm
          key={chosen}
          workflow={chosen}
          onStarted={(run) => {
            onClose();
            notify(`${run.workflow} was started`);
            navigate(`/runs/${run.id}`);
          }}
        />
      )}
    </div>
  );
}
