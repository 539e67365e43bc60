import { useEntry } from '../../api/use-entry.ts';
import { ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import { DoctorPanel } from '../doctor/doctor-panel.tsx';
import { AboutSection } from './about-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { DataSection } from './data-section.tsx';
import { LimitsSection } from './limits-section.tsx';
import { RulesSection } from './rules-section.tsx';
import { SecretsSection } from './secrets-section.tsx';
import classes from './settings.module.css';
import type { SavedSettings } from './use-settings.ts';
import { useSettings } from './use-settings.ts';

const sections = [
  { name: 'engine', label: 'Engine' },
  { name: 'secrets', label: 'Secrets' },
  { name: 'permissions', label: 'Permission rules' },
  { name: 'appearance', label: 'Appearance' },
  { name: 'data', label: 'Data folder' },
  { name: 'doctor', label: 'Doctor' },
  { name: 'about', label: 'About' },
] as const;
type SectionName = (typeof sections)[number]['name'];

/** Settings, one section at an address. */
export function SettingsView({ section }: { readonly section: string | null }) {
  const current = sections.find(({ name }) => name === section)?.name ?? 'engine';
  const settings = useSettings();
  return (
    <Page
      title="Settings"
      tabs={sections.map(({ name, label }) => ({ to: `/settings/${name}`, label, isCurrent: name === current }))}
    >
      {(current === 'engine' || current === 'secrets') && <FileNotices settings={settings} />}
      <Section key={current} name={current} settings={settings} />
    </Page>
  );
}

function Section({ name, settings }: { readonly name: SectionName; readonly settings: SavedSettings }) {
  switch (name) {
    case 'engine':
    case 'secrets':
      return <FormSection name={name} settings={settings} />;
    case 'permissions':
      return <RulesSection />;
    case 'appearance':
      return <AppearanceSection />;
    case 'data':
      return <DataSection settingsPath={settings.view?.path ?? null} />;
    case 'doctor':
      return (
        <div className={classes.section}>
          <DoctorPanel />
        </div>
      );
    case 'about':
      return <AboutSection />;
  }
}

interface FormSectionProps {
  readonly name: 'engine' | 'secrets';
  readonly settings: SavedSettings;
}

function FormSection({ name, settings }: FormSectionProps) {
  const { view, error, refetch, isSaving, save } = settings;
  if (view === undefined) {
    return error === null ? <Skeleton lines={10} height={20} /> : <ErrorNotice error={error} onRetry={refetch} />;
  }
  const Form = name === 'engine' ? LimitsSection : SecretsSection;
  return <Form settings={view.settings} isSaving={isSaving} save={save} />;
}

/** What is to be known about the file before it is changed. */
function FileNotices({ settings: { view } }: { readonly settings: SavedSettings }) {
  const { data } = useEntry('getStatus', {});
  if (view === undefined) return null;
  return (
    <div className={classes.section}>
      {view.problem !== null && <ErrorNotice error={view.problem} />}
      {view.needsRestart && (
        <div className={classes.warning} role="status">
          <StateShape shape="break" tone="waiting" />
          <p>
            Some of these settings hold only after the engine was started again
            {data === undefined ? '' : ` (process ${data.pid})`}. Work that runs then is parked and goes on.
          </p>
        </div>
      )}
    </div>
  );
}
