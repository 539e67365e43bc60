import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import type { AttemptId } from '../../../src-main/contract/ids.ts';
import { EmptyState } from '../../ui/notices.tsx';
import { Panel } from '../../ui/panel.tsx';
import { AttemptLog } from '../logs/attempt-log.tsx';
import classes from './agents.module.css';

/** What an agent prints now. When its work ends, what it printed stays until there is something newer. */
export function AgentOutput({ agent }: { readonly agent: AgentView }) {
  const [chosen, setChosen] = useState<AttemptId | null>(null);
  const [last, setLast] = useState<AttemptId | null>(null);
  const newest = agent.live.at(-1)?.attemptId ?? null;
  if (newest !== null && newest !== last) setLast(newest);
  const isChosenLive = agent.live.some(({ attemptId }) => attemptId === chosen);
  const shown = isChosenLive ? chosen : (newest ?? last);
  return (
    <Panel title="Output" isFlush>
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
      {shown === null ? (
        <EmptyState title="What it prints appears here." hint="It has no work now." />
      ) : (
        <div className={classes.liveLog}>
          <AttemptLog key={shown} attemptId={shown} />
        </div>
      )}
    </Panel>
  );
}
