import type { LinkState } from '../api/link.ts';
import { formatBytes } from '../format/amount.ts';
import { useConnectionStore } from '../stores/connection-store.ts';
import type { Look } from '../ui/state-looks.ts';
import { StateShape } from '../ui/state-mark.tsx';
import classes from './bottom-strip.module.css';
import type { EngineStatus } from './use-status.ts';

const looks: Readonly<Record<LinkState, Look>> = {
  connecting: { tone: 'idle', shape: 'dots', word: 'Connecting' },
  connected: { tone: 'completed', shape: 'check', word: 'Connected' },
  lost: { tone: 'failed', shape: 'cross', word: 'Connection lost' },
  expired: { tone: 'failed', shape: 'cross', word: 'Pass expired' },
};

/** Where the window's facts come from. */
export function BottomStrip({ status }: { readonly status: EngineStatus | undefined }) {
  const { state } = useConnectionStore();
  const look = looks[state];
  return (
    <footer className={classes.strip}>
      <span className={classes.connection} data-connection={state}>
        <StateShape shape={look.shape} tone={look.tone} />
        {look.word}
      </span>
      {status !== undefined && (
        <>
          <span title={status.database.path}>
            Database {formatBytes(status.database.bytes + status.database.walBytes)}
          </span>
          <span className={classes.folder} title={status.dataFolder}>
            {status.dataFolder}
          </span>
          <span className={classes.version}>Signalbox {status.version}</span>
        </>
      )}
    </footer>
  );
}
