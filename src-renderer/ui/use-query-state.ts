import { useCallback } from 'react';
import { changeQuery, navigate, parseHash, useHashSearch } from './hash-location.ts';

/** Changes the query of where the window is now. */
export function setQuery(changes: Readonly<Record<string, string | null>>, replace: boolean): void {
  const { path, search } = parseHash(window.location.hash);
  const query = changeQuery(search, changes);
  navigate(query === '' ? path : `${path}?${query}`, { replace });
}

/**
 * One value of the hash's query, so that it survives reload and can be linked to. Null: not there.
 * Setting makes a step in the history; `replace` does not, for text that is being typed.
 */
export function useQueryState(
  name: string,
): [string | null, (value: string | null, options?: { readonly replace?: boolean }) => void] {
  const value = new URLSearchParams(useHashSearch()).get(name);
  const set = useCallback(
    (next: string | null, { replace = false }: { readonly replace?: boolean } = {}) =>
      setQuery({ [name]: next }, replace),
    [name],
  );
  return [value, set];
}

/** Several values under one name, such as states to filter by; those that `allowed` does not know are left out. */
export function useQueryList<T extends string>(
  name: string,
  allowed: readonly T[],
): [readonly T[], (values: readonly T[]) => void] {
  const [text, setText] = useQueryState(name);
  const values = text === null ? [] : allowed.filter((value) => text.split(',').includes(value));
  const set = useCallback((next: readonly T[]) => setText(next.join(',')), [setText]);
  return [values, set];
}
