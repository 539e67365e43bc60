import type { ReactNode } from 'react';
import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import { ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { AgentCard } from './agent-card.tsx';
import type { OpenLog } from './agent-facts.tsx';
import classes from './agents.module.css';

export interface AgentCardsProps {
  readonly agents: readonly AgentView[];
  readonly isLoading: boolean;
  readonly error: ApiError | null;
  readonly onRetry: () => void;
  readonly empty: ReactNode;
  readonly onLog: OpenLog;
}

/** All agents as cards. Agents are few: all of them are drawn. */
export function AgentCards({ agents, isLoading, error, onRetry, empty, onLog }: AgentCardsProps) {
  if (isLoading) return <LoadingCards />;
  if (error !== null && agents.length === 0) return <ErrorNotice error={error} onRetry={onRetry} />;
  if (agents.length === 0) return empty;
  return (
    <div className={classes.cards}>
      {agents.map((agent) => (
        <AgentCard key={agent.id} agent={agent} onLog={onLog} />
      ))}
    </div>
  );
}

function LoadingCards() {
  return (
    <div className={classes.cards} aria-busy="true">
      {['a', 'b', 'c', 'd', 'e', 'f'].map((card) => (
        <div key={card} className={classes.card}>
          <Skeleton lines={9} />
        </div>
      ))}
    </div>
  );
}
