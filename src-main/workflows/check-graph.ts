import type { GraphNode } from '../core/stage-graph.ts';
import { findGraphFault } from '../core/stage-graph.ts';
import type { Fault } from './fault.ts';
import { collectFaults, errorAt, remedyFor } from './fault.ts';
import type { StageView, WorkflowView } from './workflow-view.ts';

/** Names used twice, needs that no stage meets, and every cycle, with the names of its stages. */
export function checkGraph(view: WorkflowView): readonly Fault[] {
  const stages = new Map<string, StageView>();
  const faults: Fault[] = [];
  for (const stage of view.stages) {
    if (stage.name !== null && stages.has(stage.name)) {
      const first = view.stages.findIndex(({ name }) => name === stage.name) + 1;
      faults.push(
        errorAt(
          [...stage.path, 'name'],
          `The name "${stage.name}" is used twice: it is also the name of stage ${first}`,
        ),
      );
    } else if (stage.name !== null) {
      stages.set(stage.name, stage);
    }
  }
  const names = [...stages.keys()];
  return [...faults, ...collectFaults(view.stages, (stage) => checkNeeds(stage, names)), ...findCycles(stages)];
}

function checkNeeds(stage: StageView, names: readonly string[]): readonly Fault[] {
  return collectFaults(stage.needs.entries(), ([index, need]) =>
    need === '' || names.includes(need)
      ? []
      : [errorAt(stage.needPath(index), `There is no stage "${need}"; ${remedyFor(need, 'stages', names)}`)],
  );
}

/** Takes the stages of each cycle found out of the graph, so that the next one can be found too. */
function findCycles(stages: ReadonlyMap<string, StageView>): readonly Fault[] {
  const faults: Fault[] = [];
  let nodes: readonly GraphNode[] = [...stages].map(([name, { needs }]) => ({
    name,
    needs: needs.filter((need) => stages.has(need)),
  }));
  for (let fault = findGraphFault(nodes); fault?.kind === 'cycle'; fault = findGraphFault(nodes)) {
    const { names } = fault;
    const first = names[0] as string;
    const second = names[1] ?? first;
    const stage = stages.get(first) as StageView;
    const message =
      names.length === 1
        ? `The stage "${first}" needs itself`
        : `The stages ${[...names, first].join(' → ')} need each other in a circle; remove one of these needs`;
    faults.push(errorAt(stage.needPath(stage.needs.indexOf(second)), message));
    nodes = nodes.map((node) => (names.includes(node.name) ? { ...node, needs: [] } : node));
  }
  return faults;
}
