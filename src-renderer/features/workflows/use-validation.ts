import { useEffect, useState } from 'react';
import type { ApiError, Problem } from '../../../src-main/contract/errors.ts';
import type { WorkflowDefinition } from '../../../src-main/contract/workflow.ts';
import { useApi } from '../../api/client.tsx';

/** What the engine says of a text. */
export interface Validation {
  readonly problems: readonly Problem[];
  /** Of the newest text that had no errors; null: there was none yet. */
  readonly definition: WorkflowDefinition | null;
  /** Whether `definition` is of an earlier text than the one that is there now. */
  readonly isEarlier: boolean;
  /** Whether the newest text has not been checked yet. */
  readonly isPending: boolean;
  /** Why it could not be checked; null when it could. */
  readonly error: ApiError | null;
}

const nothingYet: Validation = { problems: [], definition: null, isEarlier: false, isPending: true, error: null };

/** How long after the last key a text is checked, in ms. */
const checkAfterMs = 250;

/**
 * Checks a text while it is being edited, and keeps the last sound definition while it is broken.
 * @param folder for work in which its agents are looked for; null: in any.
 */
export function useValidation(source: string | null, folder: string | null): Validation {
  const api = useApi();
  const [validation, setValidation] = useState<Validation>(nothingYet);

  useEffect(() => {
    if (source === null) return;
    let isCurrent = true;
    setValidation((before) => ({ ...before, isPending: true }));
    const timer = setTimeout(async () => {
      const checked = await api.validateWorkflow(folder === null ? { source } : { source, folder });
      if (!isCurrent) return;
      setValidation((before) => {
        if (!checked.ok) return { ...before, isPending: false, error: checked.error };
        const { problems, definition } = checked.value;
        const isEarlier = definition === null && before.definition !== null;
        return { problems, definition: definition ?? before.definition, isEarlier, isPending: false, error: null };
      });
    }, checkAfterMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [api, source, folder]);

  return validation;
}
