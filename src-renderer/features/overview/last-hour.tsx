import { useMemo } from 'react';
import { Link } from 'wouter';
import type { ApiOutput } from '../../../src-main/contract/api.ts';
import { formatDuration } from '../../format/duration.ts';
import { Chart } from '../../ui/chart.tsx';
import { Counter } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { endedSeries, formatEnded } from '../metrics/metric-series.ts';
import classes from './overview.module.css';

/** Throughput, failures and queue delay of the last hour. */
export function LastHour({ hour }: { readonly hour: ApiOutput<'getOverview'>['lastHour'] }) {
  const { minutes, completed, failed, queueDelay } = hour;
  const { times, series } = useMemo(
    () => ({
      times: minutes.map(({ at }) => at),
      series: endedSeries(
        minutes.map((minute) => minute.completed),
        minutes.map((minute) => minute.failed),
      ),
    }),
    [minutes],
  );
  return (
    <Panel title="Last hour" actions={<Link href="/metrics">Metrics</Link>}>
      <div className={classes.figures}>
        <Counter label="attempts completed" value={completed} tone="completed" />
        <Counter label="attempts failed" value={failed} tone="failed" />
        <Counter label="queue delay, p95" value={formatDuration(queueDelay.p95Ms)} />
      </div>
      {completed + failed === 0 ? (
        <p className={classes.muted}>No attempt ended in the last hour.</p>
      ) : (
        <Chart label="Per minute" times={times} series={series} format={formatEnded} height={110} />
      )}
    </Panel>
  );
}
