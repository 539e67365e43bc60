import { describe, expect, it } from 'vitest';
import { exportLink, readRunsQuery, toListInput, writeSort } from '../../../src-renderer/features/runs/runs-query.ts';

const now = new Date(2026, 2, 5, 14, 33, 20).getTime();
const hourMs = 3_600_000;

describe('the query of the list of runs', () => {
  it('means all runs when it is empty, newest first', () => {
    expect(toListInput(readRunsQuery('', now))).toEqual({});
  });

  it('reads what the frame links to: failed today', () => {
    expect(readRunsQuery('state=failed&ended=today', now).filter).toEqual({
      states: ['failed'],
      endedAfter: new Date(2026, 2, 5).getTime(),
    });
  });

  it('reads every kind of filter', () => {
    const search = 'state=running,waiting&workflow=app&agent=claude&priority=high&q=+report+';
    expect(readRunsQuery(search, now).filter).toEqual({
      states: ['running', 'waiting'],
      workflow: 'app',
      agentId: 'claude',
      priorities: ['high'],
      search: 'report',
    });
  });

  it.each([
    ['day', 24],
    ['week', 7 * 24],
    ['month', 30 * 24],
  ])('counts the range %s back from now, in steps, so that it is not asked anew at every look', (since, hours) => {
    const after = readRunsQuery(`since=${since}`, now).filter.createdAfter ?? 0;
    expect(now - after).toBeGreaterThanOrEqual(hours * hourMs);
    expect(now - after).toBeLessThan(hours * hourMs + 600_000);
    expect(readRunsQuery(`since=${since}`, now + 20_000).filter.createdAfter).toBe(after);
  });

  it('takes both dates of a range as whole days of this machine', () => {
    expect(readRunsQuery('since=2026-03-01&until=2026-03-02', now).filter).toEqual({
      createdAfter: new Date(2026, 2, 1).getTime(),
      createdBefore: new Date(2026, 2, 3).getTime(),
    });
  });

  it('leaves out what it does not know, so that an old link still opens', () => {
    expect(readRunsQuery('state=melted&since=soon&until=2026-99-99&sort=-colour&priority=', now)).toEqual({
      filter: {},
      sort: null,
    });
  });

  it.each([
    { by: 'duration', direction: 'descending' },
    { by: 'created', direction: 'ascending' },
  ] as const)('keeps the order $by, $direction in the address', (sort) => {
    const query = readRunsQuery(`sort=${writeSort(sort)}`, now);
    expect(query.sort).toEqual(sort);
    expect(toListInput(query)).toEqual({ sort });
  });

  it('exports what it shows', () => {
    const link = exportLink(readRunsQuery('state=failed&q=a%26b', now));
    const filter = new URL(link, 'http://localhost').searchParams.get('filter') ?? '';
    expect(JSON.parse(filter)).toEqual({ states: ['failed'], search: 'a&b' });
  });
});
