import { useSyncExternalStore } from 'react';
import type { LogModel } from './log-model.ts';

/**
 * One thing about a log view, drawn again only when it is another one: the model tells of every line.
 *
 * @param select gives the same value, or the same object, while nothing is different
 */
export function useLog<T>(model: LogModel, select: (model: LogModel) => T): T {
  return useSyncExternalStore(model.subscribe, () => select(model));
}
