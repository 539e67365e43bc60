import { useEntry } from '../../api/use-entry.ts';
import { CopyButton } from '../../ui/identifier.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import { FileProblems } from './file-problems.tsx';
import classes from './settings.module.css';
import type { SavedSettings } from './use-settings.ts';

/** What is to be known about the settings file before something is changed. */
export function FileNotices({ settings: { view } }: { readonly settings: SavedSettings }) {
  if (view === undefined) return null;
  const { problem, path, needsRestart } = view;
  return (
    <div className={classes.notices}>
      {problem !== null && (
        <div className={classes.faulty} role="alert">
          <StateShape shape="cross" tone="failed" />
          <div className={classes.faultyWords}>
            <p className={classes.name}>
              {problem.problems === undefined
                ? problem.message
                : 'The settings file has faults, and is not used as it is.'}
            </p>
            <FileProblems
              label="Faults of the settings file"
              problems={(problem.problems ?? []).map((found) => ({ file: null, problem: found }))}
            />
            <span className={classes.path}>
              <code>{path}</code>
              <CopyButton text={path} label={`Copy ${path}`} />
            </span>
            <p>
              What you see are the values that were good last; they hold. Saving is off, so that nothing that was
              written there is lost. {problem.remedy}
            </p>
          </div>
        </div>
      )}
      {needsRestart && <RestartNotice />}
    </div>
  );
}

function RestartNotice() {
  const { data } = useEntry('getStatus', {});
  return (
    <div className={classes.warning} role="status">
      <StateShape shape="break" tone="waiting" />
      <p>
        Some of these settings hold only after the engine was started again
        {data === undefined ? '' : ` (process ${data.pid})`}. Work that runs then is parked and goes on.
      </p>
    </div>
  );
}
