import { runIdSchema } from '../contract/ids.ts';

/** The scheme of links that lead into Signalbox from elsewhere. */
export const linkScheme = 'signalbox';

/** The views that a link may open by their name, besides the overview, where the interface begins. */
const views: ReadonlySet<string> = new Set([
  'runs',
  'queue',
  'agents',
  'workflows',
  'inbox',
  'events',
  'metrics',
  'settings',
]);

/** No link of ours is nearly as long. */
const maxLinkLength = 200;

/**
 * The route of the interface that a link means: `signalbox://run/<id>` a run, `signalbox://inbox` a view. Links come
 * from other programs: nothing of them is passed on but what was recognised.
 * @returns null for anything else.
 */
export function routeOfLink(link: string): string | null {
  if (link.length > maxLinkLength) return null;
  const match = /^signalbox:\/\/([a-z]+)(?:\/([a-z0-9_]+))?\/?$/.exec(link);
  if (match === null) return null;
  const [, place = '', id] = match;
  if (id === undefined && place === 'overview') return '/';
  if (id === undefined) return views.has(place) ? `/${place}` : null;
  return place === 'run' && runIdSchema.safeParse(id).success ? `/runs/${id}` : null;
}

/** The route that a command line asks for; null when it names none. Only Linux and Windows pass links this way. */
export function routeOfArguments(argv: readonly string[]): string | null {
  const link = argv.find((argument) => argument.startsWith(`${linkScheme}://`));
  return link === undefined ? null : routeOfLink(link);
}
