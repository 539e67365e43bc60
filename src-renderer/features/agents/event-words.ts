import type { Event } from '../../../src-main/contract/event.ts';

/** What an event of an agent says besides its kind; empty when the kind says all. */
export function eventWords(event: Event): string {
  switch (event.kind) {
    case 'agent.changed':
      return event.reason === null ? `to ${event.to}` : `to ${event.to}: ${event.reason}`;
    case 'agent.processStarted':
      return `process ${event.process.pid}${event.version === null ? '' : `, version ${event.version}`}`;
    case 'agent.processEnded':
      return `${event.process === null ? '' : `process ${event.process.pid}: `}${event.reason}`;
    case 'task.claimed':
      return `attempt ${event.number}${event.stage === null ? '' : ` of stage ${event.stage}`}`;
    case 'task.released':
      return event.reason;
    case 'attempt.ended':
      return event.failure === null ? event.state : `${event.state}: ${event.failure.message}`;
    case 'attempt.did':
      return event.activity.kind === 'toolCallStarted' ? event.activity.title : event.activity.kind;
    case 'command.refused':
      return `${event.command}: ${event.error.message}`;
    default:
      return '';
  }
}
