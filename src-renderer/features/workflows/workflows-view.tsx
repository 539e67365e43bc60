import { useQueryState } from '../../ui/use-query-state.ts';
import { StartRunModal } from './start-run-modal.tsx';
import { WorkflowList } from './workflow-list.tsx';
import { WorkflowPage } from './workflow-page.tsx';

export interface WorkflowsViewProps {
  /** The workflow that is open; null: the list of all. */
  readonly name: string | null;
}

/** Workflows: bundled ones and the user's own files; one of them with its source, its graph, its versions, and its run form. */
export function WorkflowsView({ name }: WorkflowsViewProps) {
  const [run, setRun] = useQueryState('run');
  return (
    <>
      {name === null ? <WorkflowList /> : <WorkflowPage key={name} name={name} />}
      <StartRunModal isOpen={run === 'new'} workflow={name} onClose={() => setRun(null, { replace: true })} />
    </>
  );
}
