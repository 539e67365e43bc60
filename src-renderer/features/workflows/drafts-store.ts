import { create } from 'zustand';
import type { StateStorage } from 'zustand/middleware';
import { createJSONStorage, persist } from 'zustand/middleware';
import type { WorkflowHash } from '../../../src-main/contract/ids.ts';

/** A text that is being edited and not saved. */
export interface Draft {
  readonly source: string;
  /** The hash of the file's text that was edited; null: there is no file yet. */
  readonly replaces: WorkflowHash | null;
}

/** Drafts by the name of their workflow, the one that was edited last at the end. */
export interface Drafts {
  readonly drafts: Readonly<Record<string, Draft>>;
}

/** How many drafts and how much text are kept: what a browser gives a page is a few megabytes for everything. */
const most = { drafts: 20, characters: 1_500_000 } as const;

/** Where drafts survive a reload. A browser that keeps nothing, or is full, forgets them with the page. */
const quietStorage: StateStorage = {
  getItem: (name) => tryTo(() => localStorage.getItem(name), null),
  setItem: (name, value) => tryTo(() => localStorage.setItem(name, value), undefined),
  removeItem: (name) => tryTo(() => localStorage.removeItem(name), undefined),
};

function tryTo<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

/**
 * Unsaved texts of the editor. They outlive the view, a reload and the window: nobody has to be asked before leaving,
 * and nothing that was typed is lost.
 */
export const useDrafts = create<Drafts>()(
  persist((): Drafts => ({ drafts: {} }), {
    name: 'signalbox.drafts',
    storage: createJSONStorage(() => quietStorage),
  }),
);

/** Keeps a draft; over the limits the ones that were edited longest ago are dropped. */
export function keepDraft(name: string, draft: Draft): void {
  useDrafts.setState(({ drafts }) => ({ drafts: withDraft(drafts, name, draft) }));
}

/** The text was saved, or is not wanted any more. */
export function dropDraft(name: string): void {
  useDrafts.setState(({ drafts }) => {
    const { [name]: _, ...others } = drafts;
    return { drafts: others };
  });
}

/** Drafts with one more, within the limits; the new one stays whatever its size. */
export function withDraft(drafts: Drafts['drafts'], name: string, draft: Draft): Drafts['drafts'] {
  const { [name]: _, ...others } = drafts;
  const kept: [string, Draft][] = [[name, draft]];
  let characters = draft.source.length;
  for (const [key, other] of Object.entries(others).toReversed()) {
    characters += other.source.length;
    if (kept.length >= most.drafts || characters > most.characters) break;
    kept.unshift([key, other]);
  }
  return Object.fromEntries(kept);
}
