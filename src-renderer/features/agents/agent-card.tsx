import { Link } from 'wouter';
import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import { KeyValue } from '../../ui/figures.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { AgentControls } from './agent-controls.tsx';
import type { OpenLog } from './agent-facts.tsx';
import { CurrentWork, factsOf, LastFailure } from './agent-facts.tsx';
import classes from './agents.module.css';

/** One agent with everything that is known of it now. */
export function AgentCard({ agent, onLog }: { readonly agent: AgentView; readonly onLog: OpenLog }) {
  const { definition } = agent;
  return (
    <article className={classes.card} aria-label={definition.title} data-state={agent.state}>
      <header className={classes.cardHead}>
        <StateMark of="agent" state={agent.state} />
        <span className={classes.kind}>
          {definition.type} · {definition.protocol}
          {definition.builtin && ' · built in'}
        </span>
      </header>
      <h2 className={classes.cardTitle}>
        <Link href={`/agents/${agent.id}`}>{definition.title}</Link>
      </h2>
      {agent.reason !== null && <p className={classes.reason}>{agent.reason}</p>}
      <CurrentWork agent={agent} onLog={onLog} />
      <div className={classes.facts}>
        <KeyValue items={factsOf(agent)} />
      </div>
      <LastFailure agent={agent} onLog={onLog} />
      <footer className={classes.cardFoot}>
        <AgentControls agent={agent} />
      </footer>
    </article>
  );
}
