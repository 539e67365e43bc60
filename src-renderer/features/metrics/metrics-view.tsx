import { Link } from 'wouter';
import type { Metrics } from '../../../src-main/contract/api-engine.ts';
import { useEntry } from '../../api/use-entry.ts';
import { formatShare } from '../../format/amount.ts';
import { formatDuration } from '../../format/duration.ts';
import { Counter } from '../../ui/figures.tsx';
import { useShortcut } from '../../ui/keyboard.ts';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { useNow } from '../../ui/use-now.ts';
import { setQuery, useQueryState } from '../../ui/use-query-state.ts';
import { CausesPanel } from './causes-panel.tsx';
import { MetricCharts } from './metric-charts.tsx';
import type { AskedMetrics } from './metric-ranges.ts';
import { customRange, metricRanges, rangeUpTo } from './metric-ranges.ts';
import classes from './metrics.module.css';
import { QuantileTable } from './quantile-table.tsx';
import { RangeBar } from './range-bar.tsx';
import { TimesTable } from './times-table.tsx';

/** How often it is looked whether a new part of the range has begun, in ms. */
const lookEveryMs = 5_000;
/** Stands in while there is nothing to ask. */
const nothingAsked: AskedMetrics = { from: 0, to: 1, buckets: 1 };

/** How fast work goes and how often it fails, computed from the rows of a range of time. */
export function MetricsView() {
  const [rangeId] = useQueryState('range');
  const [from] = useQueryState('from');
  const [to] = useQueryState('to');
  const isCustom = rangeId === 'custom';
  const range = metricRanges.find(({ id }) => id === rangeId) ?? metricRanges[1];
  const now = useNow(isCustom ? null : lookEveryMs);
  const { asked, fault } =
    isCustom || range === undefined ? customRange(from, to) : { asked: rangeUpTo(now, range), fault: null };
  const { data, error, isLoading, isPrevious, refetch } = useEntry('getMetrics', asked ?? nothingAsked, {
    enabled: asked !== null,
    keepPrevious: true,
  });
  useRangeKeys();
  const shown = asked === null ? undefined : data;
  return (
    <Page
      title="Metrics"
      about={shown !== undefined && <Span metrics={shown} isLive={!isCustom} />}
      bar={<RangeBar range={isCustom ? 'custom' : (range?.id ?? 'custom')} from={from} to={to} fault={fault} />}
    >
      {error !== null && <ErrorNotice error={error} onRetry={refetch} />}
      {isLoading && asked !== null && <Skeleton lines={12} height={28} />}
      {shown !== undefined && (
        // Only another range is dimmed; the next part of the same one takes its place unseen.
        <div className={classes.measures} data-previous={(isPrevious && !isSameLength(shown, asked)) || undefined}>
          <Measures metrics={shown} />
        </div>
      )}
    </Page>
  );
}

function isSameLength({ from, to }: Metrics, asked: AskedMetrics | null): boolean {
  return asked !== null && to - from === asked.to - asked.from;
}

function useRangeKeys(): void {
  const choose = (by: number) => {
    const id = new URLSearchParams(window.location.hash.split('?')[1] ?? '').get('range') ?? '1h';
    const at = metricRanges.findIndex((range) => range.id === id);
    const next = metricRanges[Math.min(Math.max(0, at + by), metricRanges.length - 1)];
    if (next !== undefined) setQuery({ range: next.id, from: null, to: null }, false);
  };
  const group = 'Metrics';
  useShortcut('+', 'Longer range', () => choose(1), { group });
  useShortcut('-', 'Shorter range', () => choose(-1), { group });
}

function Span({ metrics, isLive }: { readonly metrics: Metrics; readonly isLive: boolean }) {
  return (
    <span>
      since <RelativeTime at={metrics.from} />, in parts of {formatDuration(metrics.bucketMs)}
      {isLive ? ', live' : ''}
    </span>
  );
}

function Measures({ metrics }: { readonly metrics: Metrics }) {
  const { taskDuration, runDuration, waitingForPerson } = metrics;
  if (taskDuration.count === 0 && runDuration.count === 0 && waitingForPerson.count === 0) {
    return (
      <EmptyState
        title="Nothing ended in this range."
        hint="Attempts, runs and answers count in the part of the range in which they ended. A longer range may have some."
      />
    );
  }
  return (
    <>
      <Figures metrics={metrics} />
      <MetricCharts buckets={metrics.buckets} />
      <div className={classes.pair}>
        <QuantileTable metrics={metrics} />
        <CausesPanel causes={metrics.causes} />
      </div>
      <TimesTable
        title="By stage"
        rows={metrics.byStage}
        names={[
          { title: 'Workflow', keyOf: ({ workflow }) => workflow },
          { title: 'Stage', keyOf: ({ stage }) => stage },
        ]}
      />
      <div className={classes.halves}>
        <TimesTable title="By type" rows={metrics.byType} names={[{ title: 'Type', keyOf: ({ type }) => type }]} />
        <TimesTable
          title="By agent"
          rows={metrics.byAgent}
          names={[
            {
              title: 'Agent',
              keyOf: ({ agentId }) => agentId,
              cell: ({ agentId }) => <Link href={`/agents/${agentId}`}>{agentId}</Link>,
            },
          ]}
        />
      </div>
    </>
  );
}

function Figures({ metrics }: { readonly metrics: Metrics }) {
  const sum = (field: 'tasksCompleted' | 'tasksFailed' | 'runsCompleted' | 'runsFailed') =>
    metrics.buckets.reduce((all, bucket) => all + bucket[field], 0);
  return (
    <Panel label="The range in figures">
      <div className={classes.figures}>
        <Counter label="attempts completed" value={sum('tasksCompleted')} tone="completed" />
        <Counter label="attempts failed" value={sum('tasksFailed')} tone="failed" />
        <Counter label="error rate" value={formatShare(metrics.errorRate)} />
        <Counter label="runs completed" value={sum('runsCompleted')} tone="completed" />
        <Counter label="runs failed" value={sum('runsFailed')} tone="failed" />
        <Counter label="queue delay, p95" value={formatDuration(metrics.queueDelay.p95Ms)} />
        <Counter label="task, p95" value={formatDuration(metrics.taskDuration.p95Ms)} />
        <Counter label="run, p95" value={formatDuration(metrics.runDuration.p95Ms)} />
      </div>
    </Panel>
  );
}
