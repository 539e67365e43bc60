/** A node of a dependency graph: a stage of a workflow, or a task of a batch, with the names of what it needs. */
export interface GraphNode {
  readonly name: string;
  readonly needs: readonly string[];
}

/** Why a graph cannot be run, with the names to show; a cycle lists each name once, in the order of needing. */
export type GraphFault =
  | { readonly kind: 'missing'; readonly name: string; readonly need: string }
  | { readonly kind: 'cycle'; readonly names: readonly string[] }
  | { readonly kind: 'duplicate'; readonly name: string };

/**
 * The first fault of a graph in the order of its nodes: duplicates, then missing needs, then cycles. Null when every
 * need is met and an order of execution exists. Takes time in proportion to nodes and needs.
 */
export function findGraphFault(nodes: readonly GraphNode[]): GraphFault | null {
  const byName = new Map<string, GraphNode>();
  for (const node of nodes) {
    if (byName.has(node.name)) {
      return { kind: 'duplicate', name: node.name };
    }
    byName.set(node.name, node);
  }
  for (const { name, needs } of nodes) {
    const need = needs.find((candidate) => !byName.has(candidate));
    if (need !== undefined) {
      return { kind: 'missing', name, need };
    }
  }
  return findCycle(nodes, byName);
}

/**
 * Walks along the needs without recursion, so that a chain of any length fits. A node on the path under way that is
 * reached again closes a cycle.
 */
function findCycle(nodes: readonly GraphNode[], byName: ReadonlyMap<string, GraphNode>): GraphFault | null {
  const states = new Map<string, 'on path' | 'done'>();
  for (const start of nodes) {
    const path = states.has(start.name) ? [] : [{ node: start, nextNeed: 0 }];
    for (let end = path.at(-1); end !== undefined; end = path.at(-1)) {
      const need = end.node.needs[end.nextNeed];
      end.nextNeed += 1;
      states.set(end.node.name, need === undefined ? 'done' : 'on path');
      if (need === undefined) {
        path.pop();
      } else if (states.get(need) === 'on path') {
        const names = path.map(({ node }) => node.name);
        return { kind: 'cycle', names: names.slice(names.indexOf(need)) };
      } else if (!states.has(need)) {
        path.push({ node: byName.get(need) as GraphNode, nextNeed: 0 });
      }
    }
  }
  return null;
}

/** All nodes that need `name`, directly or through others, in the order of the graph. The graph may have faults. */
export function dependantsOf(nodes: readonly GraphNode[], name: string): readonly string[] {
  const dependants = new Map<string, string[]>();
  for (const node of nodes) {
    for (const need of node.needs) {
      const list = dependants.get(need);
      if (list === undefined) {
        dependants.set(need, [node.name]);
      } else {
        list.push(node.name);
      }
    }
  }
  return inOrder(
    nodes,
    reachable(name, (node) => dependants.get(node)),
  );
}

/**
 * How many nodes on the longest way to each must end before it begins, by name; 0 for those that need nothing. Walks
 * in the order in which nodes could run. The graph must have no fault.
 */
export function stageRanks(nodes: readonly GraphNode[]): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  const dependants = new Map<string, GraphNode[]>(nodes.map(({ name }) => [name, []]));
  const open = new Map(nodes.map(({ name, needs }) => [name, new Set(needs).size]));
  for (const node of nodes) for (const need of new Set(node.needs)) (dependants.get(need) as GraphNode[]).push(node);
  const ready = nodes.filter(({ needs }) => needs.length === 0);
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    const { name, needs } = node;
    ranks.set(
      name,
      needs.reduce((rank, need) => Math.max(rank, Number(ranks.get(need)) + 1), 0),
    );
    for (const dependant of dependants.get(name) as GraphNode[]) {
      const left = Number(open.get(dependant.name)) - 1;
      open.set(dependant.name, left);
      if (left === 0) ready.push(dependant);
    }
  }
  return ranks;
}

/** All nodes that `name` needs, directly or through others, in the order of the graph. The graph may have faults. */
export function ancestorsOf(nodes: readonly GraphNode[], name: string): readonly string[] {
  const needs = new Map(nodes.map((node) => [node.name, node.needs]));
  return inOrder(
    nodes,
    reachable(name, (node) => needs.get(node)),
  );
}

function reachable(name: string, next: (node: string) => readonly string[] | undefined): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [...(next(name) ?? [])];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!found.has(node)) {
      found.add(node);
      waiting.push(...(next(node) ?? []));
    }
  }
  return found;
}

function inOrder(nodes: readonly GraphNode[], names: ReadonlySet<string>): readonly string[] {
  return nodes.map(({ name }) => name).filter((name) => names.has(name));
}
