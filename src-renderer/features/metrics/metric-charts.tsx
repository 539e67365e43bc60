import { useMemo } from 'react';
import type { Metrics } from '../../../src-main/contract/api-engine.ts';
import { formatDuration } from '../../format/duration.ts';
import type { ChartProps } from '../../ui/chart.tsx';
import { Chart } from '../../ui/chart.tsx';
import { Panel } from '../../ui/panel.tsx';
import { formatEnded, metricSeries } from './metric-series.ts';
import classes from './metrics.module.css';

/** What happened over time: throughput of tasks and of runs, waiting in the queue, and work. */
export function MetricCharts({ buckets }: { readonly buckets: Metrics['buckets'] }) {
  const { times, tasks, runs, delay, duration } = useMemo(() => metricSeries(buckets), [buckets]);
  return (
    <div className={classes.charts}>
      <ChartPanel
        label="Attempts that ended"
        none="No attempt ended in this range."
        times={times}
        series={tasks}
        format={formatEnded}
      />
      <ChartPanel
        label="Runs that ended"
        none="No run ended in this range."
        times={times}
        series={runs}
        format={formatEnded}
      />
      <ChartPanel
        label="Waiting in the queue, p95"
        none="No attempt that waited ended in this range."
        times={times}
        series={delay}
        format={formatDuration}
      />
      <ChartPanel
        label="Working on a task, p95"
        none="No attempt ended in this range."
        times={times}
        series={duration}
        format={formatDuration}
      />
    </div>
  );
}

function ChartPanel({ none, ...chart }: ChartProps & { readonly none: string }) {
  const isEmpty = chart.series.every(({ values }) => values.every((value) => value === null || value === 0));
  return (
    <Panel label={chart.label}>
      {isEmpty ? (
        <div className={classes.none}>
          <p>{chart.label}</p>
          <p>{none}</p>
        </div>
      ) : (
        <Chart {...chart} />
      )}
    </Panel>
  );
}
