import type { Metrics } from '../../../src-main/contract/api-engine.ts';
import { formatCompact } from '../../format/amount.ts';
import type { ChartSeries } from '../../ui/chart.tsx';
import type { Tone } from '../../ui/state-looks.ts';

type Buckets = Metrics['buckets'];

/** What the charts show, from the parts of a range. */
export interface MetricSeries {
  /** Wall clock, ms, ascending. */
  readonly times: readonly number[];
  readonly tasks: readonly ChartSeries[];
  readonly runs: readonly ChartSeries[];
  readonly delay: readonly ChartSeries[];
  readonly duration: readonly ChartSeries[];
}

/** Makes the series of all charts. What failed stands below the line, so that it never hides what completed. */
export function metricSeries(buckets: Buckets): MetricSeries {
  return {
    times: buckets.map(({ at }) => at),
    tasks: endedSeries(
      buckets.map(({ tasksCompleted }) => tasksCompleted),
      buckets.map(({ tasksFailed }) => tasksFailed),
    ),
    runs: endedSeries(
      buckets.map(({ runsCompleted }) => runsCompleted),
      buckets.map(({ runsFailed }) => runsFailed),
    ),
    delay: [
      bars(
        'p95',
        'waiting',
        buckets.map(({ queueDelayP95Ms }) => queueDelayP95Ms),
      ),
    ],
    duration: [
      bars(
        'p95',
        'running',
        buckets.map(({ durationP95Ms }) => durationP95Ms),
      ),
    ],
  };
}

/** What completed as bars above the line, and what failed below it. */
export function endedSeries(completed: readonly number[], failed: readonly number[]): readonly ChartSeries[] {
  return [
    bars('completed', 'completed', completed),
    bars(
      'failed',
      'failed',
      failed.map((count) => -count),
    ),
  ];
}

/** How counts of {@link endedSeries} are written: below the line they are counts, too. */
export function formatEnded(count: number): string {
  return Number.isInteger(count) ? formatCompact(Math.abs(count)) : '';
}

// Bars also show a part that has no neighbours, which a line would leave out.
function bars(label: string, tone: Tone, values: readonly (number | null)[]): ChartSeries {
  return { label, tone, kind: 'bars', values };
}
