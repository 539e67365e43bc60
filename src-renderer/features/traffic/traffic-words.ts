import type { TrafficEdge, TrafficKind, TrafficNode } from '../../../src-main/contract/api-traffic.ts';
import { formatCount, formatCounted } from '../../format/amount.ts';

/** What is said, as headings and cells call it. */
export const kindWords: Readonly<Record<TrafficKind, string>> = {
  handover: 'Handover',
  toolCall: 'Tool call',
  question: 'Question',
};

/** What is said, as chips call it. */
export const kindsWords: Readonly<Record<TrafficKind, string>> = {
  handover: 'Handovers',
  toolCall: 'Tool calls',
  question: 'Questions',
};

export const nodeWords: Readonly<Record<TrafficNode['kind'], string>> = {
  agent: 'Agent',
  tool: 'Tool',
  person: 'Person',
  workflow: 'Workflow',
};

/** How much there was at a node: "12 calls". */
export function countWords({ kind, count }: Pick<TrafficNode, 'kind' | 'count'>): string {
  if (kind === 'tool') return formatCounted(count, 'call');
  if (kind === 'agent') return formatCounted(count, 'exchange');
  return formatCounted(count, 'question');
}

/** The key of an edge, which its ends give it; it is in the address when the edge is open. */
export function edgeKey({ from, to }: Pick<TrafficEdge, 'from' | 'to'>): string {
  return `${from} ${to}`;
}

/** The name of a node by its id. */
export function nameOf(nodeId: string): string {
  return nodeId.slice(nodeId.indexOf(':') + 1);
}

/** An edge in one sentence, for screen readers and tool tips. */
export function edgeSentence(edge: TrafficEdge): string {
  const { failed, abandoned, open } = edge;
  const parts = [
    `${kindWords[edge.kind]} ${nameOf(edge.from)} to ${nameOf(edge.to)}: ${formatCount(edge.count)}`,
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(abandoned > 0 ? [`${formatCount(abandoned)} abandoned`] : []),
    ...(open > 0 ? [`${formatCount(open)} open`] : []),
  ];
  return parts.join(', ');
}

/** In how many steps of width tracks are drawn: one more for each ten times more that is said. */
export function weightOf(count: number): 1 | 2 | 3 | 4 {
  if (count < 10) return 1;
  if (count < 100) return 2;
  return count < 1_000 ? 3 : 4;
}
