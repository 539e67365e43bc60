import { isDeepStrictEqual } from 'node:util';
import type { ApiOutput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { Settings } from '../contract/settings.ts';
import { settingsSchema } from '../contract/settings.ts';
import type { Clock, Logger, SettingsFile, Stop } from '../core/ports.ts';
import { replaceFile } from './replace-file.ts';
import { readSettings, settingsPath } from './settings-file.ts';
import type { SettingsAtStart } from './settings-kept.ts';
import { keepSettings, keptSettingsPath, renderSettings } from './settings-kept.ts';
import { SettingsWatch } from './watch-settings.ts';

type Section = keyof Settings;

/** What an engine reads at its start only; the rest is applied while it works. */
const readAtStart: readonly Section[] = ['heartbeat', 'redact'];
/** What is about the file, and changes nothing. */
const aboutFile: readonly Section[] = ['$schema', 'version'];

const names = Object.keys(settingsSchema.shape) as Section[];
const sections = names.filter((name) => !aboutFile.includes(name));

/** Parts of the engine that can be in trouble here. */
export type SettingsPart = 'settings' | 'settings watch' | 'last good settings';
type Trouble = Pick<ApiError, 'message' | 'remedy'>;

export interface SavedSettingsOptions {
  readonly dataFolder: string;
  /** What was read when the engine started. */
  readonly atStart: SettingsAtStart;
  /** What is wrong with a pattern of secrets, as a sentence; null when it can be used. */
  readonly refusePattern: (pattern: string) => string | null;
  readonly clock: Pick<Clock, 'after'>;
  readonly logger: Pick<Logger, 'warn'>;
  /** Told when one of them gets into trouble, and with null when it is out of it. */
  readonly report: (part: SettingsPart, trouble: Trouble | null) => void;
}

/**
 * The settings of an engine that runs: its file, and what of it holds. Looks and saves are carried out one after the
 * other.
 */
export class SavedSettings implements SettingsFile {
  readonly inForce: Settings;
  readonly #options: SavedSettingsOptions;
  readonly #path: string;
  #applied: Settings;
  #lastGood: Settings;
  #problem: ApiError | null = null;
  #doing: Promise<unknown> = Promise.resolve();
  #watch: SettingsWatch | null = null;
  #tell: Parameters<SettingsFile['onChange']>[0] = () => Promise.resolve();

  constructor(options: SavedSettingsOptions) {
    const { settings, problem } = options.atStart;
    this.#options = options;
    this.#path = settingsPath(options.dataFolder);
    this.#applied = settings;
    this.#lastGood = settings;
    this.inForce = liveView(() => this.#applied);
    this.#setProblem(problem);
  }

  /** Where changes are not noticed by themselves, this is what notices them. */
  async view(): Promise<ApiOutput<'getSettings'>> {
    this.#watch?.look();
    await this.#look();
    return this.#view();
  }

  async save(settings: Settings): ReturnType<SettingsFile['save']> {
    const saved = await this.#inTurn(() => this.#save(settings));
    if (!saved.ok) return saved;
    const { view, changed } = saved.value;
    if (changed.length > 0) await this.#tell(changed, 'person');
    return ok(view);
  }

  onChange(changed: Parameters<SettingsFile['onChange']>[0]): void {
    this.#tell = changed;
  }

  watch(): Stop {
    const { clock, report } = this.#options;
    this.#watch = new SettingsWatch({
      path: this.#path,
      clock,
      changed: () => void this.#look(),
      trouble: (reason) => report('settings watch', reason === null ? null : unwatched(this.#path, reason)),
    });
    void this.#look();
    return () => {
      this.#watch?.close();
      this.#watch = null;
    };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#doing.then(work);
    this.#doing = done.catch(() => undefined);
    return done;
  }

  /** Reads the file, and lets hold what it says, or what was good last. */
  async #look(): Promise<void> {
    const changed = await this.#inTurn(async () => {
      const read = await readSettings(this.#options.dataFolder);
      this.#setProblem(read.ok ? null : read.error);
      if (!read.ok) return [];
      const sections = this.#take(read.value);
      if (this.#watch !== null) await this.#keep();
      return sections;
    });
    if (changed.length > 0) await this.#tell(changed, 'engine');
  }

  async #save(settings: Settings): Promise<Result<Saved, ApiError>> {
    const { dataFolder, refusePattern } = this.#options;
    for (const [index, pattern] of settings.redact.entries()) {
      const complaint = refusePattern(pattern);
      if (complaint !== null) return patternRefused(index, complaint);
    }
    const present = await readSettings(dataFolder);
    this.#setProblem(present.ok ? null : present.error);
    if (!present.ok) return faultyFileRefused(this.#path, present.error);
    const { $schema } = present.value;
    const saved: Settings = { ...($schema === undefined ? {} : { $schema }), ...settings };
    try {
      await replaceFile(this.#path, renderSettings(saved));
    } catch (error) {
      return writeRefused(this.#path, error);
    }
    const changed = this.#take(saved);
    await this.#keep();
    return ok({ view: this.#view(), changed });
  }

  /** @returns the sections that differ from what was good before. */
  #take(settings: Settings): readonly Section[] {
    const before = this.#lastGood;
    this.#lastGood = settings;
    const kept = Object.fromEntries(readAtStart.map((name) => [name, this.#applied[name]]));
    this.#applied = { ...settings, ...kept };
    return differing(before, settings);
  }

  #view(): ApiOutput<'getSettings'> {
    const waiting = differing(this.#lastGood, this.#applied);
    return {
      settings: this.#lastGood,
      path: this.#path,
      problem: this.#problem,
      needsRestart: waiting.length > 0,
      restartSections: [...waiting],
    };
  }

  #setProblem(problem: ApiError | null): void {
    if (this.#problem?.message === problem?.message) return;
    this.#problem = problem;
    const { report, logger } = this.#options;
    if (problem === null) {
      report('settings', null);
      return;
    }
    const message = `${problem.message} The settings that were good last hold.`;
    report('settings', { message, remedy: problem.remedy });
    logger.warn(message, { remedy: problem.remedy });
  }

  async #keep(): Promise<void> {
    const { dataFolder, report } = this.#options;
    try {
      await keepSettings(dataFolder, this.#lastGood);
      report('last good settings', null);
    } catch (error) {
      report('last good settings', notKept(keptSettingsPath(dataFolder), error));
    }
  }
}

interface Saved {
  readonly view: ApiOutput<'saveSettings'>;
  readonly changed: readonly Section[];
}

function differing(one: Settings, other: Settings): readonly Section[] {
  return sections.filter((name) => !isDeepStrictEqual(one[name], other[name]));
}

/** Settings whose fields are those of another object at the moment when they are asked for. */
function liveView(current: () => Settings): Settings {
  const view = {};
  for (const name of names) Object.defineProperty(view, name, { enumerable: true, get: () => current()[name] });
  return view as Settings;
}

function patternRefused(index: number, complaint: string) {
  return refuse('invalidInput', complaint, 'Correct the pattern, or take it out.', {
    field: `settings.redact[${index}]`,
  });
}

function faultyFileRefused(path: string, { message, problems }: ApiError) {
  return refuse(
    'refused',
    `The settings were not saved, because ${path} is not in order, and what a person wrote there would be lost: ${message}`,
    'Correct the file, or move it away; then save again.',
    problems === undefined ? {} : { problems },
  );
}

function writeRefused(path: string, error: unknown) {
  return refuse(
    'unavailable',
    `The settings ${path} cannot be written: ${reasonOf(error)}.`,
    'Free space on its disk, or correct the rights of its folder; then save again.',
  );
}

function notKept(path: string, error: unknown): Trouble {
  return {
    message: `The settings cannot be kept in ${path} for a start with a faulty file: ${reasonOf(error)}.`,
    remedy: 'Free space on its disk, or correct the rights of its folder. The settings themselves hold.',
  };
}

function unwatched(path: string, reason: string): Trouble {
  return {
    message: `Changes of ${path} by hand are not noticed by themselves: ${reason}.`,
    remedy:
      'After a change open Settings, or run: signalbox settings. On Linux raise fs.inotify.max_user_watches when the system has none left.',
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
