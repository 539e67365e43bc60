import { EmptyState } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';

/** Events: this view is not built yet, and says so. */
export function EventsView() {
  return (
    <Page title="Events">
      <EmptyState
        title="This view is being built."
        hint="The command line shows the same meanwhile: signalbox --help."
      />
    </Page>
  );
}
