import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useCallback } from 'react';
import type { Stage } from '../../../src-main/contract/run.ts';
import type { RunWork } from '../../api/fold-run-work.ts';
import { useRunWork } from '../../api/use-run-work.ts';
import { navigate } from '../../ui/hash-location.ts';
import { useShortcut } from '../../ui/keyboard.ts';
import { ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import type { PageTab } from '../../ui/page.tsx';
import { Page } from '../../ui/page.tsx';
import { useQueryState } from '../../ui/use-query-state.ts';
import { EventsTab } from './events-tab.tsx';
import { GraphTab } from './graph-tab.tsx';
import { Inspector } from './inspector.tsx';
import { LogsTab } from './logs-tab.tsx';
import classes from './run.module.css';
import { RunAbout, RunFailure } from './run-about.tsx';
import { telling } from './run-actions.ts';
import { RunControls } from './run-controls.tsx';
import { TimelineTab } from './timeline-tab.tsx';
import { ValuesTab } from './values-tab.tsx';

const tabs = [
  { id: 'graph', label: 'Graph' },
  { id: 'timeline', label: 'Timeline' },
  { id: 'logs', label: 'Logs' },
  { id: 'events', label: 'Events' },
  { id: 'values', label: 'Inputs & outputs' },
] as const;
type TabId = (typeof tabs)[number]['id'];

/** From this width on the inspector stands beside the tabs; below, it is a drawer. */
const wide = '(min-width: 1200px)';

export interface RunViewProps {
  readonly runId: string;
  /** Which part; null: the first. */
  readonly tab: string | null;
}

/** One run, live: its state with evidence, what can be asked of it, its parts, and the stage that is chosen. */
export function RunView({ runId, tab }: RunViewProps) {
  const { work, error } = useRunWork(runId);
  if (work !== undefined) return <Run work={work} tab={tabs.find(({ id }) => id === tab)?.id ?? 'graph'} />;
  return (
    <Page title="Run">{error === null ? <Skeleton lines={10} height={18} /> : <ErrorNotice error={error} />}</Page>
  );
}

function Run({ work, tab }: { readonly work: RunWork; readonly tab: TabId }) {
  const { run } = work;
  const [stageName, setStage] = useQueryState('stage');
  const chosen = run.stages.find(({ name }) => name === stageName) ?? null;
  const select = useCallback((name: string) => setStage(name, { replace: true }), [setStage]);
  const places = placesOf(run.id, tab, chosen);
  useTabKeys(places);
  return (
    <Page
      title={work.definition.title ?? run.workflow}
      about={<RunAbout work={work} />}
      actions={<RunControls run={run} stage={chosen?.name ?? null} />}
      tabs={places}
      {...(run.failure === null ? {} : { bar: <RunFailure work={work} /> })}
      isFilled
    >
      <div className={classes.body}>
        <div className={classes.main}>
          <Tab work={work} tab={tab} selected={chosen?.name ?? null} onSelect={select} />
        </div>
        <Beside work={work} chosen={chosen} onClose={() => setStage(null, { replace: true })} />
      </div>
    </Page>
  );
}

function placesOf(runId: string, current: TabId, stage: Stage | null): readonly PageTab[] {
  const query = stage === null ? '' : `?stage=${stage.name}`;
  return tabs.map(({ id, label }) => ({
    to: `/runs/${runId}${id === 'graph' ? '' : `/${id}`}${query}`,
    label,
    isCurrent: id === current,
  }));
}

function useTabKeys(places: readonly PageTab[]): void {
  const go = (index: number) => {
    const place = places[index];
    if (place !== undefined) navigate(place.to);
  };
  const group = 'Run';
  useShortcut('1', 'Graph', () => go(0), { group });
  useShortcut('2', 'Timeline', () => go(1), { group });
  useShortcut('3', 'Logs', () => go(2), { group });
  useShortcut('4', 'Events', () => go(3), { group });
  useShortcut('5', 'Inputs and outputs', () => go(4), { group });
}

interface TabProps {
  readonly work: RunWork;
  readonly tab: TabId;
  readonly selected: string | null;
  readonly onSelect: (name: string) => void;
}

function Tab({ work, tab, selected, onSelect }: TabProps) {
  switch (tab) {
    case 'graph':
      return <GraphTab work={work} selected={selected} onSelect={onSelect} />;
    case 'timeline':
      return <TimelineTab work={work} selected={selected} onSelect={onSelect} />;
    case 'logs':
      return <LogsTab work={work} />;
    case 'events':
      return <EventsTab runId={work.run.id} />;
    case 'values':
      return <ValuesTab work={work} />;
  }
}

interface BesideProps {
  readonly work: RunWork;
  readonly chosen: Stage | null;
  readonly onClose: () => void;
}

/** The inspector: always there where there is room, with the most telling stage when none is chosen; else a drawer. */
function Beside({ work, chosen, onClose }: BesideProps) {
  const isWide = useMediaQuery(wide, window.matchMedia(wide).matches);
  const shown = chosen ?? telling(work.run.stages);
  if (isWide) {
    return (
      <aside className={classes.aside} aria-label="Stage">
        {shown !== null && <Inspector key={shown.name} work={work} stage={shown} />}
      </aside>
    );
  }
  return (
    <Drawer opened={chosen !== null} onClose={onClose} position="right" size={380} title="Stage">
      {chosen !== null && <Inspector key={chosen.name} work={work} stage={chosen} />}
    </Drawer>
  );
}
