import type { ReactNode } from 'react';
import { formatCompact, formatCount } from '../format/amount.ts';
import classes from './figures.module.css';
import type { Tone } from './state-looks.ts';

export interface ProgressProps {
  /** 0 to 100. */
  readonly percent: number;
  readonly tone: Tone;
  /** What progresses, for screen readers. */
  readonly label: string;
}

/** Progress as a track, lit as far as the train has come; its head moves while it runs. */
export function Progress({ percent, tone, label }: ProgressProps) {
  const width = `${Math.min(100, Math.max(0, percent))}%`;
  return (
    <div
      className={classes.track}
      data-tone={tone}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
    >
      <span className={classes.lit} style={{ width }} />
    </div>
  );
}

export interface CounterProps {
  readonly label: string;
  /** Null: not known yet. */
  readonly value: number | string | null;
  /** Colours the number when it is not zero. */
  readonly tone?: Tone;
  /** Small, below. */
  readonly hint?: ReactNode;
}

/** One number with what it counts. */
export function Counter({ label, value, tone, hint }: CounterProps) {
  const isZero = value === 0 || value === null;
  return (
    <div className={classes.counter} title={typeof value === 'number' ? formatCount(value) : undefined}>
      <span className={classes.value} data-tone={isZero ? undefined : tone}>
        {typeof value === 'number' ? formatCompact(value) : (value ?? '–')}
      </span>
      <span className={classes.label}>{label}</span>
      {hint !== undefined && <span className={classes.hint}>{hint}</span>}
    </div>
  );
}

/** Names with their values; a value of null is left out. */
export function KeyValue({ items }: { readonly items: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={classes.pairs}>
      {items
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value]) => (
          <div key={name} className={classes.pair}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
