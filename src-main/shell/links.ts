import { routeOfArguments, routeOfLink } from './deep-link.ts';
import { isHiddenStart } from './start-at-login.ts';

/** What of Electron's application tells of links and of further starts. */
export interface LinkSource {
  on(event: 'second-instance', listener: (event: unknown, argv: string[]) => void): unknown;
  on(event: 'open-url', listener: (event: { preventDefault(): void }, link: string) => void): unknown;
}

/** Links into the application, which may come before there is a window to lead. */
export interface Links {
  /**
   * From now on every link and every further start is shown.
   * @param show brings a window to the front, and leads it to the route; without one it stays where it is.
   * @returns where the first window opens; undefined: at its start.
   */
  lead(show: (route?: string) => void): string | undefined;
}

/**
 * Hears links from the first moment on. Until there are windows the last one is kept: a Mac tells the link of a start
 * before anything is ready, and a second start may come while the engine is still opening.
 * @param argv of this start.
 */
export function hearLinks(source: LinkSource, argv: readonly string[]): Links {
  let kept = routeOfArguments(argv) ?? undefined;
  let show = (route?: string): void => {
    kept = route ?? kept;
  };
  source.on('second-instance', (_event, words) => {
    const route = routeOfArguments(words);
    // The login starts what may be running already; nobody asked for a window.
    if (route !== null || !isHiddenStart(words)) show(route ?? undefined);
  });
  source.on('open-url', (event, link) => {
    event.preventDefault();
    const route = routeOfLink(link);
    if (route !== null) show(route);
  });
  return {
    lead(showLater) {
      show = showLater;
      return kept;
    },
  };
}
