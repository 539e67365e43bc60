import { Button } from '@mantine/core';
import { ScrollText } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import { formatBytes, formatCount, formatShare } from '../../format/amount.ts';
import { formatDuration } from '../../format/duration.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { Duration, RelativeTime } from '../../ui/times.tsx';
import { cpuWords, pidWords, successRate } from './agent-words.ts';
import classes from './agents.module.css';
import type { StuckAttempt } from './stuck-attempts.ts';
import { useStuckAttempts } from './use-stuck-attempts.ts';

/** Shows the log of an attempt. */
export type OpenLog = (attemptId: AgentView['live'][number]['attemptId'], title: string) => void;

/** Its slots as blocks on a track, taken ones lit; many are written as numbers alone. */
function Slots({ agent }: { readonly agent: AgentView }) {
  const { slots } = agent.definition;
  const places = Array.from({ length: slots }, (_, index) => index);
  return (
    <span className={classes.slots}>
      <span>
        {agent.slotsUsed}/{slots}
      </span>
      {slots <= 16 && (
        <span className={classes.places} aria-hidden="true">
          {places.map((place) => (
            <span key={place} className={classes.place} data-used={place < agent.slotsUsed || undefined} />
          ))}
        </span>
      )}
    </span>
  );
}

/** How long ago it gave a sign of life. */
export function Heartbeat({ agent }: { readonly agent: AgentView }) {
  return agent.lastHeartbeatAt === null ? '–' : <RelativeTime at={agent.lastHeartbeatAt} />;
}

/** Completed and failed attempts, and their share. */
export function Tally({ agent }: { readonly agent: AgentView }) {
  return (
    <span>
      {formatCount(agent.completed)} /{' '}
      <span data-failed={agent.failed > 0 || undefined}>{formatCount(agent.failed)}</span>
      <span className={classes.muted}> · {formatShare(successRate(agent))}</span>
    </span>
  );
}

/** Every number about an agent, under its name. */
export function factsOf(agent: AgentView): readonly (readonly [name: string, value: ReactNode])[] {
  return [
    ['Slots', <Slots key="slots" agent={agent} />],
    ['Heartbeat', <Heartbeat key="heartbeat" agent={agent} />],
    ['PID', pidWords(agent.processes)],
    ['CPU', cpuWords(agent.usage)],
    ['Memory', formatBytes(agent.usage?.memoryBytes ?? null)],
    ['Done / failed', <Tally key="tally" agent={agent} />],
    ['Average time', formatDuration(agent.averageMs)],
  ];
}

/** How many tasks a card names. */
const namedWork = 3;

/** What it works on, each with a way to it. */
export function CurrentWork({ agent, onLog }: { readonly agent: AgentView; readonly onLog: OpenLog }) {
  const stuck = useStuckAttempts();
  if (agent.live.length === 0) return <p className={classes.muted}>No work.</p>;
  return (
    <ul className={classes.work}>
      {agent.live.slice(0, namedWork).map((work) => (
        <li key={work.attemptId}>
          <WorkLink work={work} />
          <span className={classes.muted}>
            <Duration from={work.claimedAt} to={null} />
          </span>
          <LogButton label={`Log of ${work.title}`} onClick={() => onLog(work.attemptId, work.title)} />
          <StuckWork stuck={stuck.get(work.attemptId)} />
        </li>
      ))}
      {agent.live.length > namedWork && (
        <li>
          <Link href={`/agents/${agent.id}`}>and {agent.live.length - namedWork} more</Link>
        </li>
      )}
    </ul>
  );
}

/** That a task does nothing, and what shows it; nothing for one that goes on. */
function StuckWork({ stuck }: { readonly stuck: StuckAttempt | undefined }) {
  if (stuck === undefined) return null;
  return (
    <p className={classes.stuck}>
      <StateMark of="attempt" state="running" isStuck word="Stuck" /> did nothing for{' '}
      <Duration from={stuck.since} to={null} />. When the watchdog looked: {stuck.evidence}.
    </p>
  );
}

/** A task, by its run and stage, or by itself. */
export function WorkLink({ work }: { readonly work: AgentView['live'][number] }) {
  const to =
    work.runId === null
      ? `/tasks/${work.taskId}`
      : `/runs/${work.runId}${work.stage === null ? '' : `?stage=${work.stage}`}`;
  return (
    <Link href={to} className={classes.clipped} title={work.title}>
      {work.title}
    </Link>
  );
}

/** The last thing that went wrong, with the log of the attempt in which it did. */
export function LastFailure({ agent, onLog }: { readonly agent: AgentView; readonly onLog: OpenLog }) {
  const { lastFailure } = agent;
  if (lastFailure === null) return null;
  const { failure, at, attemptId } = lastFailure;
  return (
    <div className={classes.failure}>
      <span className={classes.muted}>
        Last error, <RelativeTime at={at} />
      </span>
      <span className={classes.failureText} title={failure.message}>
        {failure.message}
      </span>
      <LogButton label="Log of the last error" isOnColour onClick={() => onLog(attemptId, 'Last error')} />
    </div>
  );
}

interface LogButtonProps {
  readonly label: string;
  /** Whether it stands on a coloured ground, on which coloured text is hard to read. */
  readonly isOnColour?: boolean;
  readonly onClick: () => void;
}

function LogButton({ label, isOnColour = false, onClick }: LogButtonProps) {
  return (
    <Button
      variant={isOnColour ? 'default' : 'subtle'}
      size="compact-xs"
      aria-label={label}
      title={label}
      leftSection={<ScrollText size={13} aria-hidden="true" />}
      onClick={onClick}
    >
      Log
    </Button>
  );
}
