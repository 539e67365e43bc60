import type { Problem } from '../../../src-main/contract/errors.ts';
import { StateShape } from '../../ui/state-mark.tsx';
import classes from './workflows.module.css';

/** The findings of a text, each of which leads to its place. */
export function ProblemList({
  problems,
  onOpen,
}: {
  readonly problems: readonly Problem[];
  readonly onOpen: (problem: Problem) => void;
}) {
  if (problems.length === 0) return null;
  return (
    <ul className={classes.problems} aria-label="Problems">
      {problems.map((problem) => (
        <li key={`${problem.line} ${problem.column} ${problem.message}`}>
          <button type="button" className={classes.problem} onClick={() => onOpen(problem)}>
            <StateShape
              shape={problem.severity === 'error' ? 'cross' : 'diamond'}
              tone={problem.severity === 'error' ? 'failed' : 'waiting'}
            />
            <span className={classes.place}>
              {problem.severity} {problem.line}:{problem.column}
            </span>
            <span>{problem.message}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
