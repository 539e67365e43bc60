import { Drawer } from '@mantine/core';
import type { AttemptId } from '../../../src-main/contract/ids.ts';
import { AttemptLog } from '../logs/attempt-log.tsx';
import classes from './agents.module.css';

/** Whose log is open. */
export interface OpenedLog {
  readonly attemptId: AttemptId;
  readonly title: string;
}

/** The log of an attempt beside the agents. */
export function LogDrawer({ log, onClose }: { readonly log: OpenedLog | null; readonly onClose: () => void }) {
  return (
    <Drawer opened={log !== null} onClose={onClose} position="right" size="min(960px, 90vw)" title={log?.title ?? ''}>
      {log !== null && (
        <div className={classes.drawerLog}>
          <AttemptLog attemptId={log.attemptId} />
        </div>
      )}
    </Drawer>
  );
}
