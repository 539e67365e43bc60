import type { ApiInput, ApiName, ApiOutput } from '../contract/api.ts';
import type { RunSummary } from '../contract/api-runs.ts';
import type { Noun } from '../contract/nouns.ts';
import { nouns } from '../contract/nouns.ts';
import type { Settings } from '../contract/settings.ts';
import type { SteadyEngine } from '../reach/steady-engine.ts';
import type { Feed, FeedTimer } from '../transport/feed.ts';

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
/** How many runs and questions are named. */
const maxNamed = 10;
/** More than so many failed tasks are not told apart. */
const maxFailed = 100;

const unknown: DesktopView = { isLost: false, status: null, runs: [], questions: [], failed: 0 };

/** One feed of changes; at each message it asks only for what has changed. */
export function followDesktopStatus(dependencies: DesktopStatusDependencies): DesktopStatus {
  const { engine, after, lookedAt } = dependencies;
  const viewListeners: ((view: DesktopView) => void)[] = [];
  const settingsListeners: ((settings: Settings) => void)[] = [];
  const reader = createReader(engine, lookedAt);
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
    if (changed.includes('engine')) {
      const answer = await reader.call('getSettings', {});
      if (answer !== null && !stopped) {
        settings = answer.settings;
        for (const listener of settingsListeners) listener(settings);
      }
    }
    const read = await reader.read(view, changed);
    if (!stopped && read !== null) show(read);
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

/** Asks the engine for the parts of a view. */
function createReader({ served }: Pick<SteadyEngine, 'served'>, lookedAt: () => number | null) {
  /** What the last count of failures was made of. */
  let counted = { from: '', failed: 0 };

  /** @returns null when it was refused: what was known stays. */
  async function call<N extends ApiName>(name: N, input: ApiInput<N>): Promise<ApiOutput<N> | null> {
    const answer = await served.call(name, input);
    return answer.ok ? (answer.value as ApiOutput<N>) : null;
  }

  async function readRuns({ runs }: EngineStatus): Promise<readonly RunSummary[] | null> {
    if (runs.running + runs.waiting + runs.paused === 0) return [];
    const answer = await call('listRuns', { states: ['running', 'waiting', 'paused'], limit: maxNamed });
    return answer?.runs ?? null;
  }

  async function readQuestions({ questions }: EngineStatus): Promise<readonly OpenQuestion[] | null> {
    const { approvals, permissions } = questions;
    const asked = await Promise.all([
      approvals === 0 ? { approvals: [] } : call('listApprovals', { states: ['open'] }),
      permissions === 0 ? { permissions: [] } : call('listPermissions', { states: ['open'] }),
    ]);
    const [some, others] = asked;
    if (some === null || others === null) return null;
    const all = [
      ...some.approvals.map(({ id, stage, question, requestedAt }) => ({
        id,
        asker: stage,
        text: question,
        askedAt: requestedAt,
      })),
      ...others.permissions.map(({ id, agentId, title, requestedAt }) => ({
        id,
        asker: agentId,
        text: title,
        askedAt: requestedAt,
      })),
    ];
    return all.sort((a, b) => a.askedAt - b.askedAt || a.id.localeCompare(b.id)).slice(0, maxNamed);
  }

  async function countFailures({ runs, tasks }: EngineStatus): Promise<number> {
    const since = lookedAt();
    if (since === null) return 0;
    const from = [since, runs.failed, tasks.failed, tasks.dead].join(' ');
    if (from === counted.from) return counted.failed;
    const [failedRuns, failedTasks] = await Promise.all([
      runs.failed === 0
        ? { total: 0 }
        : call('listRuns', { states: ['failed'], endedAfter: since, limit: 1, count: true }),
      tasks.failed + tasks.dead === 0
        ? { tasks: [] }
        : call('listTasks', {
            states: ['failed', 'dead'],
            sort: { by: 'ended', direction: 'descending' },
            limit: maxFailed,
          }),
    ]);
    if (failedRuns === null || failedTasks === null) return counted.failed;
    // A stage's task fails with its run, or the run goes on.
    const own = failedTasks.tasks.filter(({ runId, endedAt }) => runId === null && (endedAt ?? 0) >= since);
    counted = { from, failed: (failedRuns.total ?? 0) + own.length };
    return counted.failed;
  }

  return {
    call,
    /** @returns null when no engine answers. */
    async read(known: DesktopView, changed: readonly Noun[]): Promise<Partial<DesktopView> | null> {
      const status = await call('getStatus', {});
      if (status === null) return null;
      // The first view names everything, whatever has changed.
      const all = known.status === null ? nouns : changed;
      const runs = all.includes('run') ? await readRuns(status) : known.runs;
      const asked = all.includes('approval') || all.includes('permission');
      const questions = asked ? await readQuestions(status) : known.questions;
      const failed = await countFailures(status);
      return {
        isLost: false,
        status,
        runs: runs ?? known.runs,
        questions: questions ?? known.questions,
        // The person may have looked while this was read.
        failed: lookedAt() === null ? 0 : failed,
      };
    },
  };
}
