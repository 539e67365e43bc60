import type { Metrics } from '../../../src-main/contract/api-engine.ts';
import { formatCount, formatShare } from '../../format/amount.ts';
import { Progress } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { categoryWords } from '../queue/category-words.ts';
import classes from './metrics.module.css';

/** What attempts failed of, most frequent first. */
export function CausesPanel({ causes }: { readonly causes: Metrics['causes'] }) {
  const all = causes.reduce((sum, { count }) => sum + count, 0);
  return (
    <Panel title="Causes of failures">
      {causes.length === 0 ? (
        <p className={classes.muted}>No attempt failed in this range.</p>
      ) : (
        <ul className={classes.causes}>
          {causes.map(({ category, count }) => (
            <li key={category}>
              <span>{categoryWords[category]}</span>
              <Progress percent={(100 * count) / all} tone="failed" label={`Share of: ${categoryWords[category]}`} />
              <span className={classes.number}>{formatCount(count)}</span>
              <span className={classes.number}>{formatShare(count / all)}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
