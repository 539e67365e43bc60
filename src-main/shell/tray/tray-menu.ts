import type { RunSummary } from '../../contract/api-runs.ts';
import type { Settings } from '../../contract/settings.ts';
import type { DesktopView, EngineStatus } from '../desktop-status.ts';
import { plainLine } from './plain-label.ts';
import { countsLine, openQuestions } from './tray-state.ts';

/** What choosing an entry does. */
export type TrayAct =
  | { readonly kind: 'open'; readonly route: string | null }
  | { readonly kind: 'pauseAll' | 'resumeAll' | 'freeze' | 'thaw' | 'unmute' | 'quit' }
  | { readonly kind: 'mute'; readonly until: 'hour' | 'tomorrow' };

/** One entry of the menu, as data: two menus are the same when their texts as JSON are. */
export type TrayEntry =
  | { readonly kind: 'line' }
  | {
      readonly kind: 'entry';
      readonly label: string;
      /** Null: it only says something. */
      readonly act: TrayAct | null;
    }
  | { readonly kind: 'menu'; readonly label: string; readonly entries: readonly TrayEntry[] };

/** Longer texts of others are cut. */
const maxLabel = 60;

const line: TrayEntry = { kind: 'line' };

/** The whole menu. @param now ms since the epoch: whether notifications are muted depends on it. */
export function trayMenu(view: DesktopView, settings: Settings | null, now: number): readonly TrayEntry[] {
  const { status } = view;
  const work = status === null || view.isLost ? [] : workEntries(view, status);
  const controls =
    status === null || view.isLost ? [] : [...controlEntries(status), ...muteEntries(settings, now), line];
  return [
    said(countsLine(view)),
    line,
    ...work,
    ...controls,
    entry('Open Signalbox', { kind: 'open', route: null }),
    entry('Quit Signalbox', { kind: 'quit' }),
  ];
}

function workEntries(view: DesktopView, status: EngineStatus): readonly TrayEntry[] {
  const questions = view.questions.map(({ asker, text }) => entry(`${asker}: ${text}`, opened('/inbox')));
  const runs = view.runs.map((run) => entry(runLabel(run), opened(`/runs/${run.id}`)));
  const { running, waiting, paused } = status.runs;
  return [
    ...section('Waiting for you', questions, openQuestions(status), '/inbox'),
    ...section('Live runs', runs, running + waiting + paused, '/runs'),
    ...(view.failed === 0 ? [] : [entry(`${view.failed} failed since you looked`, opened('/inbox/trouble')), line]),
  ];
}

/** Entries under a heading, and where the rest of them is. */
function section(heading: string, entries: readonly TrayEntry[], total: number, route: string): readonly TrayEntry[] {
  if (entries.length === 0) return [];
  const more = total - entries.length;
  return [said(heading), ...entries, ...(more > 0 ? [entry(`${more} more…`, opened(route))] : []), line];
}

function runLabel({ workflow, state, currentStages }: RunSummary): string {
  const stages = currentStages.length === 0 ? '' : `: ${currentStages.join(', ')}`;
  return state === 'running' ? `${workflow}${stages}` : `${workflow} (${state})${stages}`;
}

function controlEntries({ runs, frozen }: EngineStatus): readonly TrayEntry[] {
  const canPause = runs.queued + runs.running + runs.waiting > 0;
  return [
    ...(canPause ? [entry('Pause all runs', { kind: 'pauseAll' })] : []),
    ...(runs.paused > 0 ? [entry('Resume all runs', { kind: 'resumeAll' })] : []),
    frozen === null ? freezeMenu : entry('Thaw', { kind: 'thaw' }),
  ];
}

/** It interrupts what is live: one slip of the hand is not enough. */
const freezeMenu: TrayEntry = {
  kind: 'menu',
  label: 'Freeze all',
  entries: [{ kind: 'entry', label: 'Interrupt work and start nothing', act: { kind: 'freeze' } }],
};

function muteEntries(settings: Settings | null, now: number): readonly TrayEntry[] {
  if (settings === null || !settings.notifications.on) return [];
  const { mutedUntil } = settings.notifications;
  if (mutedUntil !== null && mutedUntil > now) return [entry('Unmute notifications', { kind: 'unmute' })];
  return [
    {
      kind: 'menu',
      label: 'Mute notifications',
      entries: [
        entry('For an hour', { kind: 'mute', until: 'hour' }),
        entry('Until tomorrow, 8:00', { kind: 'mute', until: 'tomorrow' }),
      ],
    },
  ];
}

function said(label: string): TrayEntry {
  return entry(label, null);
}

function entry(label: string, act: TrayAct | null): TrayEntry {
  return { kind: 'entry', label: plainLine(label, maxLabel), act };
}

function opened(route: string): TrayAct {
  return { kind: 'open', route };
}

/** When a mute ends, ms since the epoch. Tomorrow begins at eight, by the clock of the machine. */
export function muteEnd(until: 'hour' | 'tomorrow', now: number): number {
  if (until === 'hour') return now + 60 * 60_000;
  const end = new Date(now);
  end.setDate(end.getDate() + 1);
  end.setHours(8, 0, 0, 0);
  return end.getTime();
}
