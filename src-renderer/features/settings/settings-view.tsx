import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { DoctorPanel } from '../doctor/doctor-panel.tsx';
import { AboutSection } from './about-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { DataSection } from './data-section.tsx';
import { DesktopSection } from './desktop-section.tsx';
import { FileNotices } from './file-notices.tsx';
import type { FormSectionProps } from './form-section.ts';
import { LimitsSection } from './limits-section.tsx';
import { LocalApiSection } from './local-api-section.tsx';
import { NotificationsSection } from './notifications-section.tsx';
import { ProjectsSection } from './projects-section.tsx';
import { RulesSection } from './rules-section.tsx';
import { SecretsSection } from './secrets-section.tsx';
import classes from './settings.module.css';
import type { SavedSettings } from './use-settings.ts';
import { useSettings } from './use-settings.ts';

const groups = [
  {
    label: 'Work',
    sections: [
      { name: 'engine', label: 'Engine' },
      { name: 'projects', label: 'Projects' },
      { name: 'permissions', label: 'Permission rules' },
      { name: 'secrets', label: 'Secrets' },
    ],
  },
  {
    label: 'This machine',
    sections: [
      { name: 'notifications', label: 'Notifications' },
      { name: 'desktop', label: 'Desktop' },
      { name: 'appearance', label: 'Appearance' },
    ],
  },
  {
    label: 'Signalbox',
    sections: [
      { name: 'data', label: 'Data folder' },
      { name: 'api', label: 'Local API' },
      { name: 'doctor', label: 'Doctor' },
      { name: 'about', label: 'About' },
    ],
  },
] as const;
type SectionName = (typeof groups)[number]['sections'][number]['name'];

/** Sections whose values are in the settings file: they begin with what is to be known about it. */
const ofFile: ReadonlySet<SectionName> = new Set(['engine', 'projects', 'secrets', 'notifications', 'desktop']);

/** Settings, one section at an address. */
export function SettingsView({ section }: { readonly section: string | null }) {
  const sections = groups.flatMap((group): readonly { readonly name: SectionName }[] => group.sections);
  const current = sections.find(({ name }) => name === section)?.name ?? 'engine';
  const settings = useSettings();
  return (
    <Page title="Settings" isFilled>
      <div className={classes.view}>
        <SectionList current={current} />
        <div className={classes.content} tabIndex={-1}>
          {ofFile.has(current) && <FileNotices settings={settings} />}
          <Section key={current} name={current} settings={settings} />
        </div>
      </div>
    </Page>
  );
}

/** The sections, which are too many for tabs. */
function SectionList({ current }: { readonly current: SectionName }) {
  return (
    <nav className={classes.sections} aria-label="Parts of this view">
      {groups.map(({ label, sections }) => (
        <div key={label} className={classes.sectionGroup}>
          <p className={classes.sectionLabel}>{label}</p>
          {sections.map(({ name, label: word }) => (
            <Link
              key={name}
              href={`/settings/${name}`}
              className={classes.sectionLink}
              aria-current={name === current ? 'page' : undefined}
            >
              {word}
            </Link>
          ))}
        </div>
      ))}
    </nav>
  );
}

function Section({ name, settings }: { readonly name: SectionName; readonly settings: SavedSettings }) {
  switch (name) {
    case 'engine':
      return <FormSection settings={settings}>{(props) => <LimitsSection {...props} />}</FormSection>;
    case 'secrets':
      return <FormSection settings={settings}>{(props) => <SecretsSection {...props} />}</FormSection>;
    case 'notifications':
      return <FormSection settings={settings}>{(props) => <NotificationsSection {...props} />}</FormSection>;
    case 'desktop':
      return <FormSection settings={settings}>{(props) => <DesktopSection {...props} />}</FormSection>;
    case 'projects':
      return <ProjectsSection lockedBecause={settings.lockedBecause} />;
    case 'permissions':
      return <RulesSection />;
    case 'appearance':
      return <AppearanceSection />;
    case 'data':
      return <DataSection settingsPath={settings.view?.path ?? null} />;
    case 'api':
      return <LocalApiSection />;
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

interface FormSectionFrameProps {
  readonly settings: SavedSettings;
  readonly children: (props: FormSectionProps) => ReactNode;
}

/** A form of settings, once they are known. */
function FormSection({ settings, children }: FormSectionFrameProps) {
  const { view, error, refetch, isSaving, lockedBecause, save } = settings;
  if (view === undefined) {
    return error === null ? <Skeleton lines={10} height={20} /> : <ErrorNotice error={error} onRetry={refetch} />;
  }
  return children({ settings: view.settings, isSaving, lockedBecause, save });
}
