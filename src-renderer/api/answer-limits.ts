import type { ApiName } from '../../src-main/contract/api.ts';

/** Entries that look through everything, start or end processes, or change thousands of rows. */
const slowEntries: ReadonlySet<ApiName> = new Set<ApiName>([
  'runDoctor',
  'measureDataFolder',
  'testAgent',
  'detectAgents',
  'startAgent',
  'stopAgent',
  'drainAgent',
  'changeRuns',
  'changeTasks',
  'pruneHistory',
  'searchLog',
]);

/** How long an entry may take to answer while the connection itself is alive, in ms. */
export function answerWithinMs(name: ApiName): number {
  return slowEntries.has(name) ? 15 * 60_000 : 60_000;
}
