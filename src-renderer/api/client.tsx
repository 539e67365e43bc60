import type { ReactNode } from 'react';
import { createContext, useContext } from 'react';
import type { ApiClient } from '../../src-main/contract/api.ts';
import { apiNames } from '../../src-main/contract/api-names.ts';
import type { Link } from './link.ts';
import type { Refresher } from './refresher.ts';
import type { RunWorkFeeds } from './run-work-feeds.ts';

/** One method per entry of the contract, over a link. */
export function createClient(link: Link): ApiClient {
  const methods = apiNames.map((name) => [name, (input: never) => link.call(name, input)] as const);
  // Built from the list of all names, so each entry has its method.
  return Object.fromEntries(methods) as unknown as ApiClient;
}

/** What the hooks of this folder share: one of each per window. */
export interface Connection {
  readonly api: ApiClient;
  readonly link: Link;
  readonly refresher: Refresher;
  readonly runWorkFeeds: RunWorkFeeds;
}

const ConnectionContext = createContext<Connection | null>(null);

export function ConnectionProvider({
  connection,
  children,
}: {
  readonly connection: Connection;
  readonly children: ReactNode;
}) {
  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}

/** The window's connection. For hooks of this folder; a view wants {@link useApi}, or better one of the hooks. */
export function useConnection(): Connection {
  const connection = useContext(ConnectionContext);
  if (connection === null) throw new Error('There is no ConnectionProvider above this component.');
  return connection;
}

/** The engine's entries, to call once; views that show something use `useEntry` and its siblings, which stay true. */
export function useApi(): ApiClient {
  return useConnection().api;
}
