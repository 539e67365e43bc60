import type { NoticeReason } from '../../contract/desktop-settings.ts';
import type { News, NewsNoun, Notice } from './notice.ts';
import { plainText } from './plain-text.ts';

/** What is known of the thing that a piece of news is of. */
export interface Facts {
  /** Null: it could not be asked for. */
  readonly name: string | null;
  /** Said where the news itself does not say more; empty: nothing. */
  readonly detail: string;
}

/** How many of each noun. */
export type Tally = ReadonlyMap<NewsNoun, number>;

/** Longer titles and bodies are cut by desktops, each at another place. */
const mostOfTitle = 80;
const mostOfBody = 240;
/** A name that takes more than this leaves no room for what happened. */
const mostOfName = 40;

const words: Readonly<Record<NewsNoun, readonly [string, string]>> = {
  run: ['run', 'runs'],
  task: ['task', 'tasks'],
  letter: ['dead letter', 'dead letters'],
  attempt: ['attempt', 'attempts'],
  question: ['question', 'questions'],
  trouble: ['thing', 'things'],
  update: ['update', 'updates'],
};

/** What happened to several things of a reason. */
const happened: Readonly<Record<NoticeReason, (count: string, isOne: boolean) => string>> = {
  finished: (count) => `${count} completed`,
  failed: (count) => `${count} failed`,
  stuck: (count) => `${count} got stuck`,
  needsYou: (count, isOne) => `${count} ${isOne ? 'waits' : 'wait'} for you`,
  trouble: (count, isOne) => `${count} ${isOne ? 'is' : 'are'} not well`,
  update: (count) => `${count} can be had`,
};

/** A notice of one piece of news. */
export function noticeOf({ reason, title, body, route, thing }: News, facts: Facts): Notice {
  const name = facts.name === null ? `a ${thing?.kind ?? 'thing'}` : plainText(facts.name, mostOfName);
  return {
    reason,
    // A name may hold any character, which `replace` would take as its own signs.
    title: plainText(
      title.replace('%', () => name),
      mostOfTitle,
    ),
    body: plainText(body === '' ? facts.detail : body, mostOfBody),
    route,
  };
}

/** A notice of several pieces of news of a reason. */
export function noticeOfMany(reason: NoticeReason, tally: Tally, isAway: boolean): Notice {
  return {
    reason,
    title: sentence(reason, tally),
    body: isAway ? 'While Signalbox was closed.' : 'Open Signalbox to see them.',
    route: routeOfMany(reason, tally),
  };
}

/** The notice that ends quiet hours. @param tallies of the reasons that have any, at least one. */
export function noticeAfterQuiet(tallies: ReadonlyMap<NoticeReason, Tally>): Notice {
  const reasons = [...tallies.keys()];
  const [reason = 'finished'] = urgentFirst.filter((one) => tallies.has(one));
  return {
    reason,
    title: 'During the quiet hours',
    body: plainText(reasons.map((one) => sentence(one, tallies.get(one) ?? new Map())).join(', '), mostOfBody),
    route: reasons.length === 1 || reason === 'needsYou' ? routeOfMany(reason, tallies.get(reason) ?? new Map()) : '/',
  };
}

const urgentFirst: readonly NoticeReason[] = ['needsYou', 'failed', 'stuck', 'trouble', 'finished', 'update'];

function sentence(reason: NoticeReason, tally: Tally): string {
  const parts = [...tally].map(([noun, count]) => `${count} ${words[noun][count === 1 ? 0 : 1]}`);
  const total = [...tally.values()].reduce((sum, count) => sum + count, 0);
  // Dead letters have failed, which their name says.
  if (reason === 'failed' && tally.has('letter') && tally.size === 1) return parts.join('');
  return happened[reason](parts.join(' and '), total === 1);
}

function routeOfMany(reason: NoticeReason, tally: Tally): string {
  switch (reason) {
    case 'finished':
    case 'failed':
      return routeOfNouns([...tally.keys()]);
    case 'stuck':
      return '/inbox/trouble';
    case 'needsYou':
      return '/inbox';
    case 'trouble':
      return '/settings/doctor';
    case 'update':
      return '/settings/about';
  }
}

/** A list that has them all, or the overview where there is none. */
function routeOfNouns(nouns: readonly NewsNoun[]): string {
  if (nouns.every((noun) => noun === 'run')) return '/runs';
  if (nouns.every((noun) => noun === 'letter')) return '/queue/dead';
  return nouns.includes('run') ? '/' : '/queue/all';
}

/** A length of time in words, such as `2 min 5 s`. @param ms at least 0. */
export function lengthInWords(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600), Math.floor(seconds / 60)];
  if (days > 0) return `${days} d ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
