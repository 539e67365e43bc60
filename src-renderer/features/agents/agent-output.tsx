import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import type { AttemptId } from '../../../src-main/contract/ids.ts';
import { EmptyState, Skeleton } from '../../ui/notices.tsx';
import { Panel } from '../../ui/panel.tsx';
import { AttemptLog } from '../logs/attempt-log.tsx';
import classes from './agents.module.css';
import { useLastAttempt } from './use-last-attempt.ts';

/** What an agent prints now, or printed last: when its work ends, that stays until there is something newer. */
export function AgentOutput({ agent }: { readonly agent: AgentView }) {
  const [chosen, setChosen] = useState<AttemptId | null>(null);
  const [last, setLast] = useState<AttemptId | null>(null);
  const newest = agent.live.at(-1)?.attemptId ?? null;
  if (newest !== null && newest !== last) setLast(newest);
  const isChosenLive = agent.live.some(({ attemptId }) => attemptId === chosen);
  const earlier = useLastAttempt(agent.id, newest === null && last === null);
  const shown = isChosenLive ? chosen : (newest ?? last ?? earlier);
  return (
    <Panel title={newest === null && shown != null ? 'Last output' : 'Output'} isFlush>
      {agent.live.length > 1 && (
        <fieldset className={classes.chooser} aria-label="Whose output is shown">
          {agent.live.map(({ attemptId, title }) => (
            <Button
              key={attemptId}
              size="compact-xs"
              variant={attemptId === shown ? 'light' : 'subtle'}
              aria-pressed={attemptId === shown}
              onClick={() => setChosen(attemptId)}
            >
              {title}
            </Button>
          ))}
        </fieldset>
      )}
      {shown === undefined && <Skeleton lines={6} />}
      {shown === null && <EmptyState title="What it prints appears here." hint="It has not done any work yet." />}
      {shown != null && (
        <div className={classes.liveLog}>
          <AttemptLog key={shown} attemptId={shown} />
        </div>
      )}
    </Panel>
  );
}
