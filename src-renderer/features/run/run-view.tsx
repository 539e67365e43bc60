import { EmptyState } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';

export interface RunViewProps {
  readonly runId: string;
  /** Which part; null: the first. */
  readonly tab: string | null;
}

/** Run: this view is not built yet, and says so. */
export function RunView({ runId, tab }: RunViewProps) {
  return (
    <Page title="Run" about={[runId, tab].filter((part) => part !== null).join(' · ')}>
      <EmptyState
        title="This view is being built."
        hint="The command line shows the same meanwhile: signalbox --help."
      />
    </Page>
  );
}
