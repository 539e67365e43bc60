import { Button } from '@mantine/core';
import { Check } from 'lucide-react';
import { Link } from 'wouter';
import type { ApiOutput } from '../../../src-main/contract/api.ts';
import { formatCount } from '../../format/amount.ts';
import { shortIdentifier } from '../../format/identifier.ts';
import { useShortcut } from '../../ui/keyboard.ts';
import { Panel } from '../../ui/panel.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Duration, RelativeTime } from '../../ui/times.tsx';
import classes from './overview.module.css';
import { endedWords } from './overview-words.ts';
import type { LastLook } from './use-last-look.ts';

export interface FinishedRunsProps {
  readonly overview: ApiOutput<'getOverview'>;
  readonly look: LastLook;
}

/** How many are shown; the view of runs has all. */
const shownRuns = 12;

/** What ended since the person last looked. */
export function FinishedRuns({ overview, look }: FinishedRunsProps) {
  const { finished, finishedTotal } = overview;
  useShortcut('s', 'Mark what finished as seen', look.markSeen, { group: 'Overview', enabled: finishedTotal > 0 });
  return (
    <Panel
      title={look.isFirst ? 'Finished in the last day' : 'Finished since you last looked'}
      isFlush
      actions={
        <>
          {finished.length === finishedTotal && <span>{endedWords(finished)}</span>}
          {finishedTotal > 0 && (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={<Check size={13} aria-hidden="true" />}
              onClick={look.markSeen}
            >
              Mark as seen
            </Button>
          )}
        </>
      }
    >
      {finished.length === 0 ? (
        <p className={classes.quiet}>
          Nothing ended {look.isFirst ? 'in the last day' : 'since you last looked'}. <Link href="/runs">All runs</Link>
        </p>
      ) : (
        <ul className={classes.rows}>
          {finished.slice(0, shownRuns).map(({ id, state, workflow, startedAt, endedAt, failure }) => (
            <li key={id} className={classes.finished}>
              <StateMark of="run" state={state} />
              <span className={classes.name}>
                <Link href={`/runs/${id}`} title={id}>
                  {workflow} <span className={classes.muted}>{shortIdentifier(id)}</span>
                </Link>
              </span>
              <span className={classes.why} title={failure?.message}>
                {failure?.message ?? ''}
              </span>
              <span className={classes.number}>
                <Duration from={startedAt} to={endedAt} />
              </span>
              <span className={classes.when}>{endedAt !== null && <RelativeTime at={endedAt} />}</span>
            </li>
          ))}
          {finishedTotal > shownRuns && (
            <li className={classes.more}>
              <Link href="/runs">{formatCount(finishedTotal - shownRuns)} more in the runs</Link>
            </li>
          )}
        </ul>
      )}
    </Panel>
  );
}
