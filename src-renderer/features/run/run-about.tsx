import { Link } from 'wouter';
import { isAttemptEnded, isRunEnded } from '../../../src-main/contract/states.ts';
import type { RunWork } from '../../api/fold-run-work.ts';
import { useEntry } from '../../api/use-entry.ts';
import { shortIdentifier } from '../../format/identifier.ts';
import { Progress } from '../../ui/figures.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { lookOf } from '../../ui/state-looks.ts';
import { StateMark, StateShape } from '../../ui/state-mark.tsx';
import { Duration, RelativeTime } from '../../ui/times.tsx';
import { useNow } from '../../ui/use-now.ts';
import { runEvidence } from './evidence.ts';
import classes from './run.module.css';
import { requestedWord } from './run-actions.ts';
import { isStuck } from './stuck-words.ts';
import { useAsked } from './use-asked.ts';
import { useSigns } from './use-signs.ts';

/** A run's state with its evidence, how far it is and for how long: one line under its name. */
export function RunAbout({ work }: { readonly work: RunWork }) {
  const { run } = work;
  const word = requestedWord(run);
  return (
    <div className={classes.about}>
      <StateMark
        of="run"
        state={run.state}
        isStuck={work.attempts.some(isStuck)}
        {...(word === null ? {} : { word })}
      />
      <Evidence work={work} />
      <span className={classes.progress}>
        <Progress percent={run.progress} tone={lookOf('run', run.state).tone} label="Progress of the run" />
        <span>{run.progress} %</span>
      </span>
      <span title={run.startedAt === null ? 'Not started yet' : 'From its start'}>
        <Duration from={run.startedAt} to={run.endedAt} />
      </span>
      {run.endedAt !== null && (
        <span>
          ended <RelativeTime at={run.endedAt} />
        </span>
      )}
      {run.priority !== 'normal' && <span>{run.priority} priority</span>}
      <Identifier id={run.id} />
      {run.rerunOf !== null && (
        <Link href={`/runs/${run.rerunOf.runId}`} title={run.rerunOf.runId}>
          reruns {shortIdentifier(run.rerunOf.runId)} from {run.rerunOf.fromStage}
        </Link>
      )}
    </div>
  );
}

/** By what one can see that the state is true; it ticks. */
function Evidence({ work }: { readonly work: RunWork }) {
  const { run, tasks, attempts } = work;
  const isLive = !isRunEnded(run.state);
  const now = useNow(isLive ? 1_000 : null);
  const signs = useSigns(attempts);
  const isQuiet = isLive && attempts.every(({ state }) => isAttemptEnded(state));
  const queued = isQuiet ? tasks.find(({ state }) => state === 'queued' || state === 'blocked') : undefined;
  const { data } = useEntry('getTask', { taskId: queued?.id ?? '' }, { enabled: queued !== undefined });
  const asked = useAsked(run.id).length;
  const waitingBecause = queued === undefined ? null : (data?.waitingBecause ?? null);
  const text = runEvidence(run, { tasks, attempts, signs, waitingBecause, asked }, now);
  return text === '' ? null : <span className={classes.evidence}>{text}</span>;
}

/** Why a run failed, and what to do about it; nothing where it did not. */
export function RunFailure({ work }: { readonly work: RunWork }) {
  const { failure } = work.run;
  if (failure === null) return null;
  return (
    <div className={classes.failure} role="status">
      <StateShape shape="cross" tone="failed" />
      <p>
        <strong>{failure.message}</strong> {failure.remedy}
      </p>
      <span className={classes.category}>{failure.category}</span>
    </div>
  );
}
