import { useQueryState } from '../../ui/use-query-state.ts';
import { StartRunModal } from './start-run-modal.tsx';
import type { WorkflowPlace } from './workflow-address.ts';
import { addressOf } from './workflow-address.ts';
import { WorkflowList } from './workflow-list.tsx';
import { WorkflowPage } from './workflow-page.tsx';

export interface WorkflowsViewProps {
  /** The workflow that is open; null: the list of all. */
  readonly name: string | null;
}

/** Workflows: bundled ones, the user's own files, and those of projects; one of them with its source, its graph, its versions, and its run form. */
export function WorkflowsView({ name }: WorkflowsViewProps) {
  const [run, setRun] = useQueryState('run');
  const [file] = useQueryState('file');
  const [folder] = useQueryState('folder');
  const place: WorkflowPlace | null = name === null ? null : { name, file, folder };
  return (
    <>
      {place === null ? <WorkflowList /> : <WorkflowPage key={addressOf(place)} place={place} />}
      <StartRunModal isOpen={run === 'new'} place={place} onClose={() => setRun(null, { replace: true })} />
    </>
  );
}
