import type { CloseOptions } from '../open-orchestrator.ts';

/** What would be interrupted by quitting now. */
export interface LiveWork {
  readonly runs: number;
  readonly attempts: number;
}

/** `wait`: let live attempts end; `park`: interrupt them, to be done again at the next start; `stop`: cancel the work. */
export type QuitChoice = 'wait' | 'park' | 'stop' | 'stay';

export interface QuittingDependencies {
  /** @returns null when nothing is live, or when the work is another process's. */
  readonly findLiveWork: () => Promise<LiveWork | null>;
  readonly ask: (work: LiveWork) => Promise<QuitChoice>;
  /** Cancels all that is live and stored. */
  readonly cancelWork: () => Promise<void>;
  readonly closeEngine: (options: CloseOptions) => Promise<void>;
  /** Everything is stored and ended. */
  readonly exit: () => void;
}

/** How quitting goes, from the first word of it to the end. */
export interface Quitting {
  /**
   * A person wants to quit. While live work is waited for, asking again waits no longer.
   * @param instead what is done at the end in place of exiting, such as starting again; not when the system ends it.
   */
  request(instead?: () => void): void;
  /** There is nobody to ask: the system ends the process. */
  park(): void;
  /** Whether the engine has ended, so that the application may. */
  isOver(): boolean;
}

/** How long child processes get to end by themselves. */
const graceMs = 5_000;
/** The same when the person has asked twice. */
const shortGraceMs = 500;
/** Whoever chooses to wait waits for work, however long it takes; a number is needed all the same. */
const drainMs = 24 * 60 * 60 * 1_000;

/** Nothing is quit twice, and nothing is quit half. */
export function createQuitting(dependencies: QuittingDependencies): Quitting {
  let state: 'open' | 'asking' | 'ending' | 'over' = 'open';
  let exit = dependencies.exit;

  async function end(options: CloseOptions): Promise<void> {
    state = 'ending';
    await dependencies.closeEngine(options);
    state = 'over';
    exit();
  }

  async function decide(): Promise<void> {
    state = 'asking';
    const work = await dependencies.findLiveWork();
    const choice = work === null ? 'park' : await dependencies.ask(work);
    // The system may have ended everything while the question was open.
    if (state !== 'asking') return;
    if (choice === 'stay') {
      state = 'open';
      return;
    }
    if (choice === 'stop') await dependencies.cancelWork();
    await end(choice === 'wait' ? { mode: 'drain', graceMs, drainMs } : { mode: 'park', graceMs });
  }

  return {
    request(instead = dependencies.exit) {
      if (state === 'open') {
        exit = instead;
        void decide();
      } else if (state === 'ending') void dependencies.closeEngine({ mode: 'park', graceMs: shortGraceMs });
    },
    park() {
      exit = dependencies.exit;
      if (state === 'open' || state === 'asking') void end({ mode: 'park', graceMs });
      else if (state === 'ending') void dependencies.closeEngine({ mode: 'park', graceMs: shortGraceMs });
    },
    isOver: () => state === 'over',
  };
}
