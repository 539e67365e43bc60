import { Link } from 'wouter';
import type { Failure } from '../../../src-main/contract/errors.ts';
import type { GateResult } from '../../../src-main/contract/policies.ts';
import type { Attempt, Exit, Task } from '../../../src-main/contract/task.ts';
import { KeyValue } from '../../ui/figures.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { Duration, RelativeTime } from '../../ui/times.tsx';
import { attemptWords } from './evidence.ts';
import classes from './run.module.css';
import { StuckNotice } from './stuck-notice.tsx';
import { isStuck } from './stuck-words.ts';

export interface AttemptCardProps {
  readonly attempt: Attempt;
  readonly tasks: readonly Pick<Task, 'id' | 'spec'>[];
  /** Where its log is shown. */
  readonly logHref: string;
}

/** One attempt: who, when, how it ended and why. */
export function AttemptCard({ attempt, tasks, logHref }: AttemptCardProps) {
  const { agentId, process, claimedAt, endedAt, exit, failure, gates } = attempt;
  return (
    <article className={classes.card} aria-label={`Attempt ${attempt.number}`}>
      <header className={classes.cardHead}>
        <StateMark of="attempt" state={attempt.state} isStuck={isStuck(attempt)} />
        <span className={classes.muted}>{attemptWords(attempt, tasks)}</span>
        <Link href={logHref} className={classes.atEnd}>
          Log
        </Link>
      </header>
      <StuckNotice attempt={attempt} />
      <KeyValue
        items={[
          [
            'Agent',
            <Link key="agent" href={`/agents/${agentId}`}>
              {agentId}
            </Link>,
          ],
          ['Began', <RelativeTime key="began" at={claimedAt} />],
          ['Took', <Duration key="took" from={claimedAt} to={endedAt} />],
          ['PID', process?.pid ?? null],
          ['Ended with', exit === null ? null : exitWords(exit)],
        ]}
      />
      {failure !== null && <FailureWords failure={failure} />}
      <Gates gates={gates} />
    </article>
  );
}

/** How a process ended, in words; null: nothing is known of it. */
function exitWords({ code, signal, stopReason }: Exit): string | null {
  const parts = [
    code === null ? null : `exit code ${code}`,
    signal === null ? null : `signal ${signal}`,
    stopReason === null ? null : `stop reason ${stopReason}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}

/** What failed, and what to do about it. */
export function FailureWords({ failure }: { readonly failure: Failure }) {
  return (
    <div className={classes.trouble}>
      <p>{failure.message}</p>
      {failure.remedy !== undefined && <p className={classes.muted}>{failure.remedy}</p>}
      <p className={classes.category}>
        {failure.category}, {failure.class}
      </p>
    </div>
  );
}

/** What the gates wanted, and what they found. */
export function Gates({ gates }: { readonly gates: readonly GateResult[] }) {
  if (gates.length === 0) return null;
  return (
    <ul className={classes.gates} aria-label="Gates">
      {gates.map(({ name, level, passed, actual, expected, message }) => (
        <li key={name} className={classes.gate} title={message}>
          <StateMark of="stage" state={gateState(passed, level)} isCompact word={gateWord(passed, level)} />
          <span className={classes.gateName}>{name}</span>
          <code className={classes.wrapped}>
            {expected}, found {actual === null ? 'nothing' : String(actual)}
          </code>
        </li>
      ))}
    </ul>
  );
}

function gateState(passed: boolean, level: GateResult['level']) {
  if (passed) return 'completed';
  return level === 'warning' ? 'waiting' : 'failed';
}

function gateWord(passed: boolean, level: GateResult['level']): string {
  if (passed) return 'Passed';
  return level === 'warning' ? 'Warned' : 'Did not pass';
}
