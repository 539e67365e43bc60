import type { ApiOutput } from '../../src-main/contract/api.ts';
import { useEntry } from '../api/use-entry.ts';

/** What the engine says of itself. */
export type EngineStatus = ApiOutput<'getStatus'>;

/** Health changes with the machine, too, which no event announces; in ms. */
const everyMs = 5_000;

/** The engine's state and counts, for the frame; undefined before the first answer. */
export function useStatus(): EngineStatus | undefined {
  return useEntry('getStatus', {}, { everyMs }).data;
}
