import { desktopHost } from '../../api/create-link.ts';
import { useEntry } from '../../api/use-entry.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { KeyValue } from '../../ui/figures.tsx';
import { CopyButton } from '../../ui/identifier.tsx';
import { ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { Panel } from '../../ui/panel.tsx';
import { apiKeyPath, exampleCall } from './local-api.ts';
import classes from './settings.module.css';

/** How programs of the same person call the engine, and where their key is. */
export function LocalApiSection() {
  const { data, error, refetch } = useEntry('getStatus', {});
  if (data === undefined)
    return error === null ? <Skeleton lines={6} /> : <ErrorNotice error={error} onRetry={refetch} />;
  const keyPath = apiKeyPath(data.dataFolder);
  // In a browser the address of this page is the one that programs use.
  const address = desktopHost() === null ? window.location.origin : null;
  return (
    <div className={classes.section}>
      <Panel title="Local API">
        <div className={classes.fields}>
          <p className={classes.note}>
            While <code>signalbox serve</code> runs, programs on this machine can do over HTTP what this window does.
            Other machines cannot reach it.
          </p>
          <KeyValue
            items={[
              ['Address', address ?? 'signalbox serve says it when it starts'],
              [
                'Key',
                <span key="key" className={classes.path}>
                  <code>{keyPath}</code>
                  <CopyButton text={keyPath} label={`Copy ${keyPath}`} />
                </span>,
              ],
              ['Description', address === null ? '/api/openapi.json' : `${address}/api/openapi.json`],
            ]}
          />
          <p className={classes.note}>
            The file holds one key, is made when <code>signalbox serve</code> starts for the first time, and can be read
            by you only. Whoever has the key can do everything that you can do here.
          </p>
          <p className={classes.note}>
            For a new key delete the file, and start <code>signalbox serve</code> again: from then on the old one is
            refused.
          </p>
        </div>
      </Panel>
      <Panel title="Try it">
        <CodeBlock label="A call of the local API" text={exampleCall(keyPath, address ?? 'http://127.0.0.1:PORT')} />
      </Panel>
    </div>
  );
}
