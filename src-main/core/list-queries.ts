import type { ApiOutput, ApiParsedInput } from '../contract/api.ts';
import type { ApiError } from '../contract/errors.ts';
import { refuse } from '../contract/errors.ts';
import { runIdSchema, taskIdSchema } from '../contract/ids.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import { notFound } from './command-desk.ts';
import { mustRow, mustWorkflow } from './must-row.ts';
import type { Clock, Store } from './ports.ts';

type Answer<N extends 'listRuns' | 'listTasks' | 'listEvents' | 'getOverview' | 'getMetrics' | 'getTraffic'> = Promise<
  Result<ApiOutput<N>, ApiError>
>;

/** The longest page that the main thread reads itself: a millisecond or a few. */
const maxPageHere = 250;

/**
 * Pages of lists, and what is computed from many rows.
 *
 * The rule: the main thread reads a page itself when an index leads to its rows, so that its cost depends on the page
 * alone: the newest rows, of some states, or of one workflow or run. Everything else may have to look at every row (a
 * search, another order, a count, two demands of which an index meets one) and is asked of the store's own thread.
 */
export class ListQueries {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(deps: { readonly store: Store; readonly clock: Clock }) {
    this.#store = deps.store;
    this.#clock = deps.clock;
  }

  async listRuns(query: ApiParsedInput<'listRuns'>): Answer<'listRuns'> {
    const place = checkPlace(query, runIdSchema);
    if (!place.ok) return place;
    const { limit, after, states, workflow, ...others } = query;
    const indexed = limit <= maxPageHere && asksNoMore(others) && (states === undefined || workflow === undefined);
    if (indexed) return ok(this.#store.reads.listRuns({ limit, after, states, workflow }));
    return this.#store.views.listRuns({ ...query, now: this.#clock.now() });
  }

  async listTasks(query: ApiParsedInput<'listTasks'>): Answer<'listTasks'> {
    const place = checkPlace(query, taskIdSchema);
    if (!place.ok) return place;
    const { limit, after, states, runId, ...others } = query;
    const indexed = limit <= maxPageHere && asksNoMore(others) && (states === undefined || runId === undefined);
    if (indexed) return ok(this.#store.reads.listTasks({ limit, after, states, runId }));
    return this.#store.views.listTasks({ ...query, now: this.#clock.now() });
  }

  /** Events of one id, or of none: each of the ids has an index, and of two of them only one is used. */
  async listEvents(query: ApiParsedInput<'listEvents'>): Answer<'listEvents'> {
    const { search, kinds, actors, ...page } = query;
    const ids = [page.runId, page.taskId, page.attemptId, page.agentId].filter((id) => id !== undefined);
    const indexed = search === undefined && kinds === undefined && actors === undefined && ids.length <= 1;
    return indexed ? ok(this.#store.reads.listEvents(page)) : this.#store.views.listEvents(query);
  }

  countDeadLetters(): Promise<Result<ApiOutput<'countDeadLetters'>, ApiError>> {
    return this.#store.views.countDeadLetters({});
  }

  getOverview(query: ApiParsedInput<'getOverview'>): Answer<'getOverview'> {
    return this.#store.views.getOverview({ ...query, now: this.#clock.now() });
  }

  getMetrics(query: ApiParsedInput<'getMetrics'>): Answer<'getMetrics'> {
    return this.#store.views.getMetrics(query);
  }

  getTraffic(query: ApiParsedInput<'getTraffic'>): Answer<'getTraffic'> {
    return this.#store.views.getTraffic(query);
  }

  /** All of one state: nothing is committed while a turn of the main thread reads. */
  getRunWork({ runId }: ApiParsedInput<'getRunWork'>): Result<ApiOutput<'getRunWork'>, ApiError> {
    const { reads } = this.#store;
    const run = reads.row('run', runId);
    if (run === null) return notFound('run', runId);
    const tasks = [...reads.tasksOfRun(runId)];
    const attempts = tasks.flatMap(({ id }) => reads.attemptsOf(id));
    return ok({
      run,
      definition: mustWorkflow(reads, run).definition,
      tasks,
      // Their ids are in the order of their claims.
      attempts: attempts.sort((one, other) => (one.id < other.id ? -1 : 1)),
      approvals: run.stages.flatMap(({ approvalId }) =>
        approvalId === null ? [] : [mustRow(reads, 'approval', approvalId)],
      ),
      lastSeq: reads.lastSeq(),
    });
  }
}

/** Whether there is no further demand, no other order than the newest first, and no count. */
function asksNoMore({ sort, count, ...demands }: { sort?: Sort; count: boolean }): boolean {
  const newestFirst = sort === undefined || (sort.by === 'created' && sort.direction === 'descending');
  return newestFirst && !count && Object.values(demands).every((demand) => demand === undefined);
}

type Sort = { readonly by: string; readonly direction: 'ascending' | 'descending' } | undefined;

/** In the order of creation the next page is named by an id; in other orders by what the store's thread wrote. */
function checkPlace(
  { sort, after }: { readonly sort?: Sort; readonly after?: string | undefined },
  idSchema: typeof runIdSchema | typeof taskIdSchema,
): Result<null, ApiError> {
  const byId = sort === undefined || sort.by === 'created';
  if (after === undefined || !byId || idSchema.safeParse(after).success) return ok(null);
  return refuse(
    'invalidInput',
    'The page cannot be continued: "after" does not come from a page of this list.',
    'Ask for the first page, without "after".',
    { field: 'after' },
  );
}
