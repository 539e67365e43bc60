import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Who may come in over HTTP. Keeps only hashes of what it gave out. */
export interface HttpAccess {
  /** A new ticket for an entry link: good for one use, within five minutes. */
  createTicket(): string;
  /** Takes a ticket. @returns what its bearer is known by from now on; null when the ticket is no good. */
  enter(ticket: string): string | null;
  /** Whether somebody who entered is known by this. */
  isKnown(visitor: string): boolean;
  /** Whether this is the token of the data folder, which programs use. */
  isApiToken(token: string): boolean;
}

const ticketMs = 5 * 60_000;
/** More than anybody needs; beyond it the oldest goes. */
const maxTickets = 16;
const maxVisitors = 64;

/** A secret of 256 bits, in letters that a URL and a header take as they are. */
export function createSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** @param monotonic milliseconds that only ever grow. */
export function createHttpAccess(apiToken: string, monotonic: () => number): HttpAccess {
  const api = hash(apiToken);
  let tickets: { digest: Buffer; until: number }[] = [];
  let visitors: Buffer[] = [];
  return {
    createTicket() {
      const ticket = createSecret();
      tickets = [...tickets, { digest: hash(ticket), until: monotonic() + ticketMs }].slice(-maxTickets);
      return ticket;
    },
    enter(ticket) {
      const given = hash(ticket);
      const now = monotonic();
      const found = tickets.filter(({ digest }) => timingSafeEqual(digest, given));
      tickets = tickets.filter((other) => other.until > now && !found.includes(other));
      if (!found.some(({ until }) => until > now)) return null;
      const visitor = createSecret();
      visitors = [...visitors, hash(visitor)].slice(-maxVisitors);
      return visitor;
    },
    isKnown(visitor) {
      const given = hash(visitor);
      // Looks at all of them, so that the time tells nothing.
      return visitors.filter((digest) => timingSafeEqual(digest, given)).length > 0;
    },
    isApiToken: (token) => timingSafeEqual(api, hash(token)),
  };
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
