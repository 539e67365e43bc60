import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo } from 'react';
import type { Event } from '../../../src-main/contract/event.ts';
import { shortIdentifier } from '../../format/identifier.ts';
import { formatAbsolute, formatClock } from '../../format/time.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import { eventFacts, eventLine, eventSign } from './event-words.ts';
import classes from './events.module.css';

export interface EventRowProps {
  readonly event: Event;
  readonly isOpen: boolean;
  /** Whether keys mean this one. */
  readonly isCurrent: boolean;
  readonly onToggle: (seq: number) => void;
}

/** One event; opened, with all of its facts. Drawn again only when it changes: thousands may come in a second. */
export const EventRow = memo(function EventRow({ event, isOpen, isCurrent, onToggle }: EventRowProps) {
  const { shape, tone } = eventSign(event);
  const line = eventLine(event);
  const Arrow = isOpen ? ChevronDown : ChevronRight;
  return (
    <div className={classes.item} data-current={isCurrent || undefined}>
      <div className={classes.row}>
        <button
          type="button"
          className={classes.toggle}
          aria-expanded={isOpen}
          aria-label={`Facts of event ${event.seq}`}
          onClick={() => onToggle(event.seq)}
        >
          <Arrow size={14} aria-hidden="true" />
        </button>
        <time className={classes.time} dateTime={new Date(event.at).toISOString()} title={formatAbsolute(event.at)}>
          {formatClock(event.at)}
        </time>
        <span className={classes.seq}>{event.seq}</span>
        <span className={classes.actor}>{event.actor}</span>
        <span className={classes.kind} title={event.kind}>
          <StateShape shape={shape} tone={tone} />
          {event.kind}
        </span>
        <span className={classes.line} title={line}>
          {line}
        </span>
        <EventLinks event={event} />
      </div>
      {isOpen && (
        <div className={classes.facts}>
          <p className={classes.muted}>
            Event {event.seq}, {formatAbsolute(event.at)}, by {actorWords[event.actor]}
          </p>
          <CodeBlock text={eventFacts(event)} label={`Facts of event ${event.seq}`} />
        </div>
      )}
    </div>
  );
});

const actorWords: Readonly<Record<Event['actor'], string>> = {
  person: 'a person',
  engine: 'the engine',
  agent: 'an agent',
};

/**
 * Leads to what an event is about. An attempt is shown with its task. The addresses are those of the router, without
 * its links: each of them listens where the window is, which costs too much for rows that change all the time.
 */
export function EventLinks({ event }: { readonly event: Event }) {
  const runId = idIn(event, 'runId');
  const taskId = idIn(event, 'taskId');
  const agentId = idIn(event, 'agentId');
  const attemptId = idIn(event, 'attemptId');
  return (
    <span className={classes.links}>
      {runId !== null && (
        <a href={`#/runs/${runId}`} title={runId}>
          run {shortIdentifier(runId)}
        </a>
      )}
      {taskId !== null && attemptId === null && (
        <a href={`#/tasks/${taskId}`} title={taskId}>
          task {shortIdentifier(taskId)}
        </a>
      )}
      {taskId !== null && attemptId !== null && (
        <a href={`#/tasks/${taskId}?attempt=${attemptId}`} title={attemptId}>
          attempt {shortIdentifier(attemptId)}
        </a>
      )}
      {agentId !== null && <a href={`#/agents/${agentId}`}>{agentId}</a>}
    </span>
  );
}

function idIn(event: Event, name: 'runId' | 'taskId' | 'agentId' | 'attemptId'): string | null {
  const value: unknown = (event as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : null;
}
