import { Button, Popover } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { Search, Snowflake } from 'lucide-react';
import { Link } from 'wouter';
import type { Health } from '../../src-main/contract/api-engine.ts';
import { isMacHost } from '../api/create-link.ts';
import { formatCompact, formatCount } from '../format/amount.ts';
import { useConnectionStore } from '../stores/connection-store.ts';
import type { Look, Tone } from '../ui/state-looks.ts';
import { StateShape } from '../ui/state-mark.tsx';
import { useFreezeStore } from './freeze-store.ts';
import classes from './top-bar.module.css';
import type { EngineStatus } from './use-status.ts';

/** The engine's state, what is going on in numbers, and what acts on everything. */
export function TopBar({ status }: { readonly status: EngineStatus | undefined }) {
  return (
    <header className={classes.bar}>
      <span className={classes.brand}>Signalbox</span>
      <EngineState status={status} />
      <nav className={classes.counters} aria-label="What is going on">
        <CounterLink to="/runs?state=running" label="running" tone="running" count={status?.runs.running} />
        <CounterLink to="/queue" label="queued" tone="idle" count={status?.tasks.queued} />
        <CounterLink to="/inbox" label="waiting for you" tone="waiting" count={questionsOf(status)} />
        <CounterLink
          to="/runs?state=failed&ended=today"
          label="failed today"
          tone="failed"
          count={status?.failedToday}
        />
      </nav>
      <div className={classes.end}>
        <FreezeButton isFrozen={status?.frozen !== null && status !== undefined} isKnown={status !== undefined} />
        <Button
          variant="default"
          leftSection={<Search size={14} aria-hidden="true" />}
          rightSection={<kbd className={classes.keys}>{modifierKey()} K</kbd>}
          onClick={spotlight.open}
        >
          Search
        </Button>
      </div>
    </header>
  );
}

function questionsOf(status: EngineStatus | undefined): number | undefined {
  return status && status.questions.approvals + status.questions.permissions;
}

/** How the key beside K is named where this window runs. */
function modifierKey(): string {
  return isMacHost() ? '⌘' : 'Ctrl';
}

interface CounterLinkProps {
  readonly to: string;
  readonly label: string;
  readonly tone: Tone;
  readonly count: number | undefined;
}

function CounterLink({ to, label, tone, count }: CounterLinkProps) {
  return (
    <Link
      href={to}
      className={classes.counter}
      data-tone={count === undefined || count === 0 ? undefined : tone}
      title={count === undefined ? label : `${formatCount(count)} ${label}`}
    >
      <strong>{count === undefined ? '–' : formatCompact(count)}</strong> {label}
    </Link>
  );
}

const healthLooks: Readonly<Record<Health['state'], Look>> = {
  healthy: { tone: 'completed', shape: 'check', word: 'Healthy' },
  degraded: { tone: 'waiting', shape: 'diamond', word: 'Degraded' },
  unhealthy: { tone: 'failed', shape: 'cross', word: 'Unhealthy' },
};

function engineLook(status: EngineStatus | undefined, isConnected: boolean): Look {
  if (!isConnected || status === undefined) return { tone: 'idle', shape: 'dots', word: 'Not connected' };
  if (status.frozen !== null) return { tone: 'waiting', shape: 'bars', word: 'Frozen' };
  return healthLooks[status.health.state];
}

/** How the engine is, in a word; pressed, with every reason. */
function EngineState({ status }: { readonly status: EngineStatus | undefined }) {
  const isConnected = useConnectionStore(({ state }) => state === 'connected');
  const look = engineLook(status, isConnected);
  const reasons = status?.health.reasons ?? [];
  return (
    <Popover position="bottom-start" width={360}>
      <Popover.Target>
        <button type="button" className={classes.engine} data-tone={look.tone} aria-label={`Engine: ${look.word}`}>
          <StateShape shape={look.shape} tone={look.tone} />
          {look.word}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={classes.reasons}>
          {status !== undefined && (
            <p>
              {status.slots.used} of {status.slots.total} slots in use. Process {status.pid}.
            </p>
          )}
          {status?.frozen != null && <p>Frozen: {status.frozen.reason}</p>}
          {reasons.length === 0 && <p className={classes.remedy}>Nothing is wrong that the engine knows of.</p>}
          {reasons.map(({ state, message, remedy }) => (
            <div key={message} className={classes.reason}>
              <StateShape shape={healthLooks[state].shape} tone={healthLooks[state].tone} />
              <div>
                <p>{message}</p>
                <p className={classes.remedy}>{remedy}</p>
              </div>
            </div>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function FreezeButton({ isFrozen, isKnown }: { readonly isFrozen: boolean; readonly isKnown: boolean }) {
  return (
    <Button
      variant="default"
      disabled={!isKnown}
      leftSection={<Snowflake size={14} aria-hidden="true" />}
      onClick={() => useFreezeStore.setState({ asks: isFrozen ? 'thaw' : 'freeze' })}
    >
      {isFrozen ? 'Thaw' : 'Freeze all'}
    </Button>
  );
}
