import { Link } from 'wouter';
import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { projectName } from '../workflows/workflow-address.ts';
import { AgentBreakers } from './agent-breakers.tsx';
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
        <span className={classes.kind} title={definition.project}>
          {definition.type} · {definition.protocol}
          {definition.builtin && ' · built in'}
          {definition.project !== undefined && ` · project ${projectName(definition.project)}`}
        </span>
      </header>
      <h2 className={classes.cardTitle}>
        <Link href={`/agents/${agent.id}`}>{definition.title}</Link>
      </h2>
      {agent.reason !== null && <p className={classes.reason}>{agent.reason}</p>}
      <AgentBreakers agent={agent} />
      <CurrentWork agent={agent} onLog={onLog} />
      <dl className={classes.facts}>
        {factsOf(agent).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <LastFailure agent={agent} onLog={onLog} />
      <footer className={classes.cardFoot}>
        <AgentControls agent={agent} />
      </footer>
    </article>
  );
}
