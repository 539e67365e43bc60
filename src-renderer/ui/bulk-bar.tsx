import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatCounted } from '../format/amount.ts';
import classes from './bars.module.css';

export interface BulkBarProps {
  /** How many rows are chosen; the bar is not there when none is. */
  readonly count: number;
  /** What a row is: "run". */
  readonly noun: string;
  /** Buttons for what can be done to them. */
  readonly children: ReactNode;
  readonly onClear: () => void;
}

/** What can be done to the rows that are chosen. */
export function BulkBar({ count, noun, children, onClear }: BulkBarProps) {
  if (count === 0) return null;
  return (
    <section className={classes.bulk} aria-label={`Chosen ${noun}s`}>
      <strong aria-live="polite">{formatCounted(count, noun)} chosen</strong>
      {children}
      <Button variant="subtle" onClick={onClear}>
        Choose none
      </Button>
    </section>
  );
}
