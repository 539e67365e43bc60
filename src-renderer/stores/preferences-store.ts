import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export const themes = ['system', 'dark', 'light'] as const;
export const densities = ['comfortable', 'compact'] as const;
export const timestampStyles = ['relative', 'absolute'] as const;

/** How a person wants this window to look; kept in this browser or window only. */
export interface Preferences {
  readonly theme: (typeof themes)[number];
  readonly density: (typeof densities)[number];
  readonly timestamps: (typeof timestampStyles)[number];
}

/** The person's choices, kept across reloads. Set with `usePreferences.setState({ theme: 'dark' })`. */
export const usePreferences = create<Preferences>()(
  persist((): Preferences => ({ theme: 'system', density: 'comfortable', timestamps: 'relative' }), {
    name: 'signalbox.preferences',
  }),
);
