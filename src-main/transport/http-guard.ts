import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiError } from '../contract/errors.ts';
import type { HttpAccess } from './http-access.ts';
import { safetyHeaders, sendOnward, sendRefusal } from './http-replies.ts';

export interface HttpGuardDependencies {
  readonly app: FastifyInstance;
  readonly access: HttpAccess;
  /** Where the server listens. */
  readonly port: () => number;
}

/** Wrong tickets, cookies and tokens in a minute, of everybody together, before they are not even looked at. */
const maxFailures = 30;

/** Cookies do not know ports: servers beside each other need names of their own. */
function cookieName(port: number): string {
  return `signalbox-${port}`;
}

/**
 * Stands before every route: only under the server's own names (another name may be an attacker's that points here),
 * only from its own pages, and only for somebody who entered with a ticket, or has the token of the data folder.
 * Needs the plug-ins for cookies and rate limits. @returns enters with a ticket, for the route of entry links.
 */
export function guardHttp({ app, access, port }: HttpGuardDependencies) {
  const countFailure = app.createRateLimit({
    max: maxFailures,
    timeWindow: 60_000,
    keyGenerator: () => 'everybody',
  });

  async function refuseStranger(request: FastifyRequest, reply: FastifyReply, error: ApiError) {
    const limit = await countFailure(request);
    const isTooMuch = !limit.isAllowed && limit.isExceeded;
    return isTooMuch ? sendRefusal(request, reply, 429, tooMany) : sendRefusal(request, reply, 401, error);
  }

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(safetyHeaders);
    const hosts = ownHosts(port());
    const { host = '', origin, authorization } = request.headers;
    if (!hosts.includes(host)) return sendRefusal(request, reply, 403, otherHost);
    if (origin !== undefined && !hosts.includes(origin.replace(/^http:\/\//, ''))) {
      return sendRefusal(request, reply, 403, otherOrigin);
    }
    if (pathOf(request) === '/enter') return;
    if (authorization !== undefined) {
      const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      if (token !== undefined && access.isApiToken(token)) return;
      return refuseStranger(request, reply, wrongToken);
    }
    const visitor = request.cookies[cookieName(port())];
    if (visitor === undefined || !access.isKnown(visitor)) return refuseStranger(request, reply, notEntered);
    const isFromPage = request.method === 'POST' || request.ws;
    if (isFromPage && origin === undefined) return sendRefusal(request, reply, 403, otherOrigin);
  });

  return async (request: FastifyRequest, reply: FastifyReply, ticket: string) => {
    const visitor = access.enter(ticket);
    if (visitor === null) return refuseStranger(request, reply, usedUp);
    reply.setCookie(cookieName(port()), visitor, { httpOnly: true, sameSite: 'strict', path: '/' });
    // A strict cookie is not sent on a way that began at another site, not even after a redirect: a page of our own
    // begins a new one.
    const isFromElsewhere = request.headers['sec-fetch-site'] === 'cross-site';
    return isFromElsewhere ? sendOnward(reply) : reply.redirect('/', 303);
  };
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}

/** The names under which the server is asked for; a browser leaves port 80 out. */
function ownHosts(port: number): readonly string[] {
  return ['127.0.0.1', 'localhost', '[::1]'].flatMap((name) =>
    port === 80 ? [name, `${name}:80`] : [`${name}:${port}`],
  );
}

const newLink =
  'Use a new link from the terminal: "signalbox serve" prints one, and another each time Enter is pressed there.';

const notEntered: ApiError = { type: 'refused', message: 'This browser has not been let in yet.', remedy: newLink };
const usedUp: ApiError = {
  type: 'refused',
  message: 'This link was used already, or is older than five minutes.',
  remedy: newLink,
};
const wrongToken: ApiError = {
  type: 'refused',
  message: 'The token is not the one of this data folder.',
  remedy: 'Send "Authorization: Bearer" with what the file api-token in the data folder contains.',
};
const tooMany: ApiError = {
  type: 'unavailable',
  message: 'There were too many wrong links and tokens in the last minute.',
  remedy: 'Wait a minute, then use a new link from the terminal.',
};
const otherHost: ApiError = {
  type: 'refused',
  message: 'This server answers only under 127.0.0.1 and localhost, at its own port.',
  remedy: newLink,
};
const otherOrigin: ApiError = {
  type: 'refused',
  message: 'Only pages of this server may do this.',
  remedy: newLink,
};
