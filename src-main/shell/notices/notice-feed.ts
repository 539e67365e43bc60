import type { ApiInput, ApiName, ApiOutput } from '../../contract/api.ts';
import type { Settings } from '../../contract/settings.ts';
import type { SteadyEngine } from '../../reach/steady-engine.ts';
import type { Feed } from '../../transport/feed.ts';
import { tellingKinds } from './notice-of-event.ts';
import { noticeRules } from './notice-rules.ts';
import type { Notices, NoticesDependencies } from './notices.ts';
import type { TroubleWatch } from './trouble-watch.ts';

export interface NoticeFeedDependencies {
  readonly engine: Pick<SteadyEngine, 'served' | 'state' | 'onState'>;
  readonly clock: NoticesDependencies['clock'];
  readonly notices: Notices;
  readonly troubles: TroubleWatch;
  /** Told the settings when they are known, and when they may have changed. */
  readonly onSettings: (settings: Settings) => void;
}

const kinds = [...tellingKinds, 'settings.changed' as const];
/** How long an engine that refuses is left alone. */
const againMs = 1_000;
/** Health changes with the machine, too, which no event announces. */
const healthEveryMs = 30_000;
/** How many stored events are read at once. */
const pageSize = 1_000;

/** Follows an engine for notices, over its end and its return. */
export interface NoticeFeed {
  start(): void;
  stop(): void;
}

export function createNoticeFeed(dependencies: NoticeFeedDependencies): NoticeFeed {
  const { engine, clock, notices, troubles, onSettings } = dependencies;
  /** Only the last way to an engine is followed. */
  let way = 0;
  let feed: Feed | null = null;
  let stopAgain = () => {};
  let stopLooking = () => {};
  let stopState = () => {};

  async function call<N extends ApiName>(name: N, input: ApiInput<N>): Promise<ApiOutput<N> | null> {
    const answer = await engine.served.call(name, input);
    return answer.ok ? (answer.value as ApiOutput<N>) : null;
  }

  async function readRules(): Promise<boolean> {
    const [answer, listed] = await Promise.all([call('getSettings', {}), call('listProjects', {})]);
    if (answer === null) return false;
    notices.setRules(noticeRules(answer.settings.notifications, listed?.projects ?? []));
    onSettings(answer.settings);
    return true;
  }

  function leave(): void {
    way += 1;
    feed?.stop();
    feed = null;
    stopAgain();
    stopLooking();
  }

  function goAgain(): void {
    leave();
    // While there is none, the return of an engine is what is waited for.
    if (engine.state().role !== 'lost') stopAgain = clock.after(againMs, () => void go());
  }

  async function go(): Promise<void> {
    leave();
    const mine = way;
    const isLeft = () => mine !== way;
    const known = await readRules();
    const status = known ? await call('getStatus', {}) : null;
    if (isLeft()) return;
    if (status === null) return goAgain();
    const read = await readStored(notices.begin(status.lastSeq), isLeft);
    if (isLeft()) return;
    if (read === null) return goAgain();
    notices.caughtUp(read);
    follow(read, isLeft);
    lookAtHealth(isLeft);
  }

  /** @returns up to which event all were looked at; null when the engine refused. */
  async function readStored(afterSeq: number, isLeft: () => boolean): Promise<number | null> {
    for (let after = afterSeq; ; ) {
      const page = await call('listEvents', {
        kinds: [...tellingKinds],
        afterSeq: after,
        order: 'oldest',
        limit: pageSize,
      });
      if (page === null || isLeft()) return null;
      await notices.take(page.events);
      if (page.events.length < pageSize) return page.lastSeq;
      after = page.events.at(-1)?.seq ?? page.lastSeq;
    }
  }

  function follow(afterSeq: number, isLeft: () => boolean): void {
    const followed = engine.served.follow(
      { topic: 'events', afterSeq, kinds },
      {
        async deliver(message) {
          if (message.topic !== 'events' || isLeft()) return;
          if (message.events.some(({ kind }) => kind === 'settings.changed')) await readRules();
          await notices.take(message.events);
        },
        ended: () => {
          if (!isLeft()) goAgain();
        },
      },
    );
    if (followed.ok) feed = followed.value;
    else goAgain();
  }

  function lookAtHealth(isLeft: () => boolean): void {
    void call('getStatus', {}).then(async (status) => {
      if (isLeft()) return;
      if (status !== null) {
        const { news, over } = troubles.look(status.health, notices.told, clock.monotonic());
        for (const key of over) notices.forget(key);
        for (const one of news) await notices.tell(one);
      }
      if (!isLeft()) stopLooking = clock.after(healthEveryMs, () => lookAtHealth(isLeft));
    });
  }

  return {
    start() {
      stopState = engine.onState(({ role }) => {
        if (role === 'lost') leave();
        else void go();
      });
      void go();
    },
    stop() {
      stopState();
      leave();
      notices.stop();
    },
  };
}
