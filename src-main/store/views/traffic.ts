import type { Traffic, TrafficEdge, TrafficKind, TrafficNode } from '../../contract/api-traffic.ts';
import { maxTraffic } from '../../contract/api-traffic.ts';
import { ok } from '../../contract/result.ts';
import type { ViewAnswers } from '../../core/ports.ts';
import type { Statements } from '../connection.ts';
import { handovers } from './traffic-handovers.ts';
import { questions } from './traffic-questions.ts';
import { toolCalls } from './traffic-tool-calls.ts';

type Query = Parameters<ViewAnswers['getTraffic']>[0];

/** One thing that was said: a handover, a call of a tool, a question. */
export interface Said {
  readonly kind: TrafficKind;
  readonly from: Party;
  readonly to: Party;
  readonly at: number;
  readonly end: SaidEnd;
}

/** Who says it, or is told. */
export type Party = Pick<TrafficNode, 'kind' | 'name'>;
/** How it ended; `open`: not yet. */
export type SaidEnd = 'done' | 'failed' | 'abandoned' | 'open';

/** Which part of the history to look at: times in ms, `to` excluded; null: of all runs, and of tasks without one. */
export interface SaidWhen {
  readonly from: number;
  readonly to: number;
  readonly runId: string | null;
}

const sources = { handover: handovers, toolCall: toolCalls, question: questions } as const;
const allKinds: readonly TrafficKind[] = ['handover', 'toolCall', 'question'];

/** Who talked to whom in a span of time, counted; the busiest of it when it is more than can be shown. */
export function viewTraffic(statements: Statements, query: Query): ReturnType<ViewAnswers['getTraffic']> {
  const when = { from: query.from, to: query.to, runId: query.runId ?? null };
  const counts = new EdgeCounts();
  for (const kind of allKinds) {
    if (query.kinds !== undefined && !query.kinds.includes(kind)) continue;
    for (const said of sources[kind](statements, when)) if (isWanted(said, query)) counts.add(said);
  }
  return ok(counts.busiest());
}

function isWanted({ from, to }: Said, { agentId, search }: Query): boolean {
  const isAgent = ({ kind, name }: Party) => kind === 'agent' && name === agentId;
  if (agentId !== undefined && !isAgent(from) && !isAgent(to)) return false;
  if (search === undefined) return true;
  const text = search.toLowerCase();
  return from.name.toLowerCase().includes(text) || to.name.toLowerCase().includes(text);
}

function idOf({ kind, name }: Party): string {
  return `${kind}:${name}`;
}

type Counts = { -readonly [F in keyof TrafficEdge]: TrafficEdge[F] };

/** Counts by who and whom. */
class EdgeCounts {
  readonly #nodes = new Map<string, { readonly id: string; readonly party: Party; count: number }>();
  readonly #edges = new Map<string, Counts>();

  add({ kind, from, to, at, end }: Said): void {
    const ends = { from: idOf(from), to: idOf(to) };
    this.#count(ends.from, from);
    // An agent may hand over to itself.
    if (ends.to !== ends.from) this.#count(ends.to, to);
    // A tool may have any name, but who calls it may not: the first space is the one between the two.
    const key = `${ends.from} ${ends.to}`;
    const edge = this.#edges.get(key) ?? this.#newEdge(key, { ...ends, kind });
    edge.count += 1;
    if (end !== 'done') edge[end] += 1;
    edge.lastAt = Math.max(edge.lastAt, at);
  }

  /** The busiest edges with the nodes at their ends, as many as there may be: no node is left without an edge. */
  busiest(): Traffic {
    const nodes = new Set<string>();
    const edges: TrafficEdge[] = [];
    for (const edge of [...this.#edges.values()].sort((one, other) => other.count - one.count)) {
      const ends = [...new Set([edge.from, edge.to])].filter((id) => !nodes.has(id));
      if (edges.length >= maxTraffic.edges || nodes.size + ends.length > maxTraffic.nodes) continue;
      for (const id of ends) nodes.add(id);
      edges.push(edge);
    }
    return {
      nodes: [...this.#nodes.values()]
        .filter(({ id }) => nodes.has(id))
        .map(({ id, party, count }) => ({ id, ...party, count })),
      edges,
      omitted: { nodes: this.#nodes.size - nodes.size, edges: this.#edges.size - edges.length },
    };
  }

  #count(id: string, party: Party): void {
    const node = this.#nodes.get(id) ?? { id, party: { kind: party.kind, name: party.name }, count: 0 };
    node.count += 1;
    this.#nodes.set(id, node);
  }

  #newEdge(key: string, ends: Pick<TrafficEdge, 'from' | 'to' | 'kind'>): Counts {
    const edge = { ...ends, count: 0, failed: 0, abandoned: 0, open: 0, lastAt: 0 };
    this.#edges.set(key, edge);
    return edge;
  }
}
