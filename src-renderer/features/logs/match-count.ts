import type { LogSearchState } from './log-search.ts';
import { ordinalOf } from './log-search.ts';
import type { RowPlace } from './row-map.ts';

/** How many lines match and which of them one is at: "3 of 120". Empty when nothing is looked for. */
export function matchCount({ find, found, isSearching, error }: LogSearchState, current: RowPlace | null): string {
  if (find === null) return '';
  if (error !== null) return 'not searched';
  if (found === null) return isSearching ? 'searching …' : '';
  const noun = find.kind === 'error' ? ' errors' : '';
  if (found.total === 0) return `no${find.kind === 'error' ? ' errors' : ' matches'}`;
  const total = found.total.toLocaleString('en');
  const ordinal = current === null ? 0 : ordinalOf(found, current);
  if (ordinal === 0)
    return found.total === 1 ? `1 ${find.kind === 'error' ? 'error' : 'match'}` : `${total}${noun || ' matches'}`;
  return `${ordinal.toLocaleString('en')} of ${total}${noun}`;
}
