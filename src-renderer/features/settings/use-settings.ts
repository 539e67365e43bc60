import { useQueryClient } from '@tanstack/react-query';
import type { ApiOutput } from '../../../src-main/contract/api.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import type { Settings } from '../../../src-main/contract/settings.ts';
import { useCommand } from '../../api/use-command.ts';
import { useEntry } from '../../api/use-entry.ts';

/** How often the file is looked at while settings are shown: an editor that saves it tells nobody. In ms. */
const fileEveryMs = 3_000;

export interface SavedSettings {
  /** The file as it is; undefined before it was read. */
  readonly view: ApiOutput<'getSettings'> | undefined;
  readonly error: ApiError | null;
  readonly refetch: () => void;
  readonly isSaving: boolean;
  /** Why nothing can be saved now, as a sentence; null when it can. */
  readonly lockedBecause: string | null;
  /** @returns why they were not saved; null when they were. */
  readonly save: (settings: Settings) => Promise<ApiError | null>;
}

/** The engine's settings, and saving them. */
export function useSettings(): SavedSettings {
  const { data, error, refetch } = useEntry('getSettings', {}, { everyMs: fileEveryMs });
  const queryClient = useQueryClient();
  const command = useCommand('saveSettings', { isQuiet: true });
  return {
    view: data,
    error,
    refetch,
    isSaving: command.isRunning,
    lockedBecause: data?.problem == null ? null : 'Nothing can be saved while the settings file has faults',
    save: async (settings) => {
      const saved = await command.run({ settings });
      if (!saved.ok) return saved.error;
      // What was saved is shown at once: the fields must not go back to what was before until the file is read again.
      queryClient.setQueryData(['getSettings', {}], saved.value);
      return null;
    },
  };
}
