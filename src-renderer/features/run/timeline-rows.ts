import type { Event, EventOf } from '../../../src-main/contract/event.ts';
import type { Stage } from '../../../src-main/contract/run.ts';
import { isAttemptEnded, isRunEnded } from '../../../src-main/contract/states.ts';
import type { Attempt } from '../../../src-main/contract/task.ts';
import type { RunWork } from '../../api/fold-run-work.ts';
import type { Tone } from '../../ui/state-looks.ts';
import { lookOf } from '../../ui/state-looks.ts';
import { isStuck } from './stuck-words.ts';
import type { Span } from './timeline-spans.ts';
import { carve } from './timeline-spans.ts';
import type { Turn } from './timeline-turns.ts';
import { turnsOf } from './timeline-turns.ts';

/** One line of the timeline. */
export interface TimelineRow {
  readonly id: string;
  readonly kind: 'run' | 'stage' | 'attempt' | 'turn' | 'tool';
  readonly depth: number;
  /** The lines that this one is part of, outermost first. */
  readonly parents: readonly string[];
  readonly label: string;
  /** More about it: who did it, how it ended. */
  readonly about: string;
  readonly tone: Tone;
  /** The stage that it belongs to; null: the run itself. */
  readonly stage: string | null;
  /** In the order of time; empty: it has not begun. */
  readonly spans: readonly Span[];
  readonly hasParts: boolean;
}

/** The kinds of event that tell what the rows do not: single acts of agents, and when a person was waited for. */
export const timelineKinds = [
  'attempt.did',
  'permission.requested',
  'permission.answered',
  'run.waiting',
  'run.continued',
  'run.paused',
  'run.resumed',
] as const;

/** A run with its stages, their attempts, the turns of the agents in them and their tool calls, from the first on. */
export function timelineRows(work: RunWork, events: readonly Event[]): TimelineRow[] {
  const { run } = work;
  const known = sortEvents(events);
  const byStage = Map.groupBy(work.attempts, ({ stage }) => stage ?? '');
  const rows: TimelineRow[] = [
    {
      id: run.id,
      kind: 'run',
      depth: 0,
      parents: [],
      label: run.workflow,
      about: lookOf('run', run.state).word.toLowerCase(),
      tone: workTone(lookOf('run', run.state).tone),
      stage: null,
      spans: runSpans(work, known.pauses),
      hasParts: true,
    },
  ];
  for (const stage of run.stages) {
    const attempts = byStage.get(stage.name) ?? [];
    rows.push(stageRow(work, stage, attempts, known.permissions));
    for (const attempt of attempts) rows.push(...attemptRows(run.id, stage.name, attempt, known));
  }
  return rows;
}

/** Lines that are not part of a closed one. */
export function openRows(rows: readonly TimelineRow[], closed: ReadonlySet<string>): TimelineRow[] {
  return rows.filter(({ parents }) => !parents.some((parent) => closed.has(parent)));
}

interface KnownEvents {
  readonly acts: ReadonlyMap<string, readonly EventOf<'attempt.did'>[]>;
  /** When a person was asked, by attempt. */
  readonly permissions: ReadonlyMap<string, readonly Span[]>;
  /** When the run as a whole did not go on. */
  readonly pauses: readonly Span[];
}

function sortEvents(events: readonly Event[]): KnownEvents {
  const acts = new Map<string, EventOf<'attempt.did'>[]>();
  const asked = new Map<string, { readonly attemptId: string; span: Span }>();
  const pauses: Span[] = [];
  for (const event of events) {
    if (event.kind === 'attempt.did') addTo(acts, event.attemptId, event);
    else if (event.kind === 'permission.requested') {
      asked.set(event.permissionId, { attemptId: event.attemptId, span: { kind: 'person', from: event.at, to: null } });
    } else if (event.kind === 'permission.answered') {
      const question = asked.get(event.permissionId);
      if (question !== undefined) question.span = { ...question.span, to: event.at };
    } else notePause(pauses, event);
  }
  const permissions = new Map<string, Span[]>();
  for (const { attemptId, span } of asked.values()) {
    addTo(permissions, attemptId, span);
  }
  return { acts, permissions, pauses };
}

/** What was done before a person was asked was no waiting: that has spans, and a look, of its own. */
function workTone(tone: Tone): Tone {
  return tone === 'waiting' ? 'running' : tone;
}

function addTo<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function notePause(pauses: Span[], event: Event): void {
  if (event.kind === 'run.waiting') pauses.push({ kind: 'person', from: event.at, to: null });
  if (event.kind === 'run.paused') pauses.push({ kind: 'paused', from: event.at, to: null });
  const last = pauses.at(-1);
  if (last?.to !== null || (event.kind !== 'run.continued' && event.kind !== 'run.resumed')) return;
  // A pause can be asked for while a person is waited for, and be taken back again.
  if (event.kind === 'run.resumed' && last.kind === 'person') return;
  pauses[pauses.length - 1] = { ...last, to: event.at };
}

function runSpans({ run }: RunWork, pauses: readonly Span[]): Span[] {
  const queue: Span = { kind: 'queue', from: run.createdAt, to: run.startedAt ?? run.endedAt };
  if (run.startedAt === null) return [queue];
  const end = isRunEnded(run.state) ? run.endedAt : null;
  return [queue, ...carve({ kind: 'work', from: run.startedAt, to: end }, pauses)];
}

function stageRow(
  work: RunWork,
  stage: Stage,
  attempts: readonly Attempt[],
  permissions: KnownEvents['permissions'],
): TimelineRow {
  const look = lookOf('stage', stage.state);
  const stuck = attempts.some(isStuck);
  return {
    id: `stage:${stage.name}`,
    kind: 'stage',
    depth: 1,
    parents: [work.run.id],
    label: stage.name,
    about: stage.inherited ? 'kept from the run before' : `${look.word.toLowerCase()}${stuck ? ', stuck' : ''}`,
    tone: stuck ? 'waiting' : workTone(look.tone),
    stage: stage.name,
    spans: stageSpans(work, stage, attempts, permissions),
    hasParts: attempts.length > 0,
  };
}

/** From when its work could begin: queue until each attempt, work and questions in them, approvals. */
function stageSpans(
  work: RunWork,
  stage: Stage,
  attempts: readonly Attempt[],
  permissions: KnownEvents['permissions'],
): Span[] {
  const spans: Span[] = work.approvals
    .filter((approval) => approval.stage === stage.name)
    .map(({ requestedAt, answeredAt }) => ({ kind: 'person', from: requestedAt, to: answeredAt ?? stage.endedAt }));
  const task = work.tasks.find(({ id }) => id === stage.taskId);
  if (task === undefined) return spans;
  let at = task.createdAt;
  for (const attempt of attempts) {
    if (attempt.claimedAt > at) spans.push({ kind: 'queue', from: at, to: attempt.claimedAt });
    spans.push(...attemptSpans(attempt, permissions));
    at = attempt.endedAt ?? attempt.claimedAt;
  }
  const isQueued = !attempts.some(({ state }) => !isAttemptEnded(state)) && stage.endedAt === null;
  if (isQueued) spans.push({ kind: 'queue', from: at, to: isRunEnded(work.run.state) ? work.run.endedAt : null });
  return spans;
}

function attemptSpans(attempt: Attempt, permissions: KnownEvents['permissions']): Span[] {
  const questions = permissions.get(attempt.id) ?? [];
  return carve({ kind: 'work', from: attempt.claimedAt, to: attempt.endedAt }, questions);
}

function attemptRows(runId: string, stage: string, attempt: Attempt, known: KnownEvents): TimelineRow[] {
  const parents = [runId, `stage:${stage}`];
  const questions = known.permissions.get(attempt.id) ?? [];
  const turns = turnsOf(known.acts.get(attempt.id) ?? [], attempt.endedAt);
  const look = lookOf('attempt', attempt.state);
  const stuck = isStuck(attempt);
  const row: TimelineRow = {
    id: attempt.id,
    kind: 'attempt',
    depth: 2,
    parents,
    label: `attempt ${attempt.number}`,
    about: `${attempt.agentId}, ${look.word.toLowerCase()}${stuck ? ', stuck' : ''}`,
    tone: stuck ? 'waiting' : look.tone,
    stage,
    spans: attemptSpans(attempt, known.permissions),
    hasParts: turns.length > 0,
  };
  return [row, ...turns.flatMap((turn) => turnRows({ parents: [...parents, attempt.id], stage, questions }, turn))];
}

interface TurnPlace {
  readonly parents: readonly string[];
  readonly stage: string;
  /** When a person was asked in the attempt. */
  readonly questions: readonly Span[];
}

function turnRows({ parents, stage, questions }: TurnPlace, turn: Turn): TimelineRow[] {
  const id = `${parents.at(-1)}:turn:${turn.number}`;
  const row: TimelineRow = {
    id,
    kind: 'turn',
    depth: 3,
    parents,
    label: `turn ${turn.number}`,
    about: turn.about,
    tone: turn.to === null ? 'running' : 'completed',
    stage,
    spans: carve({ kind: 'work', from: turn.from, to: turn.to }, questions),
    hasParts: turn.calls.length > 0,
  };
  const calls = turn.calls.map(
    ({ callId, title, tool, from, to, status }): TimelineRow => ({
      id: `${id}:${callId}`,
      kind: 'tool',
      depth: 4,
      parents: [...parents, id],
      label: title === '' ? tool : title,
      about: `${tool}, ${status}`,
      tone: callTones[status],
      stage,
      spans: carve({ kind: 'work', from, to }, questions),
      hasParts: false,
    }),
  );
  return [row, ...calls];
}

const callTones = { running: 'running', completed: 'completed', failed: 'failed', abandoned: 'idle' } as const;
