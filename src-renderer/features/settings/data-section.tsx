import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ApiOutput } from '../../../src-main/contract/api.ts';
import { useEntry } from '../../api/use-entry.ts';
import { formatBytes, formatCount } from '../../format/amount.ts';
import { KeyValue } from '../../ui/figures.tsx';
import { CopyButton } from '../../ui/identifier.tsx';
import { ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { Panel } from '../../ui/panel.tsx';
import { BackupsPanel } from './backups-panel.tsx';
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
      <BackupsPanel dataFolder={dataFolder} />
      <FolderSize />
    </div>
  );
}

/** What everything in the folder takes. It is looked up only when somebody asks: there may be a great many files. */
function FolderSize() {
  const [isAsked, setIsAsked] = useState(false);
  const { data, error, isFetching, refetch } = useEntry('measureDataFolder', {}, { enabled: isAsked });
  const measure = () => (isAsked ? refetch() : setIsAsked(true));
  return (
    <Panel
      title="Size"
      actions={
        <Button variant="default" size="compact-xs" loading={isFetching} onClick={measure}>
          {data === undefined ? 'Measure' : 'Measure again'}
        </Button>
      }
    >
      <div className={classes.fields} aria-live="polite">
        {error !== null && <ErrorNotice error={error} onRetry={refetch} />}
        {data === undefined && error === null && (
          <p className={classes.note}>
            {isFetching ? 'Looking at every file of the folder…' : 'Nobody has measured the folder yet.'}
          </p>
        )}
        {data !== undefined && <Measured measured={data} />}
      </div>
    </Panel>
  );
}

function Measured({ measured }: { readonly measured: ApiOutput<'measureDataFolder'> }) {
  const { bytes, entries, isComplete } = measured;
  const { database, logs, workspaces, other } = bytes;
  const atLeast = isComplete ? '' : 'More than ';
  return (
    <>
      <KeyValue
        items={[
          ['In all', `${atLeast}${formatBytes(database + logs + workspaces + other)}`],
          ['Database', formatBytes(database)],
          ['Logs', formatBytes(logs)],
          ['Workspaces', formatBytes(workspaces)],
          ['Everything else', formatBytes(other)],
        ]}
      />
      {!isComplete && (
        <p className={classes.note}>
          There are more than {formatCount(entries)} files. The rest was not looked at, so each part may be larger.
        </p>
      )}
    </>
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
