import { agentIdSchema, nameSchema, runIdSchema, taskIdSchema } from '../contract/ids.ts';

/** The scheme of links that lead into Signalbox from elsewhere. */
export const linkScheme = 'signalbox';

/** The views that a link may open by their name, besides the overview, where the interface begins. */
const views: ReadonlySet<string> = new Set([
  'runs',
  'queue',
  'agents',
  'workflows',
  'schedules',
  'inbox',
  'messages',
  'events',
  'metrics',
  'settings',
]);

/** One thing of a kind: what its id looks like, and the view that shows it. */
const things = new Map([
  ['run', { id: runIdSchema, view: 'runs' }],
  ['task', { id: taskIdSchema, view: 'tasks' }],
  ['agent', { id: agentIdSchema, view: 'agents' }],
  ['workflow', { id: nameSchema, view: 'workflows' }],
]);

/** No link of ours is nearly as long. */
const maxLinkLength = 200;

/**
 * The route of the interface that a link means: `signalbox://run/<id>`, and the same of a task, an agent and a workflow,
 * or `signalbox://inbox`, a view. Links come from other programs: nothing of them is passed on but what was recognised.
 * @returns null for anything else.
 */
export function routeOfLink(link: string): string | null {
  if (link.length > maxLinkLength) return null;
  const match = /^signalbox:\/\/([a-z]+)(?:\/([a-z0-9_-]+))?\/?$/.exec(link);
  if (match === null) return null;
  const [, place = '', id] = match;
  if (id === undefined && place === 'overview') return '/';
  if (id === undefined) return views.has(place) ? `/${place}` : null;
  const thing = things.get(place);
  return thing?.id.safeParse(id).success ? `/${thing.view}/${id}` : null;
}

/** The route that a command line asks for; null when it names none. Only Linux and Windows pass links this way. */
export function routeOfArguments(argv: readonly string[]): string | null {
  const link = argv.find((argument) => argument.startsWith(`${linkScheme}://`));
  return link === undefined ? null : routeOfLink(link);
}
