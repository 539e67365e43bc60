import { subscriptionSchema } from '../contract/api.ts';
import { isApiName } from '../contract/api-names.ts';
import { invalidInput } from '../contract/invalid-input.ts';
import { err, ok } from '../contract/result.ts';
import type { Feed } from './feed.ts';
import type { ServedApi } from './serve-api.ts';
import { unknownEntry } from './serve-api.ts';
import type { SocketClient } from './socket-client.ts';

/**
 * The engine of another process behind the same door as one of this process. A feed that the engine refuses after all
 * ends with what the engine said.
 */
export function serveRemote(remote: Pick<SocketClient, 'client' | 'follow'>): ServedApi {
  return {
    async call(name, input) {
      return isApiName(name) ? remote.client[name](input as never) : unknownEntry(name);
    },
    follow(input, listener) {
      const subscription = subscriptionSchema.safeParse(input);
      if (!subscription.success) return err(invalidInput('The subscription', subscription.error));
      let feed: Feed | null = null;
      let stopped = false;
      const followed = remote.follow(subscription.data, {
        deliver: (message) => (stopped ? undefined : listener.deliver(message)),
        ended: (error) => {
          if (!stopped) listener.ended(error);
          stopped = true;
        },
      });
      void followed.then((result) => {
        if (result.ok) feed = result.value;
        if (stopped) feed?.stop();
        else if (!result.ok) listener.ended(result.error);
      });
      return ok({
        stop() {
          stopped = true;
          feed?.stop();
        },
      });
    },
  };
}
