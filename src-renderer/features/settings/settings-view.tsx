import { EmptyState } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';

export interface SettingsViewProps {
  /** Which part; null: the first. */
  readonly section: string | null;
}

/** Settings: this view is not built yet, and says so. */
export function SettingsView({ section }: SettingsViewProps) {
  return (
    <Page title="Settings" about={[section].filter((part) => part !== null).join(' · ')}>
      <EmptyState
        title="This view is being built."
        hint="The command line shows the same meanwhile: signalbox --help."
      />
    </Page>
  );
}
