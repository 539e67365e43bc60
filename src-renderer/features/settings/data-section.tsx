import { useEntry } from '../../api/use-entry.ts';
import { formatBytes } from '../../format/amount.ts';
import { KeyValue } from '../../ui/figures.tsx';
import { CopyButton } from '../../ui/identifier.tsx';
import { ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { Panel } from '../../ui/panel.tsx';
import classes from './settings.module.css';

/** Where everything is kept. */
export function DataSection({ settingsPath }: { readonly settingsPath: string | null }) {
  const { data, error, refetch } = useEntry('getStatus', {});
  if (error !== null && data === undefined) return <ErrorNotice error={error} onRetry={refetch} />;
  if (data === undefined) return <Skeleton lines={6} />;
  const { dataFolder, database } = data;
  return (
    <div className={classes.section}>
      <Panel title="Data folder">
        <div className={classes.fields}>
          <KeyValue
            items={[
              ['Folder', <Path key="folder" path={dataFolder} />],
              ['Database', <Path key="database" path={database.path} />],
              ['Its size', `${formatBytes(database.bytes)}, and ${formatBytes(database.walBytes)} not yet merged`],
              ['Settings', settingsPath === null ? null : <Path key="settings" path={settingsPath} />],
            ]}
          />
          <p className={classes.note}>
            Everything that Signalbox keeps is in this folder: the database, one log file for each attempt, your
            workflows and these settings. It never leaves this machine. To move or to copy it, stop the engine first.
          </p>
        </div>
      </Panel>
    </div>
  );
}

function Path({ path }: { readonly path: string }) {
  return (
    <span className={classes.path}>
      <code>{path}</code>
      <CopyButton text={path} label={`Copy ${path}`} />
    </span>
  );
}
