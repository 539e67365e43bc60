import type { Metrics, Quantiles } from '../../../src-main/contract/api-engine.ts';
import { formatCount } from '../../format/amount.ts';
import { formatDuration } from '../../format/duration.ts';
import { Panel } from '../../ui/panel.tsx';
import classes from './metrics.module.css';

const measured: readonly {
  readonly field: 'queueDelay' | 'taskDuration' | 'runDuration' | 'waitingForPerson';
  readonly title: string;
  readonly hint: string;
}[] = [
  { field: 'queueDelay', title: 'Waiting in the queue', hint: 'From when a task could be claimed to its claim' },
  { field: 'taskDuration', title: 'Working on a task', hint: 'From claim to end of an attempt' },
  { field: 'runDuration', title: 'Run', hint: 'From start to end of a run' },
  { field: 'waitingForPerson', title: 'Waiting for a person', hint: 'From question to answer of an approval' },
];

/** Lengths of time of the whole range: half of them are shorter than p50, 95 and 99 of a hundred than p95 and p99. */
export function QuantileTable({ metrics }: { readonly metrics: Metrics }) {
  return (
    <Panel title="Times" isFlush>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={classes.scroll} aria-label="Times" tabIndex={0}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">From when to when</th>
              {['Count', 'Mean', 'p50', 'p95', 'p99'].map((title) => (
                <th key={title} scope="col" data-number>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {measured.map(({ field, title, hint }) => (
              <QuantileRow key={field} title={title} hint={hint} quantiles={metrics[field]} />
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}

interface QuantileRowProps {
  readonly title: string;
  readonly hint: string;
  readonly quantiles: Quantiles;
}

function QuantileRow({ title, hint, quantiles }: QuantileRowProps) {
  const { count, meanMs, p50Ms, p95Ms, p99Ms } = quantiles;
  return (
    <tr>
      <th scope="row" title={hint}>
        {title}
      </th>
      <td>{formatCount(count)}</td>
      <td>{formatDuration(meanMs)}</td>
      <td>{formatDuration(p50Ms)}</td>
      <td>{formatDuration(p95Ms)}</td>
      <td>{formatDuration(p99Ms)}</td>
    </tr>
  );
}
