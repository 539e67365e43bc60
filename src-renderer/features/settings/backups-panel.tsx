import { Button } from '@mantine/core';
import type { Backup } from '../../../src-main/contract/api-backups.ts';
import { useCommand } from '../../api/use-command.ts';
import { useEntry } from '../../api/use-entry.ts';
import { formatBytes } from '../../format/amount.ts';
import { formatAbsolute } from '../../format/time.ts';
import { CopyButton } from '../../ui/identifier.tsx';
import { ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { notify } from '../../ui/notify.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { restoreCommand } from './restore-command.ts';
import classes from './settings.module.css';

/** Copies are made by the engine without an event; in ms. */
const everyMs = 30_000;

const kindWords: Readonly<Record<Backup['kind'], string>> = {
  rotating: 'by itself',
  asked: 'asked for',
  migration: 'before an update',
};

/** The copies of the database, how to make one, and how to go back to one. */
export function BackupsPanel({ dataFolder }: { readonly dataFolder: string }) {
  const { data, error, refetch } = useEntry('listBackups', {}, { everyMs });
  const { run, isRunning } = useCommand('createBackup');
  const copy = async () => {
    const made = await run({});
    if (!made.ok) return;
    notify('The database was copied and the copy checked', formatBytes(made.value.bytes));
    refetch();
  };
  return (
    <Panel
      title="Copies of the database"
      actions={
        <Button variant="default" size="compact-xs" loading={isRunning} onClick={() => void copy()}>
          Copy now
        </Button>
      }
    >
      <div className={classes.fields} aria-live="polite">
        {error !== null && <ErrorNotice error={error} onRetry={refetch} />}
        {error === null && data === undefined && <Skeleton lines={3} />}
        {data?.backups.length === 0 && (
          <p className={classes.note}>There is no copy yet. One is made by itself while work changes something.</p>
        )}
        {data !== undefined && data.backups.length > 0 && (
          <>
            <CopyTable backups={data.backups} dataFolder={dataFolder} />
            <p className={classes.note}>
              To go back to a copy: end Signalbox, then give its command in a terminal. What was there before is kept
              beside it. Each row has its command to copy.
            </p>
          </>
        )}
      </div>
    </Panel>
  );
}

function CopyTable({ backups, dataFolder }: { readonly backups: readonly Backup[]; readonly dataFolder: string }) {
  return (
    <div className={classes.copies}>
      <table className={classes.licences} aria-label="Copies of the database">
        <thead>
          <tr>
            <th scope="col">Made</th>
            <th scope="col">Size</th>
            <th scope="col">Kind</th>
            <th scope="col">To go back</th>
          </tr>
        </thead>
        <tbody>
          {backups.map(({ path, at, bytes, kind }) => {
            const command = restoreCommand(path, dataFolder);
            return (
              <tr key={path}>
                <td title={formatAbsolute(at)}>
                  <RelativeTime at={at} />
                </td>
                <td>{formatBytes(bytes)}</td>
                <td>{kindWords[kind]}</td>
                <td>
                  <span className={classes.path}>
                    <code>{command}</code>
                    <CopyButton text={command} label="Copy the command" />
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
