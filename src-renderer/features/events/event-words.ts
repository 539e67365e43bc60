import type { Event, EventKind, EventOf } from '../../../src-main/contract/event.ts';
import { formatCounted } from '../../format/amount.ts';
import type { Shape, Tone } from '../../ui/state-looks.ts';

/** Facts that every event has, or that the row shows as links. */
const common: readonly string[] = ['seq', 'at', 'actor', 'kind'];

/** The facts of an event as text that can be read and copied. */
export function eventFacts(event: Event): string {
  const facts = Object.entries(event).filter(([name]) => !common.includes(name));
  return facts.length === 0 ? 'It has no further facts.' : JSON.stringify(Object.fromEntries(facts), null, 2);
}

/** What an event says besides its kind, in one line; empty when the kind says all. */
export function eventLine(event: Event): string {
  const stage = 'stage' in event && event.stage !== null ? event.stage : null;
  const told = toldBy(event);
  return [stage, told].filter((part) => part !== null && part !== '').join(' · ');
}

function toldBy(event: Event): string | null {
  switch (event.kind) {
    case 'attempt.stuck':
      return `${event.rung}: ${event.evidence}`;
    case 'row.quarantined':
      return `${event.row} ${event.id}: ${event.reason}`;
    case 'history.pruned':
      return `${formatCounted(event.runs, 'run')}, ${formatCounted(event.tasks, 'task')}, ${formatCounted(event.events, 'event')}: ${event.reason}`;
    case 'breaker.failed':
    case 'breaker.succeeded':
    case 'breaker.halfOpened':
    case 'breaker.reset':
      return breakerLine(event);
    case 'schedule.saved':
    case 'schedule.switched':
    case 'schedule.removed':
    case 'schedule.fired':
      return scheduleLine(event);
    case 'engine.started':
      return `process ${event.pid}, version ${event.version}${event.interruptedAttempts === 0 ? '' : `, ${formatCounted(event.interruptedAttempts, 'attempt')} interrupted`}`;
    case 'command.refused':
      return `${event.command}: ${event.error.message}`;
    case 'workflow.registered':
      return `${event.name} (${event.origin})`;
    case 'run.created':
      return `${event.workflow}, ${event.priority}`;
    case 'settings.changed':
      return event.sections.join(', ');
    case 'run.waiting':
      return event.waitingFor;
    case 'task.created':
      return `${event.spec.title}, ${event.priority}`;
    case 'task.priorityChanged':
      return event.priority;
    case 'task.claimed':
      return `attempt ${event.number}`;
    case 'attempt.did':
      return activityLine(event.activity);
    case 'attempt.started':
      return event.process === null ? null : `process ${event.process.pid}`;
    case 'agent.changed':
      return event.reason === null ? `to ${event.to}` : `to ${event.to}: ${event.reason}`;
    case 'agent.processStarted':
      return `process ${event.process.pid}${event.version === null ? '' : `, version ${event.version}`}`;
    case 'approval.requested':
      return event.question;
    case 'approval.answered':
      return event.comment === null ? event.answer : `${event.answer}: ${event.comment}`;
    case 'permission.requested':
      return `${event.tool}: ${event.title}`;
    case 'permission.answered':
      return event.answer?.name ?? event.state;
    case 'permission.ruleAdded':
      return `${event.answer} ${event.tool}`;
    default:
      return failureOrReason(event);
  }
}

function breakerLine(
  event: EventOf<'breaker.failed' | 'breaker.succeeded' | 'breaker.halfOpened' | 'breaker.reset'>,
): string {
  const { breakerId } = event;
  if (event.kind === 'breaker.reset') return `${breakerId}: ${event.reason}`;
  if (event.kind === 'breaker.failed') return `${breakerId}, ${event.to}: ${event.failure.message}`;
  return event.kind === 'breaker.succeeded' ? `${breakerId}, ${event.to}` : breakerId;
}

function scheduleLine(
  event: EventOf<'schedule.saved' | 'schedule.switched' | 'schedule.removed' | 'schedule.fired'>,
): string {
  const { scheduleId } = event;
  switch (event.kind) {
    case 'schedule.saved':
      return `${scheduleId}: ${event.definition.title}`;
    case 'schedule.switched':
      return `${scheduleId}, ${event.enabled ? 'on' : 'off'}: ${event.reason}`;
    case 'schedule.removed':
      return `${scheduleId}: ${event.reason}`;
    case 'schedule.fired':
      return `${scheduleId}, ${event.outcome}${event.reason === null ? '' : `: ${event.reason}`}`;
  }
}

function failureOrReason(event: Event): string | null {
  const state = 'state' in event ? event.state : null;
  if ('failure' in event && event.failure !== null) {
    return state === null ? event.failure.message : `${state}: ${event.failure.message}`;
  }
  return 'reason' in event ? event.reason : state;
}

function activityLine(activity: Extract<Event, { kind: 'attempt.did' }>['activity']): string {
  switch (activity.kind) {
    case 'toolCallStarted':
      return `${activity.tool}: ${activity.title}`;
    case 'toolCallFinished':
      return `tool call ${activity.status}`;
    case 'planned':
      return `planned ${formatCounted(activity.entries.length, 'entry', 'entries')}`;
    case 'permissionAnswered':
      return `${activity.title}: ${activity.answer}`;
    case 'protocolBroken':
      return `protocol broken: ${activity.detail}`;
    default:
      return activity.kind;
  }
}

/** The sign of an event, by how its kind ends; how an attempt ended is no kind of its own. */
export function eventSign(event: Event): { readonly shape: Shape; readonly tone: Tone } {
  return signs[event.kind === 'attempt.ended' ? attemptSigns[event.state] : signOf(event.kind)];
}

const signs = {
  completed: { shape: 'check', tone: 'completed' },
  failed: { shape: 'cross', tone: 'failed' },
  waiting: { shape: 'diamond', tone: 'waiting' },
  running: { shape: 'track', tone: 'running' },
  other: { shape: 'ring', tone: 'idle' },
} as const;

const attemptSigns: Readonly<Record<Extract<Event, { kind: 'attempt.ended' }>['state'], keyof typeof signs>> = {
  completed: 'completed',
  failed: 'failed',
  timed_out: 'failed',
  cancelled: 'other',
  interrupted: 'waiting',
};

const endings: readonly (readonly [pattern: RegExp, sign: keyof typeof signs])[] = [
  [/\.completed$/, 'completed'],
  [/\.(failed|died|refused)$/, 'failed'],
  [/\.(waiting|requested|frozen|held|stuck|quarantined)$/, 'waiting'],
  [/\.(started|claimed|continued|resumed)$/, 'running'],
];

function signOf(kind: EventKind): keyof typeof signs {
  return endings.find(([pattern]) => pattern.test(kind))?.[1] ?? 'other';
}
