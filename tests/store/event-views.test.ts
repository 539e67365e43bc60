import { expect, test } from 'vitest';
import { Statements } from '../../src-main/store/connection.ts';
import type { SearchBounds } from '../../src-main/store/views/event-views.ts';
import { viewEvents } from '../../src-main/store/views/event-views.ts';
import { connectTo, openTestStore } from './open-test-store.ts';

const bounds: SearchBounds = { chunk: 4, limitMs: 10, monotonic: () => 0 };

/** Thirty events, every third of which is about a needle. */
async function openHay() {
  const { store, file } = await openTestStore();
  await store.write((unit) => {
    for (let number = 1; number <= 30; number += 1) {
      const reason = number % 3 === 0 ? `a Needle, ${number}` : 'hay';
      unit.record([
        { at: number, actor: 'person', kind: number % 2 === 0 ? 'engine.thawed' : 'engine.frozen', reason },
      ]);
    }
    return null;
  });
  return new Statements(connectTo(file, { readonly: true }));
}

type Query = Parameters<typeof viewEvents>[1];

function seqsOf(statements: Statements, query: Partial<Query>, within = bounds): readonly number[] {
  const found = viewEvents(statements, { afterSeq: 0, order: 'newest', limit: 100, ...query }, within);
  if (!found.ok) throw new Error(found.error.message);
  expect(found.value.lastSeq).toBe(30);
  return found.value.events.map(({ seq }) => seq);
}

test.each<[string, Partial<Query>, readonly number[]]>([
  ['all, newest first', {}, [30, 27, 24, 21, 18, 15, 12, 9, 6, 3]],
  ['all, oldest first', { order: 'oldest' }, [3, 6, 9, 12, 15, 18, 21, 24, 27, 30]],
  ['the first page', { limit: 3 }, [30, 27, 24]],
  ['the next page', { limit: 3, beforeSeq: 24 }, [21, 18, 15]],
  ['the first page from the beginning', { order: 'oldest', limit: 2 }, [3, 6]],
  ['the next page from the beginning', { order: 'oldest', limit: 2, afterSeq: 6 }, [9, 12]],
  ['what lies between two numbers', { afterSeq: 9, beforeSeq: 16 }, [15, 12]],
  ['nothing between neighbours', { afterSeq: 9, beforeSeq: 10 }, []],
  ['nothing behind the end', { afterSeq: 30, beforeSeq: 99, order: 'oldest' }, []],
])('a search for text finds %s, piece by piece', async (_title, query, expected) => {
  const statements = await openHay();
  expect(seqsOf(statements, { search: 'needle', ...query })).toEqual(expected);
  expect(seqsOf(statements, { search: 'needle', ...query }, { ...bounds, chunk: 1 })).toEqual(expected);
});

test('a search for text keeps to the other filters', async () => {
  expect(seqsOf(await openHay(), { search: 'needle', kinds: ['engine.frozen'] })).toEqual([27, 21, 15, 9, 3]);
});

test('R75 a search that takes too long is refused with what to do, and keeps the thread no longer', async () => {
  let now = 0;
  const slow: SearchBounds = { ...bounds, monotonic: () => (now += 4) };
  const search = (query: Partial<Query>) =>
    viewEvents(statements, { afterSeq: 0, order: 'newest', limit: 100, search: 'needle', ...query }, slow);
  const statements = await openHay();
  expect(search({})).toMatchObject({
    ok: false,
    error: { type: 'unavailable', remedy: expect.stringContaining('Narrow it down') },
  });
  // One that has its page before that is answered.
  expect(search({ limit: 2 })).toMatchObject({ ok: true });
});
