import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ApiOutput } from '../../../src-main/contract/api.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import { useCommand } from '../../api/use-command.ts';
import { useEntry } from '../../api/use-entry.ts';
import { navigate } from '../../ui/hash-location.ts';
import { notify } from '../../ui/notify.tsx';
import { dropDraft, keepDraft, useDrafts } from './drafts-store.ts';
import type { WorkflowPlace } from './workflow-address.ts';
import { addressOf, askedOf } from './workflow-address.ts';
import { nameIn } from './workflow-text.ts';

/** How often files are looked at: an editor that saves one tells nobody. Costs a look at the time of each file. */
export const fileEveryMs = 3_000;

type WorkflowFile = ApiOutput<'getWorkflow'>;

/** A workflow that is open: its file as it is now, the text as it is being edited, and how the two differ. */
export function useOpenWorkflow(place: WorkflowPlace) {
  const { name } = place;
  const asked = askedOf(place);
  const { data: file, error, refetch } = useEntry('getWorkflow', asked, { everyMs: fileEveryMs });
  const isOther = place.file !== null || file?.origin === 'project';
  // Drafts are of the person's own workflows; another file of the same name has none.
  const draft = useDrafts(({ drafts }) => (isOther ? undefined : drafts[name]));
  const save = useCommand('saveWorkflow', { isQuiet: true });
  const remove = useCommand('deleteWorkflow');
  const queryClient = useQueryClient();
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const isGone = error?.type === 'notFound';

  // What was typed back to what the file says is no change any more.
  const isSame = draft !== undefined && file !== undefined && !isGone && draft.source === file.source;
  useEffect(() => {
    if (isSame) dropDraft(name);
  }, [isSame, name]);

  function showSaved(saved: WorkflowFile): void {
    queryClient.setQueryData(['getWorkflow', { workflow: saved.name }], saved);
    void queryClient.invalidateQueries({ queryKey: ['listWorkflows'] });
  }

  /** Saves under the name that the text gives itself; under another one it is a new workflow, and this one stays. */
  async function write(source: string, as: string): Promise<void> {
    const replaces = as === name ? (draft?.replaces ?? null) : null;
    const answer = await save.run({ name: as, source, replaces });
    setRefusal(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    showSaved(answer.value);
    dropDraft(name);
    notify(`${as} was saved`, answer.value.path);
    if (as !== name) navigate(addressOf({ name: as, file: null, folder: null }));
  }

  return {
    file: isGone ? undefined : file,
    error: isGone && draft !== undefined ? null : error,
    refetch,
    refusal,
    clearRefusal: () => setRefusal(null),
    /** The text in the editor; null while nothing is known. */
    source: draft?.source ?? (isGone ? null : (file?.source ?? null)),
    isDirty: draft !== undefined && !isSame,
    conflict: conflictOf({ draft, file, isGone }),
    isSaving: save.isRunning,
    edit(source: string) {
      setRefusal(null);
      keepDraft(name, { source, replaces: draft === undefined ? (file?.hash ?? null) : draft.replaces });
    },
    /** The name that the text gives itself, when that is another one. */
    otherName: draft === undefined ? null : otherThan(name, nameIn(draft.source)),
    write,
    discard() {
      setRefusal(null);
      dropDraft(name);
      if (file === undefined || isGone) navigate('/workflows');
    },
    /** Keeps the text that is being edited, to be saved over the file as it is now. */
    keepMine() {
      if (draft !== undefined) keepDraft(name, { ...draft, replaces: isGone ? null : (file?.hash ?? null) });
      setRefusal(null);
    },
    async remove(): Promise<boolean> {
      if (file === undefined) return false;
      const answer = await remove.run({ name, replaces: file.hash });
      if (!answer.ok) return false;
      dropDraft(name);
      queryClient.removeQueries({ queryKey: ['getWorkflow', asked] });
      void queryClient.invalidateQueries({ queryKey: ['listWorkflows'] });
      notify(`${name} was deleted`);
      navigate('/workflows');
      return true;
    },
  };
}

/** What a workflow that is open can do, for its parts. */
export type OpenWorkflow = ReturnType<typeof useOpenWorkflow>;

function otherThan(name: string, found: string | null): string | null {
  return found === null || found === name ? null : found;
}

/** How the file went on without the editor; null when it did not. */
function conflictOf(parts: {
  readonly draft: { readonly replaces: string | null } | undefined;
  readonly file: WorkflowFile | undefined;
  readonly isGone: boolean;
}): 'changed' | 'deleted' | null {
  const { draft, file, isGone } = parts;
  if (draft === undefined) return null;
  if (isGone) return draft.replaces === null ? null : 'deleted';
  return file !== undefined && file.hash !== draft.replaces ? 'changed' : null;
}
