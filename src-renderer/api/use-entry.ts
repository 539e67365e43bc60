import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ApiInput, ApiOutput } from '../../src-main/contract/api.ts';
import type { ApiError } from '../../src-main/contract/errors.ts';
import type { Result } from '../../src-main/contract/result.ts';
import { errorOf, unwrap } from './api-failure.ts';
import { useConnection } from './client.tsx';
import type { ReadName } from './entry-nouns.ts';

export interface EntryOptions {
  /** False: nothing is asked, and `data` stays undefined. */
  readonly enabled?: boolean;
  /** Asks again after this time as well, for what no event announces: CPU use, say. In ms. */
  readonly everyMs?: number;
  /** Shows the answer to the input before while a new input is being answered. */
  readonly keepPrevious?: boolean;
}

export interface EntryAnswer<T> {
  /** The newest answer; undefined before the first. It stays when a later question fails. */
  readonly data: T | undefined;
  /** Why the last question failed; null when it did not. */
  readonly error: ApiError | null;
  /** Whether there is nothing to show yet. */
  readonly isLoading: boolean;
  /** Whether an answer is awaited, the first or another one. */
  readonly isFetching: boolean;
  /** Whether `data` answers an earlier input. */
  readonly isPrevious: boolean;
  /** Asks again now. */
  readonly refetch: () => void;
}

/** The answer of an entry that reads, kept true: it is asked again when rows it is made of change. */
export function useEntry<N extends ReadName>(
  name: N,
  input: ApiInput<N>,
  options: EntryOptions = {},
): EntryAnswer<ApiOutput<N>> {
  const { link } = useConnection();
  const query = useQuery({
    queryKey: [name, input],
    queryFn: async () => {
      const result: Result<ApiOutput<N>, ApiError> = await link.call(name, input);
      return unwrap(result);
    },
    enabled: options.enabled ?? true,
    ...(options.everyMs === undefined ? {} : { refetchInterval: options.everyMs }),
    ...(options.keepPrevious === true ? { placeholderData: keepPreviousData } : {}),
  });
  return {
    data: query.data as ApiOutput<N> | undefined,
    error: errorOf(query.error),
    isLoading: query.isLoading,
    isFetching: query.isFetching,
    isPrevious: query.isPlaceholderData,
    refetch: () => void query.refetch(),
  };
}
