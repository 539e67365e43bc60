import { processesOf, waitUntilGone } from '../support/process-census.ts';
import { makeDataFolder } from '../support/real-engine.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { removeFolder } from '../support/temporary-folder.ts';
import type { FaultContext, FaultGroup, Form, Times, Trial } from './fault-group.ts';
import type { Held, PropertyName } from './properties.ts';

/** Characters of what was seen that a failure quotes. */
const maxSeen = 2_000;

/** What became of a kind of trials of a group. */
export interface FaultResult {
  readonly fault: string;
  readonly trials: number;
  readonly seconds: number;
  /** Not null: it was not tried, and why. */
  readonly notRun: string | null;
}

/** A trial that failed, and how to do it again. */
export interface FailedTrial {
  readonly fault: string;
  readonly number: number;
  readonly message: string;
  readonly rerun: string;
}

/** How often a property was asserted, and how many things were looked at. */
export interface Assertions {
  readonly times: number;
  readonly looked: number;
}

/** What a group found. */
export interface GroupResult {
  readonly number: number;
  readonly title: string;
  readonly does: readonly string[];
  readonly faults: readonly FaultResult[];
  /** What was seen, with how often. */
  readonly seen: Readonly<Record<string, number>>;
  readonly properties: Readonly<Partial<Record<PropertyName, Assertions>>>;
  /** How many expectations of the faults themselves were held. */
  readonly expectations: number;
  readonly failures: readonly FailedTrial[];
  readonly seconds: number;
}

export interface RunOptions {
  readonly seed: number;
  readonly form: Form;
  /** The one trial to do; null: all. */
  readonly only?: number | null;
  readonly tell?: (line: string) => void;
}

/** Runs one group, and keeps what it found. */
export async function runGroup(group: FaultGroup, options: RunOptions): Promise<GroupResult> {
  const running = new RunningGroup(group, options);
  const begun = performance.now();
  await group.run(running);
  return running.result(seconds(begun));
}

class RunningGroup implements FaultContext {
  readonly form: Form;
  readonly #group: FaultGroup;
  readonly #options: RunOptions;
  readonly #faults: FaultResult[] = [];
  readonly #failures: FailedTrial[] = [];
  readonly #seen: Record<string, number> = {};
  readonly #properties: Partial<Record<PropertyName, Assertions>> = {};
  #expectations = 0;
  #number = 0;

  constructor(group: FaultGroup, options: RunOptions) {
    this.#group = group;
    this.#options = options;
    this.form = options.form;
  }

  async trials(fault: string, times: Times, body: (trial: Trial) => Promise<void>): Promise<void> {
    const begun = performance.now();
    let done = 0;
    for (let time = 0; time < times[this.form]; time += 1) {
      this.#number += 1;
      const only = this.#options.only ?? null;
      if (only !== null && only !== this.#number) continue;
      done += 1;
      await this.#oneTrial(fault, this.#number, body);
    }
    this.#faults.push({ fault, trials: done, seconds: seconds(begun), notRun: null });
    this.tell(`${fault}: ${done} trials in ${seconds(begun).toFixed(1)} s`);
  }

  notRun(fault: string, reason: string): void {
    this.#faults.push({ fault, trials: 0, seconds: 0, notRun: reason });
  }

  tell(line: string): void {
    this.#options.tell?.(`${this.#group.number}: ${line}`);
  }

  result(took: number): GroupResult {
    const { number, title, faults } = this.#group;
    return {
      number,
      title,
      does: faults,
      faults: this.#faults,
      seen: this.#seen,
      properties: this.#properties,
      expectations: this.#expectations,
      failures: [...this.#failures, ...this.#emptyLooks()],
      seconds: took,
    };
  }

  async #oneTrial(fault: string, number: number, body: (trial: Trial) => Promise<void>): Promise<void> {
    const cleanUps: (() => unknown)[] = [];
    try {
      await body(this.#trial(fault, number, cleanUps));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#failures.push({ fault, number, message, rerun: this.#rerun(number) });
      this.tell(`trial ${number} failed: ${message}`);
    } finally {
      for (const cleanUp of cleanUps.toReversed()) await cleanUp();
    }
  }

  #trial(fault: string, number: number, cleanUps: (() => unknown)[]): Trial {
    const { seed } = this.#options;
    const random = seededRandom(mixed(`${seed} ${this.#group.number} ${fault} ${number}`));
    return {
      number,
      form: this.form,
      random,
      between: (least, most) => Math.floor(least + random() * (most - least)),
      makeFolder: (settings) => {
        const folder = makeDataFolder(settings);
        cleanUps.push(() => clear(folder));
        return folder;
      },
      cleanUp: (work) => void cleanUps.push(work),
      saw: (what, count = 1) => {
        this.#seen[what] = (this.#seen[what] ?? 0) + count;
      },
      hold: async (...looks) => this.#hold(await Promise.all(looks)),
      expect: (holds, sentence, seen) => {
        this.#expectations += 1;
        if (holds) return;
        throw new Error(seen === undefined ? sentence : `${sentence} Seen: ${JSON.stringify(seen).slice(0, maxSeen)}`);
      },
    };
  }

  #hold(looks: readonly Held[]): void {
    for (const { property, looked } of looks) {
      const { times, looked: before } = this.#properties[property] ?? { times: 0, looked: 0 };
      this.#properties[property] = { times: times + 1, looked: before + looked };
    }
    const violations = looks.flatMap(({ property, violations: found }) => found.map((text) => `${property}: ${text}`));
    if (violations.length > 0) throw new Error(violations.join('\n'));
  }

  #emptyLooks(): FailedTrial[] {
    return Object.entries(this.#properties)
      .filter(([, { looked }]) => looked === 0)
      .map(([property]) => ({
        fault: 'all',
        number: 0,
        message: `${property} was looked at, but every look saw nothing.`,
        rerun: this.#rerun(null),
      }));
  }

  #rerun(number: number | null): string {
    const { seed, form } = this.#options;
    const trial = number === null ? '' : ` --trial ${number}`;
    return `npm run chaos -- --only ${this.#group.number} --trials ${form} --seed ${seed}${trial}`;
  }
}

/** Kills what a failed trial has left of its folder's processes, and deletes the folder. */
async function clear(folder: string): Promise<void> {
  const left = processesOf(folder).map(({ pid }) => pid);
  for (const pid of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has just ended by itself.
    }
  }
  await waitUntilGone(left).catch(() => undefined);
  removeFolder(folder);
}

function seconds(begun: number): number {
  return Math.round(performance.now() - begun) / 1_000;
}

/** A number from a text, so that each trial has a chance of its own (FNV-1a). */
function mixed(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
