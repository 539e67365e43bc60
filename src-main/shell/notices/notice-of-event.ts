import type { Event, EventKind, EventOf } from '../../contract/event.ts';
import type { News } from './notice.ts';

/** What an event means to a person who does not look. */
export type Meaning =
  | { readonly kind: 'news'; readonly news: News }
  /** What was told before under this key needs nobody any more. */
  | { readonly kind: 'settled'; readonly key: string };

/** The kinds of events that may mean something; no others have to be read. */
export const tellingKinds = [
  'run.completed',
  'run.failed',
  'task.completed',
  'task.failed',
  'task.died',
  'attempt.stuck',
  'attempt.unstuck',
  'approval.requested',
  'approval.answered',
  'permission.requested',
  'permission.answered',
] as const satisfies readonly EventKind[];

/** @returns null when it is nothing that a person waits for. Tasks of a run are told by their run. */
export function meaningOf(event: Event): Meaning | null {
  switch (event.kind) {
    case 'run.completed':
    case 'run.failed':
      return told(ofRun(event));
    case 'task.completed':
    case 'task.failed':
    case 'task.died':
      return event.runId === null ? told(ofTask(event)) : null;
    case 'attempt.stuck':
      return ofStuck(event);
    case 'attempt.unstuck':
      return { kind: 'settled', key: stuckKey(event) };
    case 'approval.requested':
    case 'permission.requested':
      return told(ofQuestion(event));
    case 'approval.answered':
      return { kind: 'settled', key: event.approvalId };
    case 'permission.answered':
      return { kind: 'settled', key: event.permissionId };
    default:
      return null;
  }
}

function told(news: News): Meaning {
  return { kind: 'news', news };
}

function ofRun(event: EventOf<'run.completed' | 'run.failed'>): News {
  const { seq, runId } = event;
  const common = {
    key: `event:${seq}`,
    seq,
    noun: 'run',
    thing: { kind: 'run', id: runId },
    route: `/runs/${runId}`,
  } as const;
  return event.kind === 'run.completed'
    ? { ...common, reason: 'finished', title: 'Run of % completed', body: '' }
    : { ...common, reason: 'failed', title: 'Run of % failed', body: event.failure.message };
}

function ofTask(event: EventOf<'task.completed' | 'task.failed' | 'task.died'>): News {
  const { seq, taskId } = event;
  const common = {
    key: `event:${seq}`,
    seq,
    thing: { kind: 'task', id: taskId },
    route: `/tasks/${taskId}`,
  } as const;
  if (event.kind === 'task.completed') {
    return { ...common, noun: 'task', reason: 'finished', title: 'Task % completed', body: '' };
  }
  const body = event.failure.message;
  return event.kind === 'task.failed'
    ? { ...common, noun: 'task', reason: 'failed', title: 'Task % failed', body }
    : { ...common, noun: 'letter', reason: 'failed', title: 'Task % is a dead letter', body };
}

/**
 * The first rung is told. The rungs after it are the watchdog's own, but for the last: a run whose task was set aside
 * waits for a person. A task of its own that was set aside is a dead letter, which tells itself.
 */
function ofStuck(event: EventOf<'attempt.stuck'>): Meaning | null {
  const { seq, runId, taskId, rung, evidence } = event;
  const thing = runId === null ? ({ kind: 'task', id: taskId } as const) : ({ kind: 'run', id: runId } as const);
  const route = runId === null ? `/tasks/${taskId}` : `/runs/${runId}`;
  const common = { seq, thing, route };
  if (rung === 'notice') {
    const title = runId === null ? 'Task % is stuck' : 'A task of % is stuck';
    const body = `It does nothing: ${evidence}`;
    return told({ ...common, key: stuckKey(event), noun: 'attempt', reason: 'stuck', title, body });
  }
  if (rung !== 'park' || runId === null) return null;
  return told({
    ...common,
    key: `parked:${taskId}`,
    noun: 'question',
    reason: 'needsYou',
    title: 'Run of % is paused for you',
    body: `One of its tasks got stuck again, and was set aside: ${evidence}`,
  });
}

/** An attempt that gets stuck again is told again; while it is, the computing of its processes may come and go. */
function stuckKey({ attemptId }: { readonly attemptId: string }): string {
  return `stuck:${attemptId}`;
}

function ofQuestion(event: EventOf<'approval.requested' | 'permission.requested'>): News {
  const { seq, runId } = event;
  const common = { seq, noun: 'question', reason: 'needsYou', route: '/inbox' } as const;
  if (event.kind === 'approval.requested') {
    return {
      ...common,
      key: event.approvalId,
      thing: { kind: 'run', id: event.runId },
      title: `Stage ${event.stage} of % needs your approval`,
      body: event.question,
    };
  }
  const thing = runId === null ? ({ kind: 'task', id: event.taskId } as const) : ({ kind: 'run', id: runId } as const);
  return {
    ...common,
    key: event.permissionId,
    thing,
    title: `${event.agentId} asks for your permission`,
    body: event.title,
  };
}
