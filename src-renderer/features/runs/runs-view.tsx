import { EmptyState } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';

/** Runs: this view is not built yet, and says so. */
export function RunsView() {
  return (
    <Page title="Runs">
      <EmptyState
        title="This view is being built."
        hint="The command line shows the same meanwhile: signalbox --help."
      />
    </Page>
  );
}
