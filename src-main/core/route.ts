import type { AgentSelector } from '../contract/workflow.ts';

/**
 * Names the lane in which ready tasks wait that ask for the same agents, so that the head of a lane is all that a
 * free agent has to look at. Names hold neither `/` nor `,`, and capabilities are sorted: equal demands, equal route.
 * @returns `type/id/capability,capability`, with an empty part for what is not asked.
 */
export function routeOf(selector: AgentSelector): string {
  const capabilities = [...new Set(selector.capabilities)].sort();
  return `${selector.type ?? ''}/${selector.id ?? ''}/${capabilities.join(',')}`;
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
