import type { QueryKey } from '@tanstack/react-query';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import type { ApiInput, ApiOutput } from '../../src-main/contract/api.ts';
import type { ApiError } from '../../src-main/contract/errors.ts';
import { errorOf, unwrap } from './api-failure.ts';
import { useConnection } from './client.tsx';
import type { Link } from './link.ts';

/** Under which name an entry that answers in pages has its rows. */
const rowsField = {
  listRuns: 'runs',
  listTasks: 'tasks',
  listApprovals: 'approvals',
  listPermissions: 'permissions',
  listWorkflowVersions: 'versions',
  listFirings: 'firings',
} as const;

/** Entries that answer in pages by key. */
export type PagedName = keyof typeof rowsField;
/** A row of such an entry. */
export type RowOf<N extends PagedName> = N extends PagedName
  ? ApiOutput<N> extends { readonly [K in (typeof rowsField)[N]]: readonly (infer Row)[] }
    ? Row
    : never
  : never;

interface LoadedRows<Row> {
  readonly rows: readonly Row[];
  /** Key of the page after the last row; null: there is none. */
  readonly next: string | null;
  /** How many rows match; null when it was not counted. */
  readonly total: number | null;
}

export interface Pages<Row> extends LoadedRows<Row> {
  /** Why the last question failed; null when it did not. */
  readonly error: ApiError | null;
  /** Whether there is nothing to show yet. */
  readonly isLoading: boolean;
  /** Whether the rows are of the filter before, while those of the new one are looked for. */
  readonly isPrevious: boolean;
  readonly hasMore: boolean;
  /** Loads the next page; does nothing while one is being loaded. */
  readonly loadMore: () => void;
  readonly refetch: () => void;
}

/** How many rows one page adds. */
const pageRows = 200;
/** The most rows the contract gives at once. */
const largestPage = 1_000;

/** Rows of a list, page after page by key; asked again as far as they are loaded, when rows of their kind change. */
export function usePages<N extends PagedName>(
  name: N,
  input: Omit<ApiInput<N>, 'limit' | 'after'>,
  options: { readonly enabled?: boolean } = {},
): Pages<RowOf<N>> {
  const { link } = useConnection();
  const queryClient = useQueryClient();
  const queryKey: QueryKey = [name, input, 'pages'];
  const isLoadingMore = useRef(false);
  const query = useQuery<LoadedRows<RowOf<N>>>({
    queryKey,
    queryFn: () => {
      const loaded = queryClient.getQueryData<LoadedRows<RowOf<N>>>(queryKey);
      return loadRows(link, name, input, { wanted: Math.max(pageRows, loaded?.rows.length ?? 0), after: null });
    },
    enabled: options.enabled ?? true,
    placeholderData: keepPreviousData,
  });
  const { data } = query;
  const next = data?.next ?? null;

  async function loadMore(after: string): Promise<void> {
    isLoadingMore.current = true;
    try {
      const more = await loadRows(link, name, input, { wanted: pageRows, after });
      queryClient.setQueryData<LoadedRows<RowOf<N>>>(queryKey, (before) =>
        // The list may have been asked anew meanwhile, and end elsewhere.
        before === undefined || before.next !== after
          ? before
          : { rows: [...before.rows, ...more.rows], next: more.next, total: before.total },
      );
    } catch {
      // The rows that are there stay; reaching the end again asks again.
    } finally {
      isLoadingMore.current = false;
    }
  }

  return {
    rows: data?.rows ?? [],
    next,
    total: data?.total ?? null,
    error: errorOf(query.error),
    isLoading: query.isLoading,
    isPrevious: query.isPlaceholderData,
    hasMore: next !== null,
    loadMore: () => {
      if (next !== null && !isLoadingMore.current && !query.isPlaceholderData) void loadMore(next);
    },
    refetch: () => void query.refetch(),
  };
}

/** Asks for as many pages as it takes to have `wanted` rows. Throws an ApiFailure. */
async function loadRows<N extends PagedName>(
  link: Link,
  name: N,
  input: Omit<ApiInput<N>, 'limit' | 'after'>,
  { wanted, after }: { readonly wanted: number; readonly after: string | null },
): Promise<LoadedRows<RowOf<N>>> {
  const rows: RowOf<N>[] = [];
  let next = after;
  let total: number | null = null;
  do {
    const page = {
      ...input,
      limit: Math.min(largestPage, wanted - rows.length),
      ...(next === null ? {} : { after: next }),
    };
    // An entry's input with its page is the entry's input; the compiler cannot see that through the parameter.
    const answer = unwrap(await link.call(name, page as unknown as ApiInput<N>)) as PageAnswer<RowOf<N>>;
    rows.push(...answer[rowsField[name]]);
    next = answer.next;
    total ??= answer.total ?? null;
  } while (next !== null && rows.length < wanted);
  return { rows, next, total };
}

type PageAnswer<Row> = { readonly [K in (typeof rowsField)[PagedName]]: readonly Row[] } & {
  readonly next: string | null;
  readonly total?: number | null;
};
