import { Button, CloseButton } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import type { ApiInput } from '../../../src-main/contract/api.ts';
import type { RunFilter } from '../../../src-main/contract/api-runs.ts';
import { useCommand } from '../../api/use-command.ts';
import { formatCounted } from '../../format/amount.ts';
import { shortIdentifier } from '../../format/identifier.ts';
import { BulkBar } from '../../ui/bulk-bar.tsx';
import { ConfirmWithReason } from '../../ui/confirm-with-reason.tsx';
import type { ChangedRuns, RunChange } from './run-changes.ts';
import { changeWords, describeChange, inParts, largestChange, mergeChanges } from './run-changes.ts';
import classes from './runs.module.css';

const changes = Object.keys(changeWords) as readonly RunChange[];

export interface BulkChangesProps {
  readonly keys: ReadonlySet<string>;
  /** What the list is filtered by, for all that match it. */
  readonly filter: RunFilter;
  /** How many match; null: not known. */
  readonly total: number | null;
  /** Whether every row that is loaded is chosen, so that all that match may be meant. */
  readonly hasAllLoaded: boolean;
  readonly onClear: () => void;
}

/** What can be done to the runs that are chosen, or to all that match the filter; and what came of it. */
export function BulkChanges({ keys, filter, total, hasAllLoaded, onClear }: BulkChangesProps) {
  const [meansAll, setMeansAll] = useState(false);
  const [asked, setAsked] = useState<RunChange | null>(null);
  const [result, setResult] = useState<{ readonly change: RunChange; readonly answer: ChangedRuns } | null>(null);
  const canMeanAll = hasAllLoaded && total !== null && total > keys.size;
  const isAll = meansAll && canMeanAll;
  const count = isAll ? total : keys.size;
  const give = useChange();

  async function confirm(change: RunChange, reason: string): Promise<boolean> {
    const answer = await give(isAll ? { filter } : { runIds: [...keys] }, change, reason);
    if (answer === null) return false;
    setResult({ change, answer });
    setMeansAll(false);
    onClear();
    return true;
  }

  return (
    <>
      {result !== null && <Result {...result} onClose={() => setResult(null)} />}
      <BulkBar count={count} noun="run" onClear={onClear}>
        {canMeanAll && !isAll && (
          <Button variant="subtle" onClick={() => setMeansAll(true)}>
            Choose all {formatCounted(total, 'run')} that match
          </Button>
        )}
        {changes.map((change) => (
          <Button
            key={change}
            variant="default"
            {...(isDangerous(change) ? { color: 'red', variant: 'outline' } : {})}
            onClick={() => setAsked(change)}
          >
            {changeWords[change].verb}
          </Button>
        ))}
      </BulkBar>
      {asked !== null && (
        <ConfirmWithReason
          isOpen
          title={`${changeWords[asked].verb} ${formatCounted(count, 'run')}?`}
          consequence={changeWords[asked].consequence}
          action={`${changeWords[asked].verb} ${formatCounted(count, 'run')}`}
          isDangerous={isDangerous(asked)}
          suggestedReason={changeWords[asked].reason}
          onConfirm={(reason) => confirm(asked, reason)}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

function isDangerous(change: RunChange): boolean {
  return change === 'cancel' || change === 'delete';
}

type Selected = { readonly runIds: string[] } | { readonly filter: RunFilter };

/** Asks for a change, in as many parts as the contract wants. Resolves to null when it was refused as a whole. */
function useChange(): (select: Selected, action: RunChange, reason: string) => Promise<ChangedRuns | null> {
  const { run } = useCommand('changeRuns');
  return async (select, action, reason) => {
    const parts: ApiInput<'changeRuns'>['select'][] =
      'filter' in select ? [select] : inParts(select.runIds, largestChange).map((runIds) => ({ runIds }));
    const answers: ChangedRuns[] = [];
    for (const part of parts) {
      const answer = await run({ select: part, action, reason });
      if (!answer.ok) return answers.length === 0 ? null : mergeChanges(answers);
      answers.push(answer.value);
    }
    return mergeChanges(answers);
  };
}

interface ResultProps {
  readonly change: RunChange;
  readonly answer: ChangedRuns;
  readonly onClose: () => void;
}

/** What came of a change: a sentence, and each refusal with its reason. */
function Result({ change, answer, onClose }: ResultProps) {
  const hidden = answer.refused - answer.refusals.length;
  return (
    <section className={classes.result} aria-label="What came of it" aria-live="polite">
      <div className={classes.resultHead}>
        <strong>{describeChange(change, answer)}</strong>
        <CloseButton aria-label="Close" onClick={onClose} />
      </div>
      {answer.refusals.length > 0 && (
        <ul className={classes.refusals}>
          {answer.refusals.map(({ runId, error }) => (
            <li key={runId} className={classes.refusal}>
              <Link href={`/runs/${runId}`} title={runId}>
                {shortIdentifier(runId)}
              </Link>
              <span>
                {error.message} {error.remedy}
              </span>
            </li>
          ))}
          {hidden > 0 && <li className={classes.muted}>and {formatCounted(hidden, 'more', 'more')}</li>}
        </ul>
      )}
    </section>
  );
}
