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
export class NoticeFeed {
  readonly #deps: NoticeFeedDependencies;
  /** Only the last way to an engine is followed. */
  #way = 0;
  #feed: Feed | null = null;
  #stopAgain = () => {};
  #stopLooking = () => {};
  #stopState = () => {};

  constructor(deps: NoticeFeedDependencies) {
    this.#deps = deps;
  }

  start(): void {
    this.#stopState = this.#deps.engine.onState(({ role }) => {
      if (role === 'lost') this.#leave();
      else void this.#go();
    });
    void this.#go();
  }

  stop(): void {
    this.#stopState();
    this.#leave();
    this.#deps.notices.stop();
  }

  async #call<N extends ApiName>(name: N, input: ApiInput<N>): Promise<ApiOutput<N> | null> {
    const answer = await this.#deps.engine.served.call(name, input);
    return answer.ok ? (answer.value as ApiOutput<N>) : null;
  }

  async #readRules(): Promise<boolean> {
    const [answer, listed] = await Promise.all([this.#call('getSettings', {}), this.#call('listProjects', {})]);
    if (answer === null) return false;
    this.#deps.notices.setRules(noticeRules(answer.settings.notifications, listed?.projects ?? []));
    this.#deps.onSettings(answer.settings);
    return true;
  }

  #leave(): void {
    this.#way += 1;
    this.#feed?.stop();
    this.#feed = null;
    this.#stopAgain();
    this.#stopLooking();
  }

  #goAgain(): void {
    const { engine, clock } = this.#deps;
    this.#leave();
    // While there is none, the return of an engine is what is waited for.
    if (engine.state().role !== 'lost') this.#stopAgain = clock.after(againMs, () => void this.#go());
  }

  async #go(): Promise<void> {
    const { notices } = this.#deps;
    this.#leave();
    const mine = this.#way;
    const isLeft = () => mine !== this.#way;
    const known = await this.#readRules();
    const status = known ? await this.#call('getStatus', {}) : null;
    if (isLeft()) return;
    const read = status === null ? null : await this.#readStored(notices.begin(status.lastSeq), isLeft);
    if (isLeft()) return;
    if (read === null) {
      this.#goAgain();
      return;
    }
    notices.caughtUp(read);
    this.#follow(read, isLeft);
    void this.#lookAtHealth(isLeft);
  }

  /** @returns up to which event all were looked at; null when the engine refused. */
  async #readStored(afterSeq: number, isLeft: () => boolean): Promise<number | null> {
    for (let after = afterSeq; ; ) {
      const page = await this.#call('listEvents', {
        kinds: [...tellingKinds],
        afterSeq: after,
        order: 'oldest',
        limit: pageSize,
      });
      if (page === null || isLeft()) return null;
      await this.#deps.notices.take(page.events);
      if (page.events.length < pageSize) return page.lastSeq;
      after = page.events.at(-1)?.seq ?? page.lastSeq;
    }
  }

  #follow(afterSeq: number, isLeft: () => boolean): void {
    const followed = this.#deps.engine.served.follow(
      { topic: 'events', afterSeq, kinds },
      {
        deliver: async (message) => {
          if (message.topic !== 'events' || isLeft()) return;
          if (message.events.some(({ kind }) => kind === 'settings.changed')) await this.#readRules();
          await this.#deps.notices.take(message.events);
        },
        ended: () => {
          if (!isLeft()) this.#goAgain();
        },
      },
    );
    if (followed.ok) this.#feed = followed.value;
    else this.#goAgain();
  }

  async #lookAtHealth(isLeft: () => boolean): Promise<void> {
    const { notices, troubles, clock } = this.#deps;
    const status = await this.#call('getStatus', {});
    if (isLeft()) return;
    if (status !== null) {
      const { news, over } = troubles.look(status.health, notices.told, clock.monotonic());
      for (const key of over) notices.forget(key);
      for (const one of news) await notices.tell(one);
    }
    if (!isLeft()) this.#stopLooking = clock.after(healthEveryMs, () => void this.#lookAtHealth(isLeft));
  }
}
