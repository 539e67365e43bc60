import { Link } from 'wouter';
import { formatBytes, formatCount } from '../../format/amount.ts';
import type { EngineStatus } from '../../frame/use-status.ts';
import { KeyValue } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Look } from '../../ui/state-looks.ts';
import { StateShape } from '../../ui/state-mark.tsx';
import { Duration } from '../../ui/times.tsx';
import classes from './overview.module.css';

const looks: Readonly<Record<EngineStatus['health']['state'], Look>> = {
  healthy: { tone: 'completed', shape: 'check', word: 'Healthy' },
  degraded: { tone: 'waiting', shape: 'diamond', word: 'Degraded' },
  unhealthy: { tone: 'failed', shape: 'cross', word: 'Unhealthy' },
};

/** How the engine is, with the signals that say so. What is wrong stands with what needs the person. */
export function HealthPanel({ status }: { readonly status: EngineStatus }) {
  const { health, slots, tasks, database, startedAt } = status;
  const { shape, tone, word } = looks[health.state];
  return (
    <Panel title="Health" actions={<Link href="/settings/doctor">Doctor</Link>}>
      <p className={classes.health} data-tone={tone}>
        <StateShape shape={shape} tone={tone} />
        <strong>{word}</strong>
      </p>
      <ul className={classes.reasons}>
        {health.reasons.map(({ message, remedy }) => (
          <li key={message}>
            <p>{message}</p>
            <p className={classes.muted}>{remedy}</p>
          </li>
        ))}
      </ul>
      <KeyValue
        items={[
          ['Slots', `${slots.used} of ${slots.total} in use`],
          ['Queue', `${formatCount(tasks.queued)} queued, ${formatCount(tasks.blocked)} blocked`],
          ['Database', formatBytes(database.bytes + database.walBytes)],
          ['Engine', <Uptime key="engine" since={startedAt} />],
        ]}
      />
    </Panel>
  );
}

function Uptime({ since }: { readonly since: number }) {
  return (
    <>
      for <Duration from={since} to={null} />
    </>
  );
}
