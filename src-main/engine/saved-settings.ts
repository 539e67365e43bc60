import { open, realpath, rename, rm } from 'node:fs/promises';
import type { ApiOutput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import type { Settings } from '../contract/settings.ts';
import type { SettingsFile } from '../core/ports.ts';
import { readSettings, settingsPath } from './settings-file.ts';

/** What an engine applies while it works; the rest of the settings is read at its start. */
const appliedAtOnce = [
  'slots',
  'restart',
  'maxInterruptions',
  'watchdog',
  'breaker',
  'backups',
  'retention',
  'permissions',
  'projects',
  'notifications',
  'desktop',
] as const satisfies readonly (keyof Settings)[];

export interface SavedSettingsOptions {
  readonly dataFolder: string;
  /** What was read when the engine started. */
  readonly atStart: Settings;
  /** What is wrong with a pattern of secrets, as a sentence; null when it can be used. */
  readonly refusePattern: (pattern: string) => string | null;
}

/** The settings of an engine that runs: its file, and what of it holds. Saves are carried out one after the other. */
export class SavedSettings implements SettingsFile {
  readonly inForce: Settings;
  readonly #options: SavedSettingsOptions;
  #applied: Settings;
  #lastGood: Settings;
  #saving: Promise<unknown> = Promise.resolve();

  constructor(options: SavedSettingsOptions) {
    this.#options = options;
    this.#applied = options.atStart;
    this.#lastGood = options.atStart;
    this.inForce = liveView(() => this.#applied);
  }

  async view(): Promise<ApiOutput<'getSettings'>> {
    const { dataFolder } = this.#options;
    const read = await readSettings(dataFolder);
    if (read.ok) this.#lastGood = read.value;
    return {
      settings: this.#lastGood,
      path: settingsPath(dataFolder),
      problem: read.ok ? null : read.error,
      needsRestart: JSON.stringify(this.#lastGood) !== JSON.stringify(this.#applied),
    };
  }

  save(settings: Settings): Promise<Result<ApiOutput<'saveSettings'>, ApiError>> {
    const saved = this.#saving.then(() => this.#save(settings));
    this.#saving = saved.catch(() => undefined);
    return saved;
  }

  async #save(settings: Settings): Promise<Result<ApiOutput<'saveSettings'>, ApiError>> {
    const { dataFolder, refusePattern } = this.#options;
    for (const [index, pattern] of settings.redact.entries()) {
      const complaint = refusePattern(pattern);
      if (complaint !== null) return patternRefused(index, complaint);
    }
    const present = await readSettings(dataFolder);
    if (!present.ok) return faultyFileRefused(settingsPath(dataFolder), present.error);
    try {
      await replaceFile(settingsPath(dataFolder), `${JSON.stringify(settings, null, 2)}\n`);
    } catch (error) {
      return writeRefused(settingsPath(dataFolder), error);
    }
    const now = Object.fromEntries(appliedAtOnce.map((name) => [name, settings[name]]));
    this.#applied = { ...this.#applied, ...now };
    return ok(await this.view());
  }
}

/** Settings whose fields are those of another object at the moment when they are asked for. */
function liveView(current: () => Settings): Settings {
  return {
    get slots() {
      return current().slots;
    },
    get heartbeat() {
      return current().heartbeat;
    },
    get restart() {
      return current().restart;
    },
    get maxInterruptions() {
      return current().maxInterruptions;
    },
    get permissions() {
      return current().permissions;
    },
    get watchdog() {
      return current().watchdog;
    },
    get breaker() {
      return current().breaker;
    },
    get backups() {
      return current().backups;
    },
    get retention() {
      return current().retention;
    },
    get redact() {
      return current().redact;
    },
    get projects() {
      return current().projects;
    },
    get notifications() {
      return current().notifications;
    },
    get desktop() {
      return current().desktop;
    },
  };
}

/** Writes beside the file and renames, so that a crash leaves the old one or the new one. A link stays a link. */
async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const beside = `${target}.saving`;
  try {
    const file = await open(beside, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw error;
  }
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
  const reason = error instanceof Error ? error.message : String(error);
  return refuse(
    'unavailable',
    `The settings ${path} cannot be written: ${reason}.`,
    'Free space on its disk, or correct the rights of its folder; then save again.',
  );
}
