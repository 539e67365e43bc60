import { expect, it } from 'vitest';
import type { ApiOutput, ApiParsedInput } from '../../src-main/contract/api.ts';
import type { ApiError } from '../../src-main/contract/errors.ts';
import type { Result } from '../../src-main/contract/result.ts';
import type { StoreViews } from '../../src-main/core/ports.ts';
import { fillWithTasks, idOf } from './filled-database.ts';
import { connectTo, openTestStore } from './open-test-store.ts';
import { viewsHere } from './views-here.ts';

type Query = ApiParsedInput<'listTasks'>;
const now = 5_000_000;

function must<T>(result: Result<T, ApiError>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

async function openFilled(count: number) {
  const { store, file } = await openTestStore();
  const connection = connectTo(file);
  fillWithTasks(connection, count);
  connection.close();
  return { store, file };
}

async function openWith(count: number): Promise<StoreViews> {
  return viewsHere((await openFilled(count)).file);
}

async function page(views: StoreViews, query: Partial<Query>): Promise<ApiOutput<'listTasks'>> {
  return must(await views.listTasks({ limit: 10, count: false, now, ...query }));
}

/** All pages of a question; fails when they do not end. */
async function pages(views: StoreViews, query: Partial<Query>) {
  const tasks: ApiOutput<'listTasks'>['tasks'] = [];
  let after: string | undefined;
  for (let turn = 0; turn < 200; turn += 1) {
    const { tasks: rows, next } = await page(views, { ...query, after });
    tasks.push(...rows);
    if (next === null) return tasks;
    after = next;
  }
  throw new Error('the pages do not end');
}

const numbersOf = (tasks: readonly { readonly id: string }[]) => tasks.map(({ id }) => Number(id.slice(-26)));

it('R62 finds tasks by a part of their title, id or failure, whatever the case, and takes wildcards as they stand', async () => {
  const views = await openWith(400);
  const found = async (search: string) => numbersOf(await pages(views, { search }));
  expect(await found('TITLE number 123_')).toEqual([123]);
  expect(await found('number 12_')).toEqual([12]);
  expect(await found('40_%')).toEqual([340, 240, 140, 40]);
  expect(await found('%%')).toEqual([]);
  expect(await found('0000201')).toEqual([201]);
  expect(await found('BROKE AT 3')).toEqual([301]);
  expect(await found("'; DROP TABLE tasks; --")).toEqual([]);
});

it('meets every demand at once, and counts what does', async () => {
  const views = await openWith(400);
  const query = { states: ['dead', 'completed'] as const, priorities: ['high'] as const, search: 'number 1' };
  const { tasks, next, total } = await page(views, {
    ...query,
    states: [...query.states],
    priorities: ['high'],
    count: true,
  });
  const expected = Array.from({ length: 400 }, (_, index) => 400 - index).filter(
    (n) => n % 10 !== 0 && n % 4 === 1 && String(n).startsWith('1'),
  );
  expect([numbersOf(tasks), total]).toEqual([expected.slice(0, 10), expected.length]);
  expect(next).toBe(idOf('task', expected[9] ?? 0));
  expect(numbersOf(await pages(views, { category: 'crash' }))).toEqual([301, 1]);
  expect(await page(views, { count: true, states: ['queued'], limit: 1 })).toMatchObject({ total: 40 });
  expect(await page(views, { count: true, limit: 1 })).toMatchObject({ total: 400 });
  expect(await page(views, { states: [] })).toEqual({ tasks: [], next: null, total: null });
});

const sorts = [
  ['created', (n: number) => n],
  ['priority', (n: number) => -(n % 4)],
  ['started', (n: number) => (n % 10 === 0 ? null : n + 10)],
  ['ended', (n: number) => (n % 10 === 0 ? null : n + 10 + (n % 13))],
  ['duration', (n: number) => (n % 10 === 0 ? null : n % 13)],
  ['attempts', (n: number) => n % 7],
  ['title', (n: number) => `Title number ${n}_%`],
] as const;

it.each(sorts)(
  'R62 sorts by %s in both directions, over pages, each task once, those without a value last',
  async (by, valueOfTask) => {
    const views = await openWith(90);
    for (const direction of ['ascending', 'descending'] as const) {
      const sign = direction === 'ascending' ? 1 : -1;
      const compare = (one: number, other: number) => {
        const [a, b] = [valueOfTask(one), valueOfTask(other)];
        if (a === b) return sign * (one - other);
        if (a === null || b === null) return a === null ? 1 : -1;
        return sign * (a < b ? -1 : 1);
      };
      const expected = Array.from({ length: 90 }, (_, index) => index + 1).sort(compare);
      expect(numbersOf(await pages(views, { sort: { by, direction } }))).toEqual(expected);
    }
  },
);

it('R62 lists the queue in the order of claiming: ready tasks of all lanes out of their index, then the others', async () => {
  const views = await openWith(200);
  const sort = { by: 'queue', direction: 'ascending' } as const;
  const ready = Array.from({ length: 20 }, (_, index) => (index + 1) * 10).sort((a, b) => (a % 4) - (b % 4) || a - b);
  const queued = await pages(views, { states: ['queued'], sort, limit: 6 });
  expect(numbersOf(queued)).toEqual(ready);
  const all = numbersOf(await pages(views, { sort, limit: 50 }));
  expect(all.slice(0, 20)).toEqual(ready);
  expect(all).toHaveLength(200);
  const back = numbersOf(await pages(views, { states: ['queued'], sort: { ...sort, direction: 'descending' } }));
  expect(back).toEqual([...ready].reverse());
});

it.each([
  [
    'of another order',
    Buffer.from(JSON.stringify({ sort: 'title ascending', now, last: ['a', 'b'] })).toString('base64url'),
  ],
  [
    'of too few values',
    Buffer.from(JSON.stringify({ sort: 'ended descending', now, last: [1] })).toString('base64url'),
  ],
  ['that is no place', 'task_1'],
])('refuses to go on from a place %s', async (_, after) => {
  const views = await openWith(3);
  const query = { limit: 1, count: false, now, after };
  const refusal = { ok: false, error: { type: 'invalidInput', field: 'after' } };
  expect(await views.listTasks({ ...query, sort: { by: 'ended', direction: 'descending' } })).toMatchObject(refusal);
  const queue = { by: 'queue', direction: 'ascending' } as const;
  expect(await views.listTasks({ ...query, states: ['queued'], sort: queue })).toMatchObject(refusal);
});

it('names the tasks of a filter oldest first, without those that come after it was asked', async () => {
  const views = await openWith(50);
  const first = must(await views.selectTaskIds({ filter: { states: ['queued'] }, after: null, upTo: null, limit: 3 }));
  expect(first).toEqual({ ids: [10, 20, 30].map((n) => idOf('task', n)), upTo: idOf('task', 50) });
  const { ids } = must(
    await views.selectTaskIds({
      filter: { states: ['queued'] },
      after: first.ids[2] ?? '',
      upTo: idOf('task', 40),
      limit: 3,
    }),
  );
  expect(ids).toEqual([idOf('task', 40)]);
});

it('R34 counts dead letters by the category of their failure, most first', async () => {
  const views = await openWith(1_000);
  expect(must(await views.countDeadLetters({}))).toEqual({
    categories: [
      { category: 'exit', count: 6 },
      { category: 'crash', count: 4 },
    ],
  });
});

it('R62 searches 100,000 tasks in a moment, while the main thread goes on', async () => {
  const { views } = (await openFilled(100_000)).store;
  await page(views, { limit: 1, search: 'number' });
  const turns: number[] = [];
  let last = performance.now();
  const watch = setInterval(() => {
    turns.push(performance.now() - last);
    last = performance.now();
  }, 1);
  const started = process.cpuUsage();
  expect((await page(views, { search: 'nothing has this' })).tasks).toEqual([]);
  clearInterval(watch);
  expect(process.cpuUsage(started).user / 1_000).toBeLessThan(1_500);
  expect(turns.length).toBeGreaterThan(1);
});
