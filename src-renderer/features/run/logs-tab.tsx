import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { isAttemptEnded } from '../../../src-main/contract/states.ts';
import type { Attempt } from '../../../src-main/contract/task.ts';
import type { RunWork } from '../../api/fold-run-work.ts';
import { formatCounted } from '../../format/amount.ts';
import { EmptyState } from '../../ui/notices.tsx';
import { lookOf } from '../../ui/state-looks.ts';
import { useQueryState } from '../../ui/use-query-state.ts';
import { LogView } from '../logs/log-view.tsx';
import classes from './run.module.css';

/** The most logs that are shown one after the other: each is followed by itself. */
const mostAtOnce = 50;

/** The logs of all attempts in order, or of one; live. */
export function LogsTab({ work }: { readonly work: RunWork }) {
  const [chosen, choose] = useQueryState('attempt');
  const { attempts } = work;
  const one = attempts.find(({ id }) => id === chosen);
  const shown = one === undefined ? attempts.slice(-mostAtOnce) : [one];
  const options = useMemo(() => optionsOf(attempts), [attempts]);
  if (attempts.length === 0) {
    return (
      <EmptyState
        title="What the agents print appears here."
        hint="No attempt has begun yet; its log is shown from its first line on."
      />
    );
  }
  const left = one === undefined ? attempts.length - shown.length : 0;
  return (
    <div className={classes.filled}>
      <div className={classes.bar}>
        <Select
          className={classes.picker}
          aria-label="Attempt"
          data={options}
          value={one?.id ?? 'all'}
          onChange={(value) => choose(value === 'all' ? null : value)}
          allowDeselect={false}
          searchable={attempts.length > 10}
        />
        {left > 0 && (
          <span className={classes.muted}>
            The newest {mostAtOnce}; choose one of the {formatCounted(left, 'earlier attempt')} to see its log.
          </span>
        )}
      </div>
      <LogView
        key={one?.id ?? 'all'}
        sources={shown.map((attempt) => ({
          attemptId: attempt.id,
          title: titleOf(attempt),
          complete: isAttemptEnded(attempt.state),
        }))}
      />
    </div>
  );
}

function optionsOf(attempts: readonly Attempt[]) {
  const all = { value: 'all', label: `All attempts (${attempts.length})` };
  return [
    all,
    ...attempts.map((attempt) => ({
      value: attempt.id,
      label: `${titleOf(attempt)}, ${lookOf('attempt', attempt.state).word.toLowerCase()}`,
    })),
  ];
}

function titleOf({ stage, number, agentId }: Attempt): string {
  return `${stage ?? 'task'}, attempt ${number}, ${agentId}`;
}
