import { Button } from '@mantine/core';
import { useConnectionStore } from '../stores/connection-store.ts';
import { StateShape } from '../ui/state-mark.tsx';
import { RelativeTime } from '../ui/times.tsx';
import classes from './banners.module.css';
import { useFreezeStore } from './freeze-store.ts';
import type { EngineStatus } from './use-status.ts';

/** What everybody has to know at once: the connection is lost, or everything is frozen. */
export function Banners({ status }: { readonly status: EngineStatus | undefined }) {
  return (
    <>
      <LostBanner />
      {status?.frozen != null && (
        <div className={classes.banner} data-tone="waiting" role="status">
          <StateShape shape="bars" tone="waiting" />
          <p>
            <strong>Everything is frozen</strong>, <RelativeTime at={status.frozen.at} />: {status.frozen.reason}
          </p>
          <Button variant="default" onClick={() => useFreezeStore.setState({ asks: 'thaw' })}>
            Thaw
          </Button>
        </div>
      )}
    </>
  );
}

function LostBanner() {
  const { state, since, reason } = useConnectionStore();
  if (state !== 'lost') return null;
  return (
    <div className={classes.banner} data-tone="failed" role="alert">
      <StateShape shape="cross" tone="failed" />
      <p>
        <strong>Not connected to the engine</strong>, <RelativeTime at={since} />. {reason} What you see is how it was
        then. Trying again every second.
      </p>
    </div>
  );
}
