import type { AgentSelector } from '../contract/workflow.ts';

/**
 * Names the lane in which ready tasks wait that ask for the same agents, so that the head of a lane is all that a
 * free agent has to look at. Names hold neither `/` nor `,`, and capabilities are sorted: equal demands, equal route.
 * Work of a project has lanes of its own: the agents that the project brings take no other.
 * @returns `type/id/capability,capability`, with an empty part for what is not asked; of a project, `/` and its folder.
 */
export function routeOf(selector: AgentSelector, project?: string): string {
  const capabilities = [...new Set(selector.capabilities)].sort();
  const route = `${selector.type ?? ''}/${selector.id ?? ''}/${capabilities.join(',')}`;
  return project === undefined ? route : `${route}/${project}`;
}

/** The selector that a route stands for: the inverse of {@link routeOf}, capabilities sorted and without repetition. */
export function selectorOfRoute(route: string): AgentSelector {
  const [type = '', id = '', capabilities = ''] = route.split('/');
  return {
    ...(type === '' ? {} : { type }),
    ...(id === '' ? {} : { id: id as NonNullable<AgentSelector['id']> }),
    capabilities: capabilities === '' ? [] : capabilities.split(','),
  };
}

/** The project whose work a route stands for; undefined: work of none. */
export function projectOfRoute(route: string): string | undefined {
  const [, , , ...project] = route.split('/');
  return project.length === 0 ? undefined : project.join('/');
}
