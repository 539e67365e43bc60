import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import type { AgentDefinition } from '../../../src-main/contract/agent.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import { useCommand } from '../../api/use-command.ts';
import { ErrorNotice } from '../../ui/notices.tsx';
import type { AgentForm } from './agent-form.ts';
import { AgentFormFields } from './agent-form-fields.tsx';
import { AgentTrial } from './agent-trial.tsx';
import classes from './agents.module.css';
import { useAgentForm } from './use-agent-form.ts';

export interface AgentEditorProps {
  readonly initial: AgentForm;
  readonly isNew: boolean;
  /** The word on the way back: "Back", "Cancel". */
  readonly backLabel: string;
  readonly onBack: () => void;
  readonly onSaved: (definition: AgentDefinition) => void;
}

/** The form of a definition, its test run, and saving it. */
export function AgentEditor({ initial, isNew, backLabel, onBack, onSaved }: AgentEditorProps) {
  const state = useAgentForm(initial);
  const save = useCommand('saveAgent', { isQuiet: true });
  const [error, setError] = useState<ApiError | null>(null);
  const fields = useRef<HTMLFormElement>(null);

  /** What is wrong may be out of sight. It is marked with the next frame. */
  function showFault(): void {
    requestAnimationFrame(() => fields.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  }

  async function submit(): Promise<void> {
    setError(null);
    const definition = state.read();
    if (definition === null) return showFault();
    const saved = await save.run(definition);
    if (saved.ok) return onSaved(definition);
    if (state.refuse(saved.error)) showFault();
    else setError(saved.error);
  }

  const faults = Object.keys(state.faults).length;
  return (
    <form
      ref={fields}
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!save.isRunning) void submit();
      }}
    >
      <AgentFormFields state={state} isNew={isNew} />
      {state.form.protocol !== 'shell' && <AgentTrial read={state.read} isAcp={state.form.protocol === 'acp'} />}
      {error !== null && <ErrorNotice error={error} />}
      <div className={classes.foot}>
        {faults > 0 && (
          <p className={classes.fault} role="status">
            {faults === 1 ? 'One field' : `${faults} fields`} above cannot be used as they are.
          </p>
        )}
        <Button variant="default" onClick={onBack}>
          {backLabel}
        </Button>
        <Button type="submit" loading={save.isRunning}>
          {isNew ? 'Add the agent' : 'Save'}
        </Button>
      </div>
    </form>
  );
}
