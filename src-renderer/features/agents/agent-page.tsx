import { Button } from '@mantine/core';
import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import { useCommand } from '../../api/use-command.ts';
import { KeyValue } from '../../ui/figures.tsx';
import { navigate } from '../../ui/hash-location.ts';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { notify } from '../../ui/notify.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { projectName } from '../workflows/workflow-address.ts';
import { AgentBreakers } from './agent-breakers.tsx';
import { AgentControls } from './agent-controls.tsx';
import { Definition } from './agent-definition.tsx';
import { AgentEvents } from './agent-events.tsx';
import type { OpenLog } from './agent-facts.tsx';
import { CurrentWork, factsOf, LastFailure } from './agent-facts.tsx';
import { AgentOutput } from './agent-output.tsx';
import classes from './agents.module.css';
import { EditAgent } from './edit-agent.tsx';
import { RemoveAgent } from './remove-agent.tsx';

export interface AgentPageProps {
  readonly agentId: string;
  readonly agents: readonly AgentView[] | undefined;
  readonly error: ApiError | null;
  readonly isLoading: boolean;
  readonly refetch: () => void;
  readonly onLog: OpenLog;
}

/** One agent: what it is, what it does, and what happened to it. */
export function AgentPage({ agentId, agents, error, refetch, onLog }: AgentPageProps) {
  const agent = agents?.find(({ id }) => id === agentId);
  if (agent !== undefined) return <KnownAgent agent={agent} onLog={onLog} />;
  const back = (
    <Button variant="default" onClick={() => navigate('/agents')}>
      All agents
    </Button>
  );
  return (
    <Page title={agentId}>
      {agents === undefined && error === null && <Skeleton lines={12} />}
      {agents === undefined && error !== null && <ErrorNotice error={error} onRetry={refetch} />}
      {agents !== undefined && <EmptyState title={`There is no agent ${agentId}.`} action={back} />}
    </Page>
  );
}

function KnownAgent({ agent, onLog }: { readonly agent: AgentView; readonly onLog: OpenLog }) {
  const { definition } = agent;
  return (
    <Page
      title={definition.title}
      about={
        <>
          <StateMark of="agent" state={agent.state} />
          <span>
            since <RelativeTime at={agent.stateSince} />
          </span>
          {agent.version !== null && <span>version {agent.version}</span>}
          {definition.project !== undefined && (
            <span title={definition.project}>of the project {projectName(definition.project)}</span>
          )}
        </>
      }
      actions={
        <>
          <AgentControls agent={agent} />
          {!definition.builtin && definition.project === undefined && <ChangeButtons agent={agent} />}
        </>
      }
    >
      <div className={classes.page}>
        <div className={classes.column}>
          <Panel title="Now">
            <div className={classes.column}>
              {agent.reason !== null && <p className={classes.reason}>{agent.reason}</p>}
              <AgentBreakers agent={agent} />
              <CurrentWork agent={agent} onLog={onLog} />
              <KeyValue items={[...factsOf(agent), ...historyOf(agent)]} />
              <LastFailure agent={agent} onLog={onLog} />
            </div>
          </Panel>
          <Panel title="Definition">
            <div className={classes.column}>
              <Definition definition={definition} />
            </div>
          </Panel>
        </div>
        <div className={classes.column}>
          <AgentOutput agent={agent} />
          <AgentEvents agentId={agent.id} />
        </div>
      </div>
    </Page>
  );
}

/** When an agent that crashed is started again. */
function nextStart({ state, restartAt }: AgentView) {
  if (state !== 'crashed') return null;
  if (restartAt === null) return 'Only by a person';
  return restartAt > Date.now() ? <RelativeTime at={restartAt} /> : 'With its next work';
}

function historyOf(agent: AgentView) {
  return [
    ['Restarts', agent.restarts],
    ['Crashes in a row', agent.crashesInRow],
    ['Next start', nextStart(agent)],
    ['Starts with work', agent.startsOnDemand ? 'Yes' : 'No, only a person starts it'],
    ['Added', <RelativeTime key="added" at={agent.registeredAt} />],
  ] as const;
}

function ChangeButtons({ agent }: { readonly agent: AgentView }) {
  const [opened, setOpened] = useState<'edit' | 'remove' | null>(null);
  const remove = useCommand('removeAgent');
  return (
    <>
      <Button variant="default" leftSection={<Pencil size={14} aria-hidden="true" />} onClick={() => setOpened('edit')}>
        Edit
      </Button>
      <Button
        variant="default"
        leftSection={<Trash2 size={14} aria-hidden="true" />}
        onClick={() => setOpened('remove')}
      >
        Remove
      </Button>
      {opened === 'edit' && <EditAgent definition={agent.definition} onClose={() => setOpened(null)} />}
      <RemoveAgent
        agent={agent}
        isOpen={opened === 'remove'}
        isRunning={remove.isRunning}
        onClose={() => setOpened(null)}
        onConfirm={async () => {
          const removed = await remove.run({ agentId: agent.id });
          setOpened(null);
          if (!removed.ok) return;
          notify(`${agent.definition.title}: removed`);
          navigate('/agents');
        }}
      />
    </>
  );
}
