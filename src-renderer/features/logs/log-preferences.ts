import { create } from 'zustand';
import { persist } from 'zustand/middleware';

/** How a person wants logs to look; kept in this browser or window only. */
export interface LogPreferences {
  /** Long lines go on below, instead of to the right. */
  readonly wrap: boolean;
  readonly timestamps: boolean;
  /** Whether searches are regular expressions. */
  readonly pattern: boolean;
  readonly caseSensitive: boolean;
}

export const useLogPreferences = create<LogPreferences>()(
  persist((): LogPreferences => ({ wrap: false, timestamps: false, pattern: false, caseSensitive: false }), {
    name: 'signalbox.logs',
  }),
);
