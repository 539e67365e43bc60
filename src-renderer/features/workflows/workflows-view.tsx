import { EmptyState } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';

export interface WorkflowsViewProps {
  /** The workflow that is open; null: none. */
  readonly name: string | null;
}

/** Workflows: this view is not built yet, and says so. */
export function WorkflowsView({ name }: WorkflowsViewProps) {
  return (
    <Page title="Workflows" about={[name].filter((part) => part !== null).join(' · ')}>
      <EmptyState
        title="This view is being built."
        hint="The command line shows the same meanwhile: signalbox --help."
      />
    </Page>
  );
}
