import type { Problem } from '../../../src-main/contract/errors.ts';
import { StateShape } from '../../ui/state-mark.tsx';
import classes from './settings.module.css';

/** A fault and the file it is in; null: the file is named above. */
export interface PlacedProblem {
  readonly file: string | null;
  readonly problem: Problem;
}

/** Faults of files, each with where it is. */
export function FileProblems({
  label,
  problems,
}: {
  readonly label: string;
  readonly problems: readonly PlacedProblem[];
}) {
  if (problems.length === 0) return null;
  return (
    <ul className={classes.problems} aria-label={label}>
      {problems.map(({ file, problem: { severity, line, column, path, message } }) => (
        <li key={`${file} ${line} ${column} ${message}`} className={classes.problem}>
          <StateShape
            shape={severity === 'error' ? 'cross' : 'diamond'}
            tone={severity === 'error' ? 'failed' : 'waiting'}
          />
          <span>
            <span className={classes.small}>
              {file !== null && (
                <>
                  <code>{file}</code>,{' '}
                </>
              )}
              line {line}, column {column}
              {path !== '' && !message.startsWith(path) && (
                <>
                  , <code>{path}</code>
                </>
              )}
            </span>
            <br />
            {message}
          </span>
        </li>
      ))}
    </ul>
  );
}
