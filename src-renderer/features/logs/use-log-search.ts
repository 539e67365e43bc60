import { useCallback, useEffect, useMemo, useState } from 'react';
import type { LogFind } from '../../../src-main/contract/log-find.ts';
import type { LogModel } from './log-model.ts';
import { useLogPreferences } from './log-preferences.ts';

/** How long after the last key the text is searched for, in ms. */
const searchAfterMs = 250;

/** What a person looks for in a log view, and the ways to move between what was found. */
export interface LogSearchControls {
  readonly text: string;
  readonly setText: (text: string) => void;
  /** Goes to the next or the previous match; searches at once when that was still to come. */
  readonly go: (direction: 'next' | 'previous') => void;
  /** Looks for lines that look like errors, and goes to the first of them. */
  readonly goToFirstError: () => void;
  readonly clear: () => void;
}

export function useLogSearch(model: LogModel): LogSearchControls {
  const [text, setOwnText] = useState('');
  const pattern = useLogPreferences((preferences) => preferences.pattern);
  const caseSensitive = useLogPreferences((preferences) => preferences.caseSensitive);

  const search = useCallback(
    async (find: LogFind | null, direction: 'next' | 'first') => {
      model.clearCurrent();
      await model.search.start(find);
      if (sameFind(model.search.state.find, find)) model.goToMatch(direction);
    },
    [model],
  );

  useEffect(() => {
    const find = findOf(text, pattern, caseSensitive);
    // An empty field looks for nothing, but does not end a search for errors.
    if (find === null && model.search.state.find?.kind === 'error') return;
    if (sameFind(model.search.state.find, find)) return;
    const timer = setTimeout(() => void search(find, 'next'), searchAfterMs);
    return () => clearTimeout(timer);
  }, [text, pattern, caseSensitive, model, search]);

  const setText = useCallback(
    (next: string) => {
      if (next === '' && model.search.state.find !== null) void search(null, 'next');
      setOwnText(next.slice(0, 1_000));
    },
    [model, search],
  );
  const go = useCallback(
    (direction: 'next' | 'previous') => {
      const find = findOf(text, pattern, caseSensitive);
      const { find: current } = model.search.state;
      if (find !== null && current?.kind !== 'error' && !sameFind(current, find)) void search(find, 'next');
      else model.goToMatch(direction);
    },
    [model, search, text, pattern, caseSensitive],
  );
  const goToFirstError = useCallback(() => {
    setOwnText('');
    void search({ kind: 'error' }, 'first');
  }, [search]);
  const clear = useCallback(() => {
    setOwnText('');
    void search(null, 'next');
  }, [search]);
  return useMemo(() => ({ text, setText, go, goToFirstError, clear }), [text, setText, go, goToFirstError, clear]);
}

function findOf(text: string, pattern: boolean, caseSensitive: boolean): LogFind | null {
  if (text === '') return null;
  return pattern ? { kind: 'pattern', pattern: text, caseSensitive } : { kind: 'text', text, caseSensitive };
}

function sameFind(a: LogFind | null, b: LogFind | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
