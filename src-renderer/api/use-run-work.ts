import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ApiError } from '../../src-main/contract/errors.ts';
import { errorOf, unwrap } from './api-failure.ts';
import { useConnection } from './client.tsx';
import type { RunWork } from './fold-run-work.ts';
import { runWorkKey } from './run-work-feeds.ts';

export interface RunWorkAnswer {
  /** The run, its tasks, attempts, approvals and definition, folded up to the newest event; undefined before it is there. */
  readonly work: RunWork | undefined;
  readonly error: ApiError | null;
  readonly isLoading: boolean;
}

/** Everything about one open run, live: a snapshot, then its events folded by the engine's own rule, once per frame. */
export function useRunWork(runId: string): RunWorkAnswer {
  const { link, runWorkFeeds } = useConnection();
  const query = useQuery({
    queryKey: runWorkKey(runId),
    queryFn: async () => runWorkFeeds.newest(runId, unwrap(await link.call('getRunWork', { runId }))),
    // What was kept while nobody followed it is old.
    staleTime: 0,
  });
  const isThere = query.data !== undefined;
  const { isFetchedAfterMount } = query;
  const snapshotSeq = query.data?.lastSeq ?? 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the number rises with every event; only the first counts, where the feed begins
  useEffect(() => (isThere ? runWorkFeeds.use(runId, snapshotSeq) : undefined), [isThere, runId, runWorkFeeds]);

  return {
    work: query.data,
    error: errorOf(query.error),
    isLoading: query.isLoading || !(isThere || isFetchedAfterMount),
  };
}
