import type { ApiOutput } from '../contract/api.ts';
import type { RunSummary } from '../contract/api-runs.ts';
import type { Noun } from '../contract/nouns.ts';
import type { Settings } from '../contract/settings.ts';
import type { SteadyEngine } from '../reach/steady-engine.ts';
import type { Feed, FeedTimer } from '../transport/feed.ts';
import { createStatusReader } from './status-reader.ts';

export type EngineStatus = ApiOutput<'getStatus'>;

/** A question that waits for a person. */
export interface OpenQuestion {
  readonly id: string;
  /** Who asks: the stage of a run, or an agent. */
  readonly asker: string;
  readonly text: string;
  readonly askedAt: number;
}

/** How things stand, as far as tray, badge and sleep show it. */
export interface DesktopView {
  /** No engine answers now; the rest is what was known last. */
  readonly isLost: boolean;
  /** Null until an engine has answered. */
  readonly status: EngineStatus | null;
  /** Runs that have begun and not ended, newest first, at most ten. */
  readonly runs: readonly RunSummary[];
  /** The one that waits longest first, at most ten. */
  readonly questions: readonly OpenQuestion[];
  /** Runs and tasks of their own that failed since the person last looked. */
  readonly failed: number;
}

/** Follows the engine once, for everything that the desktop shows of it. */
export interface DesktopStatus {
  readonly view: () => DesktopView;
  /** Null until an engine has told them. */
  readonly settings: () => Settings | null;
  /** Tells of the view now and whenever it may have changed. */
  onView(listener: (view: DesktopView) => void): void;
  /** Tells of the settings as soon as they are known, and whenever they may have changed. */
  onSettings(listener: (settings: Settings) => void): void;
  /** The person looks, or has looked: what failed before is no news. */
  looked(): void;
  stop(): void;
}

export interface DesktopStatusDependencies {
  readonly engine: Pick<SteadyEngine, 'served' | 'state' | 'onState'>;
  readonly after: FeedTimer['after'];
  /** When the person looked last, ms since the epoch; null: they look now. */
  readonly lookedAt: () => number | null;
}

/** What is shown outside of the window is read at most this often; nothing is read when nothing changes. */
const spacingMs = 1_000;
/** How long a feed that ended by itself is left alone. */
const followAgainMs = 5_000;

const unknown: DesktopView = { isLost: false, status: null, runs: [], questions: [], failed: 0 };

/** One feed of changes; at each message it asks only for what has changed. */
export function followDesktopStatus(dependencies: DesktopStatusDependencies): DesktopStatus {
  const { engine, after, lookedAt } = dependencies;
  const viewListeners: ((view: DesktopView) => void)[] = [];
  const settingsListeners: ((settings: Settings) => void)[] = [];
  const reader = createStatusReader(engine.served, lookedAt);
  let view = unknown;
  let settings: Settings | null = null;
  let feed: Feed | null = null;
  let stopPause = () => {};
  let stopped = false;

  function show(change: Partial<DesktopView>): void {
    view = { ...view, ...change };
    for (const listener of viewListeners) listener(view);
  }

  async function read(changed: readonly Noun[]): Promise<void> {
    const newSettings = changed.includes('engine') ? await reader.readSettings() : null;
    if (newSettings !== null && !stopped) {
      settings = newSettings;
      for (const listener of settingsListeners) listener(newSettings);
    }
    const newView = await reader.readView(view, changed);
    // The engine may have gone while it answered.
    if (newView !== null && !stopped) show({ ...newView, isLost: engine.state().role === 'lost' });
  }

  function follow(): void {
    feed?.stop();
    stopPause();
    const followed = engine.served.follow(
      { topic: 'changes' },
      {
        // What changes meanwhile comes as one message afterwards.
        deliver: async (message) => {
          if (message.topic !== 'changes') return;
          await read(message.nouns);
          await pause(after);
        },
        ended: followLater,
      },
    );
    if (followed.ok) feed = followed.value;
    else followLater();
  }

  /** While there is no engine, its return is what is waited for. */
  function followLater(): void {
    feed = null;
    if (!stopped && engine.state().role !== 'lost') stopPause = after(followAgainMs, follow);
  }

  const stopState = engine.onState(({ role }) => {
    show({ isLost: role === 'lost' });
    if (role !== 'lost') follow();
  });
  follow();

  return {
    view: () => view,
    settings: () => settings,
    onView(listener) {
      viewListeners.push(listener);
      listener(view);
    },
    onSettings(listener) {
      settingsListeners.push(listener);
      if (settings !== null) listener(settings);
    },
    looked() {
      if (view.failed !== 0) show({ failed: 0 });
    },
    stop() {
      stopped = true;
      stopState();
      stopPause();
      feed?.stop();
    },
  };
}

function pause(after: FeedTimer['after']): Promise<void> {
  return new Promise((resolve) => {
    after(spacingMs, resolve);
  });
}
