import type { Held } from './properties.ts';

/** How long a run of the harness may take: `short` fits into the tests, `full` is for the report. */
export type Form = 'short' | 'full';

/** How often something is done in each form. */
export type Times = Readonly<Record<Form, number>>;

/**
 * One group of the faults that `docs/chaos.md` lists. It lets faults happen to the real engine, agent host and child
 * processes, and holds the properties of `properties.ts` afterwards: "did not crash" is no result.
 */
export interface FaultGroup {
  /** Its number in the report. */
  readonly number: number;
  readonly title: string;
  /** What it does, in words; a sentence for each fault, with its effect that is asserted. */
  readonly faults: readonly string[];
  /** Does every fault through `context.trials`. @throws only when the harness itself is broken. */
  run(context: FaultContext): Promise<void>;
}

/** What a group is given. */
export interface FaultContext {
  readonly form: Form;
  /**
   * Lets a fault happen several times, one trial after the other. A trial that throws has failed: it is recorded with
   * its message, number and the way to rerun it, and the next one follows.
   * @param fault what is done, in a few words: it names the trials in the report.
   * @param times how often, in each form.
   */
  trials(fault: string, times: Times, body: (trial: Trial) => Promise<void>): Promise<void>;
  /** Says that a fault cannot be tried on this machine, and why, or which other test shows it. */
  notRun(fault: string, reason: string): void;
  /** Tells a person who watches how far it is. */
  tell(line: string): void;
}

/** One time that a fault happens. Its chance depends on nothing but the seed, the group, the fault and its number. */
export interface Trial {
  /** From 1 in its group, over all its faults. */
  readonly number: number;
  readonly form: Form;
  /** In [0, 1). */
  readonly random: () => number;
  /** A whole number from `least` on and below `most`. */
  between(least: number, most: number): number;
  /**
   * A new data folder, by its real path, removed after the trial; with `settings.json` when settings are given. When
   * the trial fails, processes of the folder that are left are killed, so that they do not disturb the next.
   */
  makeFolder(settings?: unknown): string;
  /** Does something when the trial ends, however it ends; the last that was asked for is done first. */
  cleanUp(work: () => unknown): void;
  /** Counts something that was seen, for the report: "attempts interrupted", 3. */
  saw(what: string, count?: number): void;
  /**
   * Holds properties after the fault: each is counted in the report with how much it looked at.
   * @throws with every violation. A look at nothing is not a violation, but a group whose looks for a property all saw
   * nothing has failed.
   */
  hold(...looks: readonly (Held | Promise<Held>)[]): Promise<void>;
  /** Throws when something that must be so is not; counted as an expectation of the fault itself. */
  expect(holds: boolean, sentence: string, seen?: unknown): void;
}
