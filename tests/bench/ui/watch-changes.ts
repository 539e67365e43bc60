import type { Page } from '@playwright/test';

/**
 * When a page showed something, by the clock of the machine, which the engine's events have too. `changedAt` is when
 * the document had it, `drawnBy` the start of the frame after that, when it was drawn at the latest.
 */
export interface Shown {
  readonly changedAt: number;
  readonly drawnBy: number;
}

/** The newest event that a list of events had. */
export interface ShownEvent extends Shown {
  readonly seq: number;
}

/** A state in which the page showed a stage. */
export interface ShownStage extends Shown {
  readonly stage: string;
  readonly state: string;
}

interface Notes {
  benchEvents: (ShownEvent & { drawnBy: number })[];
  benchStages: (ShownStage & { drawnBy: number })[];
  benchChanges: MutationObserver;
}

/** Notes from now on which event is the newest in the list of events, whenever that changes. */
export async function watchEvents(page: Page): Promise<() => Promise<readonly ShownEvent[]>> {
  await page.evaluate(() => {
    const notes = window as unknown as Notes;
    notes.benchEvents = [];
    const name = 'Facts of event ';
    let newest = 0;
    const look = () => {
      const label = document.querySelector(`button[aria-label^="${name}"]`)?.getAttribute('aria-label');
      const seq = Number(label?.slice(name.length) ?? 0);
      if (seq <= newest) return;
      newest = seq;
      const shown = { seq, changedAt: performance.timeOrigin + performance.now(), drawnBy: Number.NaN };
      notes.benchEvents.push(shown);
      requestAnimationFrame(() => {
        shown.drawnBy = performance.timeOrigin + performance.now();
      });
    };
    notes.benchChanges = new MutationObserver(look);
    notes.benchChanges.observe(document.body, { subtree: true, childList: true, attributeFilter: ['aria-label'] });
    look();
  });
  return () =>
    page.evaluate(() => {
      const notes = window as unknown as Notes;
      notes.benchChanges.disconnect();
      return notes.benchEvents.filter(({ drawnBy }) => !Number.isNaN(drawnBy));
    });
}

/** Notes from now on every state in which the page shows a stage. */
export async function watchStages(page: Page): Promise<() => Promise<readonly ShownStage[]>> {
  await page.evaluate(() => {
    const notes = window as unknown as Notes;
    notes.benchStages = [];
    const known = new Map<string, string>();
    const look = () => {
      for (const block of document.querySelectorAll<HTMLElement>('[data-stage][data-state]')) {
        const { stage = '', state = '' } = block.dataset;
        if (known.get(stage) === state) continue;
        known.set(stage, state);
        const changedAt = performance.timeOrigin + performance.now();
        const shown = { stage, state, changedAt, drawnBy: Number.NaN };
        notes.benchStages.push(shown);
        requestAnimationFrame(() => {
          shown.drawnBy = performance.timeOrigin + performance.now();
        });
      }
    };
    notes.benchChanges = new MutationObserver(look);
    notes.benchChanges.observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-state'] });
    look();
  });
  return () =>
    page.evaluate(() => {
      const notes = window as unknown as Notes;
      notes.benchChanges.disconnect();
      return notes.benchStages.filter(({ drawnBy }) => !Number.isNaN(drawnBy));
    });
}
