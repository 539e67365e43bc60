import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { Router } from 'wouter';
import { ConnectionProvider } from './api/client.tsx';
import type { Connected } from './api/connect.ts';
import { Frame } from './frame/frame.tsx';
import { ThemeProvider } from './theme/theme-provider.tsx';
import { useHashPath, useHashSearch } from './ui/hash-location.ts';

/** Everything a view may count on, around the frame. */
export function App({ connected }: { readonly connected: Connected }) {
  return (
    <QueryClientProvider client={connected.queryClient}>
      <ConnectionProvider connection={connected.connection}>
        <ThemeProvider>
          <Router hook={useHashPath} searchHook={useHashSearch}>
            <Frame />
            <Notifications position="bottom-right" limit={4} transitionDuration={0} />
          </Router>
        </ThemeProvider>
      </ConnectionProvider>
    </QueryClientProvider>
  );
}
