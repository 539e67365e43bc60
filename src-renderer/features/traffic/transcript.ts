import type { TrafficEdge, TrafficNode } from '../../../src-main/contract/api-traffic.ts';
import type { Event, EventKind } from '../../../src-main/contract/event.ts';
import type { EventFilter } from '../../api/use-events.ts';
import { nameOf } from './traffic-words.ts';

/** What is open beside the graph. */
export type OpenTraffic =
  | { readonly is: 'node'; readonly node: TrafficNode }
  | { readonly is: 'edge'; readonly edge: TrafficEdge };

/** Which events tell of it. */
export interface TranscriptPlan {
  readonly filter: EventFilter & { readonly kinds: EventKind[] };
  /** Only calls of this tool; null: of all. */
  readonly tool: string | null;
  /** What the events are, where they are not exactly what was counted. */
  readonly note: string | null;
}

const handoverKinds: readonly EventKind[] = ['task.claimed', 'attempt.ended'];
const permissionKinds: readonly EventKind[] = ['permission.requested', 'permission.answered'];
const approvalKinds: readonly EventKind[] = ['approval.requested', 'approval.answered'];

/** Which events tell what was said; all of them within one run when the graph shows one. */
export function planTranscript(open: OpenTraffic, runId: string | undefined): TranscriptPlan {
  const plan = open.is === 'node' ? planNode(open.node) : planEdge(open.edge);
  return runId === undefined ? plan : { ...plan, filter: { ...plan.filter, runId } };
}

function planNode({ kind, name }: TrafficNode): TranscriptPlan {
  switch (kind) {
    case 'agent':
      return { ...ofAgent(name, [...handoverKinds, 'attempt.did', ...permissionKinds]), tool: null, note: null };
    case 'tool':
      return { filter: { kinds: ['attempt.did'] }, tool: name, note: null };
    case 'person':
      return { filter: { kinds: [...permissionKinds, ...approvalKinds] }, tool: null, note: null };
    case 'workflow':
      return approvals;
  }
}

function planEdge({ kind, from, to }: TrafficEdge): TranscriptPlan {
  switch (kind) {
    case 'handover':
      return {
        ...ofAgent(nameOf(to), handoverKinds),
        tool: null,
        note: `All that ${nameOf(to)} took over, and how it ended.`,
      };
    case 'toolCall':
      return { ...ofAgent(nameOf(from), ['attempt.did']), tool: nameOf(to), note: null };
    case 'question':
      return from.startsWith('agent:')
        ? { ...ofAgent(nameOf(from), permissionKinds), tool: null, note: null }
        : approvals;
  }
}

const approvals: TranscriptPlan = {
  filter: { kinds: [...approvalKinds] },
  tool: null,
  note: 'Approvals of all workflows, unless one run is chosen.',
};

function ofAgent(name: string, kinds: readonly EventKind[]): Pick<TranscriptPlan, 'filter'> {
  return { filter: { agentId: name, kinds: [...kinds] } };
}

/** One line of a transcript. */
export interface SaidEvent {
  readonly event: Event;
  /** For the end of a tool call, which does not say itself what was called: the call's title. Null for all else. */
  readonly title: string | null;
}

/** Those of the events that were said since a time: of what agents did, calls of tools alone, each with its end. */
export function saidIn(events: readonly Event[], tool: string | null, since: number): readonly SaidEvent[] {
  const titles = new Map<string, string>();
  return events.flatMap((event): SaidEvent[] => {
    if (event.at < since) return [];
    if (event.kind !== 'attempt.did') return [{ event, title: null }];
    const { activity } = event;
    if (activity.kind === 'toolCallStarted' && (tool === null || activity.tool === tool)) {
      titles.set(`${event.attemptId} ${activity.callId}`, activity.title);
      return [{ event, title: null }];
    }
    const title =
      activity.kind === 'toolCallFinished' ? titles.get(`${event.attemptId} ${activity.callId}`) : undefined;
    return title === undefined ? [] : [{ event, title }];
  });
}
