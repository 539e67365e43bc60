import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, describe, expect, it } from 'vitest';
import type { FollowListener, Link } from '../../../src-renderer/api/link.ts';
import { Refresher } from '../../../src-renderer/api/refresher.ts';
import type { ManualTimer } from '../manual-timer.ts';
import { createManualTimer, settle } from '../manual-timer.ts';

const clients: QueryClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.clear();
});

interface Asked {
  readonly name: string;
  count: number;
  answer: () => void;
}

function setUp() {
  const timer: ManualTimer = createManualTimer();
  const queryClient = new QueryClient({ defaultOptions: { queries: { networkMode: 'always', retry: false } } });
  clients.push(queryClient);
  let listener: FollowListener | null = null;
  const link: Link = {
    call: () => Promise.reject(new Error('not used here')),
    follow: (_subscription, follower) => {
      listener = follower;
      return () => {};
    },
    start: () => () => {},
  };
  new Refresher({ link, queryClient, timer }).start();
  function show(name: string): Asked {
    const asked: Asked = { name, count: 0, answer: () => {} };
    const queryFn = () => {
      asked.count += 1;
      return new Promise<number>((resolve) => {
        asked.answer = () => resolve(asked.count);
      });
    };
    new QueryObserver(queryClient, { queryKey: [name, {}], queryFn }).subscribe(() => {});
    return asked;
  }
  const change = (nouns: readonly ('run' | 'agent')[]) =>
    void listener?.deliver({ topic: 'changes', lastSeq: 1, nouns: [...nouns], runIds: null });
  return { timer, show, change };
}

describe('Refresher', () => {
  it('asks again what shows rows of a kind that changed, and nothing else', async () => {
    const { show, change } = setUp();
    const runs = show('listRuns');
    const rules = show('listPermissionRules');
    for (const asked of [runs, rules]) asked.answer();
    await settle();
    change(['run']);
    await settle();
    expect([runs.count, rules.count]).toEqual([2, 1]);
  });

  it('asks the same thing at most four times a second', async () => {
    const { show, change, timer } = setUp();
    const runs = show('listRuns');
    runs.answer();
    await settle();
    for (let time = 0; time < 1_000; time += 50) {
      change(['run']);
      await settle();
      runs.answer();
      await timer.advance(50);
    }
    expect(runs.count - 1).toBeLessThanOrEqual(5);
  });

  it('asks once more when rows changed while it was being answered', async () => {
    const { show, change, timer } = setUp();
    const runs = show('listRuns');
    await settle();
    change(['run']);
    await timer.advance(100);
    expect(runs.count).toBe(1);
    runs.answer();
    await settle();
    await timer.advance(450);
    expect(runs.count).toBe(2);
  });

  it('T10 asks for what is gathered from many rows once a second', async () => {
    const { show, change, timer } = setUp();
    const overview = show('getOverview');
    overview.answer();
    await settle();
    for (let time = 0; time < 3_000; time += 50) {
      change(['run']);
      await settle();
      overview.answer();
      await timer.advance(50);
    }
    expect(overview.count - 1).toBeGreaterThanOrEqual(2);
    expect(overview.count - 1).toBeLessThanOrEqual(3);
  });

  it('T10 lets a slow answer rest four times as long, and never forgets the last change', async () => {
    const { show, change, timer } = setUp();
    const runs = show('listRuns');
    await settle();
    await timer.advance(500);
    runs.answer();
    await settle();
    change(['run']);
    await timer.advance(1_900);
    expect(runs.count).toBe(1);
    await timer.advance(350);
    expect(runs.count).toBe(2);
  });
});
