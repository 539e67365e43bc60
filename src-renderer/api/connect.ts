import { QueryClient } from '@tanstack/react-query';
import { noteConnection, useConnectionStore } from '../stores/connection-store.ts';
import type { Connection } from './client.tsx';
import { createClient } from './client.tsx';
import type { Link } from './link.ts';
import { Refresher } from './refresher.ts';
import { RunWorkFeeds } from './run-work-feeds.ts';
import type { Timer } from './timer.ts';

/** A window's connection, with what keeps its answers. */
export interface Connected {
  readonly connection: Connection;
  readonly queryClient: QueryClient;
  /** Connects and follows. @returns ends all of it. */
  start(): () => void;
}

/** How long an answer that nothing shows any more is kept, in ms. */
const keepMs = 60_000;

/** Puts together what a window needs to hear the engine. */
export function connect(link: Link, timer: Timer): Connected {
  const queryClient = new QueryClient({
    defaultOptions: {
      queries: {
        // The link heals by itself, and says when; whether the machine is on a network does not matter.
        networkMode: 'always',
        retry: false,
        refetchOnReconnect: false,
        refetchOnWindowFocus: false,
        gcTime: keepMs,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
  const refresher = new Refresher({ link, queryClient, timer });
  const runWorkFeeds = new RunWorkFeeds({ link, queryClient });
  return {
    connection: { api: createClient(link), link, refresher, runWorkFeeds },
    queryClient,
    start() {
      const stopRefresher = refresher.start();
      const stopLink = link.start((report) => {
        const before = useConnectionStore.getState().state;
        noteConnection(report, timer.now());
        // Questions asked without a connection were refused, and changes meanwhile were not heard of.
        if (report.state === 'connected' && before === 'lost') void queryClient.invalidateQueries();
      });
      return () => {
        stopRefresher();
        stopLink();
      };
    },
  };
}
