import { describe, expect, it } from 'vitest';
import type { Metrics } from '../../../src-main/contract/api-engine.ts';
import { engineEntries } from '../../../src-main/contract/api-engine.ts';
import {
  customRange,
  fieldTime,
  metricRanges,
  rangeUpTo,
} from '../../../src-renderer/features/metrics/metric-ranges.ts';
import { formatEnded, metricSeries } from '../../../src-renderer/features/metrics/metric-series.ts';
import { sortRows } from '../../../src-renderer/features/metrics/sort-rows.ts';

const now = Date.parse('2026-05-04T10:20:30.400Z');

describe('a range up to now', () => {
  it('holds now, is made of whole parts, and is a question that the contract takes', () => {
    for (const range of metricRanges) {
      const asked = rangeUpTo(now, range);
      expect(asked.to).toBeGreaterThan(now);
      expect(asked.to - now).toBeLessThanOrEqual(range.partMs);
      expect(asked.to - asked.from).toBe(range.lengthMs);
      expect(asked.buckets * range.partMs).toBe(range.lengthMs);
      expect(engineEntries.getMetrics.input.safeParse(asked).success).toBe(true);
    }
  });

  it('stays the same question until the next part begins', () => {
    const [range] = metricRanges;
    if (range === undefined) throw new Error('there are no ranges');
    expect(rangeUpTo(now + 100, range)).toEqual(rangeUpTo(now, range));
    expect(rangeUpTo(now + range.partMs, range)).not.toEqual(rangeUpTo(now, range));
  });
});

describe('a range of one’s own', () => {
  it('is read from local times', () => {
    const at = Date.parse('2026-05-04T10:20:00Z');
    expect(customRange(fieldTime(at), fieldTime(at + 60_000)).asked).toEqual({
      from: at,
      to: at + 60_000,
      buckets: 60,
    });
  });

  it('says what is missing or the wrong way round', () => {
    expect(customRange(null, null).fault).toBe('Choose when the range begins.');
    expect(customRange('2026-05-04T10:20', '').fault).toBe('Choose when the range ends.');
    expect(customRange('2026-05-04T10:20', '2026-05-04T10:20').fault).toBe('The range must begin before it ends.');
  });
});

const bucket: Metrics['buckets'][number] = {
  at: 1,
  tasksCompleted: 5,
  tasksFailed: 2,
  runsCompleted: 1,
  runsFailed: 0,
  queueDelayP95Ms: null,
  durationP95Ms: 40,
};

it('what failed stands below the line and is still written as a count', () => {
  const { tasks, delay } = metricSeries([bucket]);
  expect(tasks.map(({ values }) => values)).toEqual([[5], [-2]]);
  expect(delay[0]?.values).toEqual([null]);
  expect(formatEnded(-2)).toBe('2');
  expect(formatEnded(0.5)).toBe('');
});

it('rows are sorted by any value, and what was not measured comes last', () => {
  const rows = [{ at: 2 }, { at: null }, { at: 10 }];
  expect(sortRows(rows, 'ascending', ({ at }) => at)).toEqual([{ at: 2 }, { at: 10 }, { at: null }]);
  expect(sortRows(rows, 'descending', ({ at }) => at)).toEqual([{ at: 10 }, { at: 2 }, { at: null }]);
  expect(sortRows(['b', 'a'], 'ascending', (text) => text)).toEqual(['a', 'b']);
});
