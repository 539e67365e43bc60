import type { NoticeReason } from '../../contract/desktop-settings.ts';

/** What a notice may be about: what is counted when several become one. */
export type NewsNoun = 'run' | 'task' | 'letter' | 'attempt' | 'question' | 'trouble' | 'update';

/** Where more is known about the thing that a piece of news is of: its name, and the folder it works in. */
export type NewsThing = { readonly kind: 'run'; readonly id: string } | { readonly kind: 'task'; readonly id: string };

/** Something that a person may want to be told, before there are words for it. */
export interface News {
  readonly reason: NoticeReason;
  /** Of two with the same key one is told; what takes it back names it. */
  readonly key: string;
  /** The event that it is of; null: it is of none. */
  readonly seq: number | null;
  readonly noun: NewsNoun;
  /** Null: `title` says it all. */
  readonly thing: NewsThing | null;
  /** What happened, with `%` where the name of the thing belongs. */
  readonly title: string;
  /** Why, or what is asked; empty when there is no more to say. */
  readonly body: string;
  /** The route of the interface that shows it. */
  readonly route: string;
}

/** What is shown. */
export interface Notice {
  readonly reason: NoticeReason;
  readonly title: string;
  readonly body: string;
  readonly route: string;
}

/** A notice on the screen. */
export interface ShownNotice {
  /** Takes it away, if it is still there. */
  close(): void;
}
