import type { NoticeReason, NotificationSettings } from '../../contract/desktop-settings.ts';
import { noticeReasons } from '../../contract/desktop-settings.ts';
import type { Event } from '../../contract/event.ts';
import type { News, NewsThing, Notice, ShownNotice } from './notice.ts';
import { meaningOf } from './notice-of-event.ts';
import type { NoticeRecordFile } from './notice-record.ts';
import { allToldUpTo } from './notice-record.ts';
import type { Facts, Tally } from './notice-text.ts';
import { noticeAfterQuiet, noticeOf, noticeOfMany } from './notice-text.ts';
import { Pile } from './pile.ts';
import { quietUntil } from './quiet-hours.ts';

/** What is known of a thing that news are of. */
export interface ThingFacts extends Facts {
  /** The folder it works in; null: not known. */
  readonly folder: string | null;
}

/** What holds for notices now. */
export interface NoticeRules {
  readonly settings: NotificationSettings;
  /** Which reasons are told of work in a folder. @param folder null: as the settings say. */
  readonly reasonsFor: (folder: string | null) => NotificationSettings['reasons'];
  /** Reasons on which a project says otherwise than the settings. */
  readonly differing: ReadonlySet<NoticeReason>;
}

export interface NoticesDependencies {
  readonly clock: {
    now(): number;
    monotonic(): number;
    after(ms: number, callback: () => void): () => void;
  };
  readonly record: NoticeRecordFile;
  readonly show: (notice: Notice) => ShownNotice;
  readonly lookUp: (thing: NewsThing, reason: NoticeReason) => Promise<ThingFacts>;
  /** Whether the person has this route in front of them. */
  readonly isLookedAt: (route: string) => boolean;
}

/** Of one reason: what follows a notice within this time is told together. */
const spacingMs = 5_000;
/** No more notices than this in a minute; what comes then is told together, later. */
const mostPerMinute = 8;
const minuteMs = 60_000;
/** What was not to be told is noted at most this often. */
const noteEveryMs = 5_000;
/** More notices than this are not taken back. */
const mostOpen = 50;
/** Reasons whose news hold until they are taken back, and are told once for all that time. */
const lasting: ReadonlySet<NoticeReason> = new Set(['stuck', 'trouble', 'update']);
/** More of them than this are not remembered. */
const mostTold = 200;

interface Channel {
  readonly pile: Pile;
  /** clock.monotonic() from which the next notice may come. */
  freeAt: number;
  /** Why what is in the pile was not told when it came. */
  kept: 'quiet' | 'away' | null;
  /** Whether the words of its only piece of news are being found. */
  isPreparing: boolean;
}

const nothingKnown: ThingFacts = { name: null, detail: '', folder: null };

/**
 * Decides what a person is told, and when: by reason, together when it is much, never twice, and not in quiet hours.
 * What is told is noted before it is shown, so that a crash in between costs a notice and never repeats one.
 */
export class Notices {
  readonly #deps: NoticesDependencies;
  readonly #channels: Readonly<Record<NoticeReason, Channel>>;
  /** Keys of news that hold until they are taken back, and that were told, or were not to be told. */
  readonly #told: Set<string>;
  #toldUpTo: Readonly<Record<NoticeReason, number>> | null;
  /** The number of the last event that was looked at; null: none was. */
  #seen: number | null = null;
  #rules: NoticeRules | null = null;
  #isCatchingUp = true;
  #isStopped = false;
  /** clock.monotonic() of the notices of the last minute. */
  #times: number[] = [];
  #open: { readonly keys: Set<string>; readonly shown: ShownNotice }[] = [];
  /** clock.monotonic() by which what was looked at is to be noted; null: it is. */
  #noteAt: number | null = null;
  #stopTimer = () => {};

  constructor(deps: NoticesDependencies) {
    this.#deps = deps;
    const channel = (): Channel => ({ pile: new Pile(), freeAt: 0, kept: null, isPreparing: false });
    this.#channels = {
      finished: channel(),
      failed: channel(),
      stuck: channel(),
      needsYou: channel(),
      trouble: channel(),
      update: channel(),
    };
    const record = deps.record.read();
    this.#toldUpTo = record?.toldUpTo ?? null;
    this.#told = new Set(record?.told);
  }

  /** From now on these hold, also for what waits. */
  setRules(rules: NoticeRules): void {
    this.#rules = rules;
    this.look();
  }

  /**
   * An engine answers. What it has told before is told again by nobody: not at a first start, and not when its database
   * was replaced by an older one.
   * @param lastSeq the number of its last event.
   * @returns after which event to go on.
   */
  begin(lastSeq: number): number {
    const before = this.#toldUpTo ?? allToldUpTo(lastSeq);
    const isOlder = (this.#seen ?? 0) > lastSeq || noticeReasons.some((reason) => before[reason] > lastSeq);
    if (isOlder) for (const { pile } of this.#all()) pile.clear();
    const from = isOlder ? allToldUpTo(lastSeq) : before;
    this.#toldUpTo = from;
    if (this.#seen === null || isOlder) this.#seen = Math.min(...noticeReasons.map((reason) => from[reason]));
    this.#note();
    return this.#seen;
  }

  /** Everything up to this event was there before this start; what comes now is told as it comes. */
  caughtUp(lastSeq: number): void {
    this.#seen = Math.max(this.#seen ?? 0, lastSeq);
    this.#noteLater();
    if (this.#isCatchingUp) for (const one of this.#all()) one.kept = 'away';
    this.#isCatchingUp = false;
    this.look();
  }

  /** Takes events in their order; those that were taken before count for nothing. */
  async take(events: readonly Event[]): Promise<void> {
    for (const event of events) {
      if (event.seq <= (this.#seen ?? 0)) continue;
      const meaning = meaningOf(event);
      if (meaning?.kind === 'settled') this.#settle(meaning.key);
      if (meaning?.kind === 'news') await this.#add(meaning.news);
      this.#seen = Math.max(this.#seen ?? 0, event.seq);
      this.#noteLater();
    }
    this.look();
  }

  /** News without an event: told once, until it is forgotten. */
  async tell(news: News): Promise<void> {
    await this.#add(news);
    this.look();
  }

  /** News without an event holds no longer, and would be told again. */
  forget(key: string): void {
    this.#settle(key);
    this.look();
  }

  /** Keys of what was told and holds until it is taken back. */
  get told(): readonly string[] {
    return [...this.#told];
  }

  /** Tells what may be told now. For when time has passed unseen: the machine slept, or its clock was set. */
  look(): void {
    this.#stopTimer();
    const rules = this.#rules;
    if (this.#isStopped || this.#isCatchingUp || rules === null) return;
    const { clock } = this.#deps;
    if (isOff(rules.settings, clock.now())) for (const reason of noticeReasons) this.#drop(reason);
    const quietEnd = quietUntil(rules.settings.quietHours, clock.now());
    let next = Number.POSITIVE_INFINITY;
    if (quietEnd === null) {
      this.#endQuiet();
      for (const reason of noticeReasons) next = Math.min(next, this.#tellPile(reason, rules));
    } else {
      const waiting = this.#all().filter(({ pile }) => pile.size > 0);
      for (const one of waiting) one.kept = 'quiet';
      if (waiting.length > 0) next = quietEnd - clock.now();
    }
    this.#wakeIn(next);
  }

  /** Nothing is shown any more. What waits is told after the next start. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#stopTimer();
    this.#note();
  }

  #all(): readonly Channel[] {
    return noticeReasons.map((reason) => this.#channels[reason]);
  }

  #wakeIn(ms: number): void {
    const { clock } = this.#deps;
    const noteIn = this.#noteAt === null ? Number.POSITIVE_INFINITY : this.#noteAt - clock.monotonic();
    if (noteIn <= 0) this.#note();
    const next = noteIn <= 0 ? ms : Math.min(ms, noteIn);
    this.#stopTimer = next === Number.POSITIVE_INFINITY ? () => {} : clock.after(next, () => this.look());
  }

  async #add(news: News): Promise<void> {
    if (news.seq !== null && news.seq <= (this.#toldUpTo?.[news.reason] ?? 0)) return;
    if (this.#told.has(news.key)) return;
    if (!(await this.#mayTell(news)) || this.#deps.isLookedAt(news.route)) this.#leave(news.reason, [news.key]);
    else this.#channels[news.reason].pile.add(news);
  }

  async #mayTell({ reason, thing }: News): Promise<boolean> {
    const rules = this.#rules;
    if (rules === null) return true;
    if (isOff(rules.settings, this.#deps.clock.now())) return false;
    const isOfProject = thing !== null && rules.differing.has(reason);
    const folder = isOfProject ? (await this.#lookUp(thing, reason)).folder : null;
    return rules.reasonsFor(folder)[reason];
  }

  /** They are told, or were not to be. */
  #leave(reason: NoticeReason, keys: readonly string[]): void {
    if (lasting.has(reason)) for (const key of keys) this.#told.add(key);
    // Attempts that end while they are stuck are never taken back.
    for (const key of this.#told) if (this.#told.size > mostTold) this.#told.delete(key);
    this.#noteLater();
  }

  #leavePile(reason: NoticeReason): readonly string[] {
    const channel = this.#channels[reason];
    const { keys } = channel.pile;
    this.#leave(reason, keys);
    channel.pile.clear();
    channel.kept = null;
    return keys;
  }

  #drop(reason: NoticeReason): void {
    if (this.#channels[reason].pile.size > 0) this.#leavePile(reason);
  }

  #settle(key: string): void {
    for (const { pile } of this.#all()) pile.takeBack(key);
    if (this.#told.delete(key)) this.#noteLater();
    for (const { keys, shown } of this.#open) if (keys.delete(key) && keys.size === 0) shown.close();
    this.#open = this.#open.filter(({ keys }) => keys.size > 0);
  }

  /** What was kept in quiet hours is told at once and together, unless it is one thing: that is told as ever. */
  #endQuiet(): void {
    const kept = noticeReasons.filter((reason) => this.#channels[reason].kept === 'quiet');
    const tallies = new Map<NoticeReason, Tally>();
    let total = 0;
    for (const reason of kept) {
      const channel = this.#channels[reason];
      channel.kept = null;
      if (channel.pile.size > 0) tallies.set(reason, channel.pile.tally);
      total += channel.pile.size;
    }
    if (total > 1) this.#show([...tallies.keys()], noticeAfterQuiet(tallies));
  }

  /** @returns in how many ms to try again; infinite when there is nothing to wait for. */
  #tellPile(reason: NoticeReason, rules: NoticeRules): number {
    const channel = this.#channels[reason];
    const { pile } = channel;
    if (pile.size === 0 || channel.isPreparing) return Number.POSITIVE_INFINITY;
    if (!rules.reasonsFor(null)[reason] && !rules.differing.has(reason)) {
      this.#drop(reason);
      return Number.POSITIVE_INFINITY;
    }
    const waitMs = this.#waitMs(channel);
    if (waitMs > 0) return waitMs;
    const { only } = pile;
    if (only !== null) void this.#tellOne(channel, only);
    else this.#show([reason], noticeOfMany(reason, pile.tally, channel.kept === 'away'));
    return Number.POSITIVE_INFINITY;
  }

  /** How long the next notice of a channel has to wait. */
  #waitMs({ freeAt }: Channel): number {
    const now = this.#deps.clock.monotonic();
    this.#times = this.#times.filter((time) => time > now - minuteMs);
    const [first = 0] = this.#times;
    const roomAt = this.#times.length < mostPerMinute ? 0 : first + minuteMs;
    return Math.max(freeAt, roomAt) - now;
  }

  /** Finds the words for the only piece of news of a channel; if it is not the only one any more, all are told together. */
  async #tellOne(channel: Channel, news: News): Promise<void> {
    channel.isPreparing = true;
    const facts = news.thing === null ? nothingKnown : await this.#lookUp(news.thing, news.reason);
    channel.isPreparing = false;
    if (this.#isStopped || this.#isHeldBack(news) || channel.pile.only?.key !== news.key) {
      this.look();
      return;
    }
    this.#show([news.reason], noticeOf(news, facts));
    this.look();
  }

  /** Whether something that came meanwhile keeps it from being told; look() then says what becomes of it. */
  #isHeldBack({ reason }: News): boolean {
    const rules = this.#rules;
    if (rules === null) return true;
    const now = this.#deps.clock.now();
    const isSwitchedOff = !rules.reasonsFor(null)[reason] && !rules.differing.has(reason);
    return isSwitchedOff || isOff(rules.settings, now) || quietUntil(rules.settings.quietHours, now) !== null;
  }

  #lookUp(thing: NewsThing, reason: NoticeReason): Promise<ThingFacts> {
    return this.#deps.lookUp(thing, reason).catch(() => nothingKnown);
  }

  #show(reasons: readonly NoticeReason[], notice: Notice): void {
    const now = this.#deps.clock.monotonic();
    const channels = reasons.map((reason) => this.#channels[reason]);
    const keys = new Set(reasons.flatMap((reason) => this.#leavePile(reason)));
    for (const channel of channels) channel.freeAt = now + spacingMs;
    this.#times.push(now);
    this.#note();
    this.#open = [...this.#open, { keys, shown: this.#deps.show(notice) }].slice(-mostOpen);
  }

  #noteLater(): void {
    this.#noteAt ??= this.#deps.clock.monotonic() + noteEveryMs;
  }

  /** Writes down what was told. What waits in a pile is not: it is read again by the next start. */
  #note(): void {
    this.#noteAt = null;
    const seen = this.#seen;
    const before = this.#toldUpTo;
    if (seen === null || before === null) return;
    const position = (reason: NoticeReason) => {
      const { firstSeq } = this.#channels[reason].pile;
      return Math.max(before[reason], firstSeq === null ? seen : firstSeq - 1);
    };
    const toldUpTo = {
      finished: position('finished'),
      failed: position('failed'),
      stuck: position('stuck'),
      needsYou: position('needsYou'),
      trouble: position('trouble'),
      update: position('update'),
    };
    this.#toldUpTo = toldUpTo;
    this.#deps.record.write({ toldUpTo, told: [...this.#told] });
  }
}

function isOff({ on, mutedUntil }: NotificationSettings, now: number): boolean {
  return !on || (mutedUntil !== null && mutedUntil > now);
}
