import type { StoreViews, ViewName } from '../../src-main/core/ports.ts';
import { createViewAnswers } from '../../src-main/store/views/answer-view.ts';
import { connectTo } from './open-test-store.ts';

/** The questions of a store's thread, answered in the test's own thread over a connection of its own. */
export function viewsHere(file: string): StoreViews {
  const answer = createViewAnswers(connectTo(file, { readonly: true }));
  const ask = (name: ViewName) => (query: unknown) => Promise.resolve(answer(name, query));
  return {
    listRuns: ask('listRuns'),
    listTasks: ask('listTasks'),
    listEvents: ask('listEvents'),
    countDeadLetters: ask('countDeadLetters'),
    getOverview: ask('getOverview'),
    getMetrics: ask('getMetrics'),
    getTraffic: ask('getTraffic'),
    selectRunIds: ask('selectRunIds'),
    selectTaskIds: ask('selectTaskIds'),
  } as StoreViews;
}
