import { MantineProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLayoutEffect, useSyncExternalStore } from 'react';
import { usePreferences } from '../stores/preferences-store.ts';
import { mantineTheme } from './mantine-theme.ts';

const light = window.matchMedia('(prefers-color-scheme: light)');

function followSystem(changed: () => void): () => void {
  light.addEventListener('change', changed);
  return () => light.removeEventListener('change', changed);
}

/** The scheme in use: the person's, or else the system's. */
export function useScheme(): 'dark' | 'light' {
  const { theme } = usePreferences();
  const isSystemLight = useSyncExternalStore(followSystem, () => light.matches);
  if (theme !== 'system') return theme;
  return isSystemLight ? 'light' : 'dark';
}

/** Gives everything below the tokens of the scheme in use. All style is in static sheets; nothing is written here. */
export function ThemeProvider({ children }: { readonly children: ReactNode }) {
  const scheme = useScheme();
  const { density } = usePreferences();

  useLayoutEffect(() => {
    document.documentElement.dataset.density = density;
  }, [density]);

  return (
    <MantineProvider
      theme={mantineTheme}
      forceColorScheme={scheme}
      withCssVariables={false}
      withGlobalClasses={false}
      deduplicateCssVariables={false}
    >
      {children}
    </MantineProvider>
  );
}
