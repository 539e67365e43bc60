import { useMemo } from 'react';
import { useHashSearch } from '../../ui/hash-location.ts';
import type { AskedTasks, QueueTab } from './task-filter.ts';
import { readTaskFilter } from './task-filter.ts';

/** What of a tab the address asks for; the same object as long as it asks for the same. */
export function useAskedTasks(tab: QueueTab): AskedTasks {
  const search = useHashSearch();
  return useMemo(() => readTaskFilter(search, tab), [search, tab]);
}
