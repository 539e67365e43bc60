import { useCallback, useEffect, useMemo, useReducer, useState } from 'react';
import type { LogFind } from '../../../src-main/contract/log-find.ts';
import { compileFind } from '../../../src-main/contract/log-find.ts';
import type { TextRange } from './line-pieces.ts';
import type { LogModel } from './log-model.ts';
import { isFound } from './log-search.ts';
import { PatternMarks } from './pattern-marks.ts';
import { plainText } from './printed-text.ts';
import type { RowPlace } from './row-map.ts';

type Marks = RegExp | readonly TextRange[] | null;

/** What to mark in a line of the view. Only lines that the engine has found are looked at where that may take long. */
export function useMarks(model: LogModel, find: LogFind | null): (row: number, place: RowPlace) => Marks {
  const [round, redraw] = useReducer((count: number) => count + 1, 0);
  const [pattern] = useState(() => new PatternMarks({ start: startThread, changed: redraw }));
  const wanted = useMemo(() => compiled(find), [find]);
  const isPattern = find?.kind === 'pattern';
  useEffect(() => {
    pattern.use(isPattern ? wanted : null);
    redraw();
  }, [pattern, wanted, isPattern]);
  useEffect(() => () => pattern.close(), [pattern]);

  return useCallback(
    (_row, place) => {
      // A new round brings marks that were not known before.
      void round;
      if (!isPattern || wanted === null) return wanted;
      const line = isFound(model.search.state.found, place) ? model.line(place) : undefined;
      return line === undefined ? null : pattern.in(plainText(line.text));
    },
    [round, model, pattern, wanted, isPattern],
  );
}

function startThread(): Worker {
  return new Worker(new URL('./mark-worker.ts', import.meta.url), { type: 'module' });
}

/** Null also for a pattern that is none: the engine says so. */
function compiled(find: LogFind | null): RegExp | null {
  if (find === null) return null;
  try {
    return compileFind(find);
  } catch {
    return null;
  }
}
