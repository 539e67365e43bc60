import { Link } from 'wouter';
import type { Event } from '../../../src-main/contract/event.ts';
import type { AgentId } from '../../../src-main/contract/ids.ts';
import { useEvents } from '../../api/use-events.ts';
import { EmptyState, ErrorNotice, Skeleton } from '../../ui/notices.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import classes from './agents.module.css';
import { eventWords } from './event-words.ts';

/** How many are shown here; the view of events has all. */
const shownEvents = 20;

/** What happened to an agent lately, newest first. */
export function AgentEvents({ agentId }: { readonly agentId: AgentId }) {
  const { events, isLoading, error } = useEvents({ agentId });
  const newest = events.slice(-shownEvents).reverse();
  return (
    <Panel title="Events" actions={<Link href={`/events?agent=${agentId}`}>All events</Link>} isFlush>
      {isLoading && (
        <div className={classes.padded}>
          <Skeleton lines={5} />
        </div>
      )}
      {error !== null && (
        <div className={classes.padded}>
          <ErrorNotice error={error} />
        </div>
      )}
      {!isLoading && error === null && newest.length === 0 && <EmptyState title="What happens to it appears here." />}
      <ul>
        {newest.map((event) => (
          <EventLine key={event.seq} event={event} />
        ))}
      </ul>
    </Panel>
  );
}

function EventLine({ event }: { readonly event: Event }) {
  const words = eventWords(event);
  return (
    <li className={classes.event}>
      <span className={classes.muted}>
        <RelativeTime at={event.at} />
      </span>
      <span className={classes.eventKind} title={`${event.kind}, number ${event.seq}`}>
        {event.kind}
      </span>
      <span className={classes.clipped} title={words}>
        {words}
      </span>
    </li>
  );
}
