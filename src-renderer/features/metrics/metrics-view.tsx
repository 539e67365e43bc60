import { EmptyState } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';

/** Metrics: this view is not built yet, and says so. */
export function MetricsView() {
  return (
    <Page title="Metrics">
      <EmptyState
        title="This view is being built."
        hint="The command line shows the same meanwhile: signalbox --help."
      />
    </Page>
  );
}
