import { useSyncExternalStore } from 'react';

/**
 * Where the window is: the path and the query of its hash, `#/runs?state=failed`. All of it is in the hash, so that it
 * works from files as well as from a server, and so that back, forward, reload and links bring back the same view.
 */
export interface HashLocation {
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly search: string;
}

/** Takes the hash apart. */
export function parseHash(hash: string): HashLocation {
  const [path = '', ...rest] = hash.replace(/^#?\/?/, '').split('?');
  return { path: `/${path}`, search: rest.join('?') };
}

/** A query with changes; a null takes a name out. Names keep their order, so that equal filters are equal links. */
export function changeQuery(search: string, changes: Readonly<Record<string, string | null>>): string {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') query.delete(name);
    else query.set(name, value);
  }
  return query.toString();
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  window.addEventListener('popstate', changed);
  return () => {
    window.removeEventListener('hashchange', changed);
    window.removeEventListener('popstate', changed);
  };
}

/** Goes to a place in the window, such as `/runs?state=failed`. `replace`: without a step in the history. */
export function navigate(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  const hash = `#${to.startsWith('/') ? to : `/${to}`}`;
  if (hash === window.location.hash) return;
  if (replace) window.history.replaceState(null, '', hash);
  else window.history.pushState(null, '', hash);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

/** The path of the hash, as the router wants it. */
export function useHashPath(): [string, typeof navigate] {
  return [useSyncExternalStore(subscribe, () => parseHash(window.location.hash).path), navigate];
}
useHashPath.hrefs = (path: string) => `#${path}`;

/** The query of the hash. */
export function useHashSearch(): string {
  return useSyncExternalStore(subscribe, () => parseHash(window.location.hash).search);
}
