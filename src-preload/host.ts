import { ipcRenderer } from 'electron';
import { isApiName } from '../src-main/contract/api-names.ts';
import { refuse } from '../src-main/contract/errors.ts';
import type { SignalboxHost } from '../src-main/contract/host.ts';
import { hostChannels } from '../src-main/contract/host.ts';
import { maxRequestsUnderWay } from '../src-main/contract/wire-terms.ts';
import { encodeRequest } from './encode-request.ts';
import { createSubscriptions } from './subscriptions.ts';

/** The page's way to the main process: two questions, one answer each, and nothing by any other name. */
export function createHost(): SignalboxHost {
  const subscriptions = createSubscriptions();
  let underWay = 0;

  async function ask(channel: string, ...values: readonly unknown[]): Promise<unknown> {
    if (underWay >= maxRequestsUnderWay) return tooMany();
    underWay += 1;
    try {
      return await ipcRenderer.invoke(channel, ...values);
    } catch {
      return refuse('unavailable', 'The engine does not answer: Signalbox is quitting.', 'Start Signalbox again.');
    } finally {
      underWay -= 1;
    }
  }

  return {
    kind: 'electron',
    platform: process.platform,
    async call(name, input) {
      if (typeof name !== 'string' || !isApiName(name)) {
        return refuse('notFound', 'The contract has no entry of this name.', 'Reload the window.');
      }
      const request = encodeRequest(input);
      return request.ok ? ask(hostChannels.call, name, request.value) : request;
    },
    async subscribe(subscription, onMessage, onEnded) {
      const request = encodeRequest(subscription);
      if (!request.ok) return request;
      return subscriptions.start({ onMessage, onEnded }, (id) => ask(hostChannels.subscribe, id, request.value));
    },
    ping: () => ask(hostChannels.ping),
    unsubscribe: (id) => subscriptions.end(id),
  };
}

function tooMany() {
  return refuse(
    'unavailable',
    `This window has asked for ${maxRequestsUnderWay} things that are not answered yet.`,
    'Try again in a moment.',
  );
}
