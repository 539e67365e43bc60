import type { ApiOutput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import type { Settings } from '../contract/settings.ts';
import type { Stop } from './ports.ts';

/** The settings file, and the settings that the engine works by. */
export interface SettingsFile {
  /** What holds now. Its fields change when what can be applied at once was saved: read them when they are needed. */
  readonly inForce: Settings;
  /** The file as it is now. */
  view(): Promise<ApiOutput<'getSettings'>>;
  /** Writes the file, and applies at once what can be. A file that has faults is left as it is, and the save refused. */
  save(settings: Settings): Promise<Result<ApiOutput<'saveSettings'>, ApiError>>;
  /**
   * Whom to tell what differs from before, once it is applied; one for the whole engine, who never rejects.
   * @param changed `person`: by a save, which waits for it; `engine`: found in the file.
   */
  onChange(changed: (sections: readonly string[], actor: 'person' | 'engine') => Promise<void>): void;
  /** Begins to notice by itself what is changed in the file by hand. @returns ends it. */
  watch(): Stop;
}
