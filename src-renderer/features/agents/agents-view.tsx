import { EmptyState } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';

export interface AgentsViewProps {
  /** The agent that is open; null: none. */
  readonly agentId: string | null;
}

/** Agents: this view is not built yet, and says so. */
export function AgentsView({ agentId }: AgentsViewProps) {
  return (
    <Page title="Agents" about={[agentId].filter((part) => part !== null).join(' · ')}>
      <EmptyState
        title="This view is being built."
        hint="The command line shows the same meanwhile: signalbox --help."
      />
    </Page>
  );
}
