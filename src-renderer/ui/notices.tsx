import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ApiError } from '../../src-main/contract/errors.ts';
import classes from './notices.module.css';
import { StateShape } from './state-mark.tsx';

export interface EmptyStateProps {
  /** What will be here: "Runs that you start appear here." */
  readonly title: string;
  /** How it comes to be here; one sentence. */
  readonly hint?: ReactNode;
  /** The one action that fills it. */
  readonly action?: ReactNode;
}

/** What stands where there is nothing yet. */
export function EmptyState({ title, hint, action }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      <StateShape shape="ring" tone="idle" />
      <p className={classes.title}>{title}</p>
      {hint !== undefined && <p className={classes.hint}>{hint}</p>}
      {action}
    </div>
  );
}

export interface ErrorNoticeProps {
  readonly error: ApiError;
  /** Offers to try again. */
  readonly onRetry?: () => void;
}

/** A refusal where its answer would have stood: what happened and why, what to do, and its kind for a report. */
export function ErrorNotice({ error, onRetry }: ErrorNoticeProps) {
  return (
    <div className={classes.error} role="alert">
      <StateShape shape="cross" tone="failed" />
      <div className={classes.words}>
        <p className={classes.title}>{error.message}</p>
        <p className={classes.hint}>{error.remedy}</p>
        <p className={classes.reference}>
          {error.type}
          {error.field !== undefined && ` · ${error.field}`}
        </p>
      </div>
      {onRetry !== undefined && (
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** Grey bars where lines of an answer will be. Say with `lines` how many the final layout has. */
export function Skeleton({ lines = 3, height = 14 }: { readonly lines?: number; readonly height?: number }) {
  return (
    <div className={classes.skeleton} aria-hidden="true">
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike and never move
        <span key={index} className={classes.bone} style={{ height, width: index === lines - 1 ? '60%' : '100%' }} />
      ))}
    </div>
  );
}
