import { EmptyState } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';

export interface QueueViewProps {
  /** Which part; null: the first. */
  readonly tab: string | null;
}

/** Queue: this view is not built yet, and says so. */
export function QueueView({ tab }: QueueViewProps) {
  return (
    <Page title="Queue" about={[tab].filter((part) => part !== null).join(' · ')}>
      <EmptyState
        title="This view is being built."
        hint="The command line shows the same meanwhile: signalbox --help."
      />
    </Page>
  );
}
