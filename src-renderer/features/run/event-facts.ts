import type { Event } from '../../../src-main/contract/event.ts';

/** What an event says besides its kind, in one line; empty when the kind says all. */
export function eventLine(event: Event): string {
  const stage = 'stage' in event && event.stage !== null ? event.stage : null;
  const words = ownWords(event);
  return [stage, words].filter((part) => part !== null && part !== '').join(': ');
}

function ownWords(event: Event): string {
  switch (event.kind) {
    case 'attempt.did':
      return activityWords(event.activity);
    case 'attempt.ended':
      return event.failure === null ? event.state : `${event.state}, ${event.failure.message}`;
    case 'task.claimed':
      return `attempt ${event.number} by ${event.agentId}`;
    case 'attempt.started':
      return event.process === null ? event.agentId : `${event.agentId}, process ${event.process.pid}`;
    case 'approval.requested':
      return event.question;
    case 'approval.answered':
      return withComment(event.answer, event.comment);
    case 'permission.requested':
      return `${event.agentId} asks: ${event.title}`;
    case 'permission.answered':
      return withComment(event.answer?.name ?? event.state, event.comment);
    case 'task.created':
      return event.spec.title;
    case 'command.refused':
      return `${event.command}, ${event.error.message}`;
    case 'run.waiting':
      return event.waitingFor;
    default:
      return otherWords(event);
  }
}

/** Most facts have a failure or a reason that says all. */
function otherWords(event: Event): string {
  if ('failure' in event && event.failure !== null) return event.failure.message;
  if ('reason' in event && event.reason !== null) return event.reason;
  return '';
}

function withComment(answer: string, comment: string | null): string {
  return comment === null ? answer : `${answer}, ${comment}`;
}

const callEnds = {
  completed: 'a tool call ended well',
  failed: 'a tool call failed',
  abandoned: 'a tool call was abandoned',
} as const;

type Activity = Extract<Event, { kind: 'attempt.did' }>['activity'];

function activityWords(activity: Activity): string {
  switch (activity.kind) {
    case 'toolCallStarted':
      return `began ${activity.title === '' ? activity.tool : activity.title}`;
    case 'toolCallFinished':
      return callEnds[activity.status];
    case 'permissionAnswered':
      return `${activity.title}: ${activity.answer}`;
    case 'protocolBroken':
      return activity.detail;
    case 'planned':
      return `planned ${activity.entries.length} entries`;
    case 'outputDropped':
      return `${activity.bytes} bytes of output were dropped`;
    case 'usageReported':
      return `used ${activity.used} of ${activity.size}`;
    default:
      return activity.kind;
  }
}

/** All facts of an event as text, without those that its line shows already. */
export function eventFacts(event: Event): string {
  const { seq: _seq, at: _at, kind: _kind, actor: _actor, ...facts } = event;
  return JSON.stringify(facts, null, 2);
}
