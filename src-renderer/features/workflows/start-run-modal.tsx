import { Modal, Select } from '@mantine/core';
import { useState } from 'react';
import { useEntry } from '../../api/use-entry.ts';
import { navigate } from '../../ui/hash-location.ts';
import { notify } from '../../ui/notify.tsx';
import { RunForm } from './run-form.tsx';
import type { WorkflowPlace } from './workflow-address.ts';
import { askedOf, referenceOf, workflowWords } from './workflow-address.ts';
import classes from './workflows.module.css';

export interface StartRunModalProps {
  readonly isOpen: boolean;
  /** The workflow to run; null: the person chooses one. */
  readonly place: WorkflowPlace | null;
  readonly onClose: () => void;
}

/** The form that starts a run, as a dialog; it ends on the run's page. */
export function StartRunModal({ isOpen, place, onClose }: StartRunModalProps) {
  const title = place === null ? 'Start a run' : `Run ${place.name}`;
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} size={720}>
      {isOpen && <Content place={place} onClose={onClose} />}
    </Modal>
  );
}

function Content({ place, onClose }: Omit<StartRunModalProps, 'isOpen'>) {
  const [chosen, setChosen] = useState<string | null>(null);
  const { data } = useEntry('listWorkflows', {}, { enabled: place === null });
  const runnable = data?.workflows.filter(({ problems }) => problems.every(({ severity }) => severity !== 'error'));
  const picked = chosen === null ? null : { workflow: chosen };
  const asked = place === null ? picked : askedOf(place);
  return (
    <div className={classes.form}>
      {place === null && (
        <Select
          label="Workflow"
          data={runnable?.map((one) => ({ value: referenceOf(one), label: workflowWords(one) })) ?? []}
          value={chosen}
          onChange={setChosen}
          searchable
          allowDeselect={false}
          data-autofocus
        />
      )}
      {asked !== null && (
        <RunForm
          key={asked.workflow}
          asked={asked}
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
