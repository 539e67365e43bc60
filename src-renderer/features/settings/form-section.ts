import type { ApiError } from '../../../src-main/contract/errors.ts';
import type { Settings } from '../../../src-main/contract/settings.ts';

/** What every form of settings is given. */
export interface FormSectionProps {
  /** What holds; where the file has faults, what was good last. */
  readonly settings: Settings;
  readonly isSaving: boolean;
  /** Why nothing can be saved now, as a sentence; null when it can. */
  readonly lockedBecause: string | null;
  /** @returns why they were not saved; null when they were. */
  readonly save: (settings: Settings) => Promise<ApiError | null>;
}
