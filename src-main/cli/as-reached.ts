import type { ReachedEngine } from '../reach/reach-engine.ts';
import { clientOf } from '../transport/api-client.ts';
import type { Reached } from './cli-context.ts';

const parkGraceMs = 5_000;

/** An engine as commands talk to it, wherever it lives. */
export function asReached(found: ReachedEngine): Reached {
  const { role, pid } = found;
  if (found.role === 'guest') {
    const { client } = found;
    return {
      role,
      pid,
      client: client.client,
      follow: (subscription, listener) => client.follow(subscription, listener),
      close: async () => client.close(),
    };
  }
  const { engine } = found;
  const { served } = engine;
  return {
    role,
    pid,
    client: clientOf(served),
    follow: async (subscription, listener) => served.follow(subscription, listener),
    close: ({ graceMs = parkGraceMs, drainMs } = {}) =>
      engine.close(drainMs === undefined ? { mode: 'park', graceMs } : { mode: 'drain', graceMs, drainMs }),
  };
}
