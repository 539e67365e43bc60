import { Button } from '@mantine/core';
import type { DetectedAgent } from '../../../src-main/contract/api-agents.ts';
import { useEntry } from '../../api/use-entry.ts';
import { FieldGroup } from '../../ui/field-group.tsx';
import { CopyButton } from '../../ui/identifier.tsx';
import { ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import classes from './agents.module.css';

/** Agents that Signalbox knows how to start, those first that are on this machine. */
export function KnownAgents({ onChoose }: { readonly onChoose: (agent: DetectedAgent) => void }) {
  const { data, error, isLoading, refetch } = useEntry('detectAgents', {});
  if (error !== null && data === undefined) return <ErrorNotice error={error} onRetry={refetch} />;
  if (isLoading || data === undefined) return <Skeleton lines={8} height={28} />;
  const found = data.agents.filter(({ path }) => path !== null);
  // What lacks only a part comes first: it is the least work.
  const missing = data.agents
    .filter(({ path }) => path === null)
    .toSorted((a, b) => Number(a.missing === null) - Number(b.missing === null));
  return (
    <div className={classes.column}>
      {found.length > 0 && (
        <FieldGroup label="On this machine">
          <div className={classes.known}>
            {found.map((agent) => (
              <FoundAgent key={agent.definition.id} agent={agent} onChoose={onChoose} />
            ))}
          </div>
        </FieldGroup>
      )}
      <FieldGroup
        label={found.length === 0 ? 'None of the agents that Signalbox knows can be started here' : legendOf(missing)}
      >
        <div className={classes.known}>
          {missing.map((agent) => (
            <MissingAgent key={agent.definition.id} agent={agent} />
          ))}
        </div>
        <div>
          <Button variant="subtle" size="compact-xs" onClick={refetch}>
            Look again
          </Button>
        </div>
      </FieldGroup>
    </div>
  );
}

function legendOf(missing: readonly DetectedAgent[]): string {
  return missing.some((agent) => agent.missing !== null) ? 'Not complete, or not on the PATH' : 'Not on the PATH';
}

interface FoundAgentProps {
  readonly agent: DetectedAgent;
  readonly onChoose: (agent: DetectedAgent) => void;
}

function FoundAgent({ agent, onChoose }: FoundAgentProps) {
  const { title } = agent.definition;
  return (
    <div className={classes.knownRow}>
      <div>
        <p className={classes.knownName}>
          <StateShape shape="check" tone="completed" />
          {title}
          <Documentation agent={agent} />
        </p>
        <p className={classes.note}>{agent.path}</p>
      </div>
      {agent.registered ? (
        <span className={classes.muted}>Added</span>
      ) : (
        <Button aria-label={`Add ${title}`} onClick={() => onChoose(agent)}>
          Add
        </Button>
      )}
    </div>
  );
}

function MissingAgent({ agent }: { readonly agent: DetectedAgent }) {
  const { title } = agent.definition;
  const isPart = agent.missing !== null;
  return (
    <div className={classes.knownRow}>
      <div>
        <p className={classes.knownName}>
          <StateShape shape={isPart ? 'diamond' : 'ring'} tone={isPart ? 'waiting' : 'idle'} />
          {title}
          <Documentation agent={agent} />
        </p>
        {isPart && <p className={classes.note}>{agent.missing}</p>}
      </div>
      <div className={classes.install}>
        <code title={agent.install}>{agent.install}</code>
        <CopyButton
          text={agent.install}
          label={`Copy the command that installs ${isPart ? `the adapter of ${title}` : title}`}
        />
      </div>
    </div>
  );
}

function Documentation({ agent }: { readonly agent: DetectedAgent }) {
  return (
    <a className={classes.note} href={agent.documentation} target="_blank" rel="noreferrer">
      Documentation
    </a>
  );
}
