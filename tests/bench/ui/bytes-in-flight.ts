import type { CDPSession } from '@playwright/test';

interface Frame {
  readonly timestamp: number;
  readonly response: { readonly payloadData: string };
}

/** Bytes that were on their way to the window, or not taken by it, from one time to another. */
interface Flight {
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

/**
 * The most bytes that were on their way to a window at once, from what its WebSocket carried while the work went on.
 * The message of a feed counts from the moment the window asked for it until the window asks for the next one, which
 * it does when it has shown it; an answer from its question until it came. So it is rather too much than too little.
 */
export async function mostBytesInFlight(devtools: CDPSession, work: () => Promise<void>): Promise<number> {
  const flights: Flight[] = [];
  const askedAt = new Map<number, number>();
  const untaken = new Map<number, { readonly from: number; readonly bytes: number }>();

  function sent({ timestamp, response }: Frame): void {
    const { ask, id } = JSON.parse(response.payloadData) as { readonly ask: string; readonly id: number };
    const message = untaken.get(id);
    if ((ask === 'next' || ask === 'stop') && message !== undefined) {
      flights.push({ ...message, to: timestamp });
      untaken.delete(id);
    }
    askedAt.set(id, timestamp);
  }

  function received({ timestamp, response }: Frame): void {
    const { payloadData } = response;
    const { say, id } = JSON.parse(payloadData) as { readonly say: string; readonly id?: number };
    if (id === undefined) return;
    const from = askedAt.get(id) ?? timestamp;
    const bytes = Buffer.byteLength(payloadData);
    if (say === 'message') untaken.set(id, { from, bytes });
    else flights.push({ from, to: timestamp, bytes });
  }

  devtools.on('Network.webSocketFrameSent', sent);
  devtools.on('Network.webSocketFrameReceived', received);
  await devtools.send('Network.enable');
  try {
    await work();
  } finally {
    await devtools.send('Network.disable');
    devtools.off('Network.webSocketFrameSent', sent);
    devtools.off('Network.webSocketFrameReceived', received);
  }
  return mostAtOnce(flights);
}

function mostAtOnce(flights: readonly Flight[]): number {
  const changes = flights.flatMap(({ from, to, bytes }) => [
    { at: from, bytes },
    { at: to, bytes: -bytes },
  ]);
  changes.sort((a, b) => a.at - b.at || a.bytes - b.bytes);
  let now = 0;
  let most = 0;
  for (const { bytes } of changes) {
    now += bytes;
    most = Math.max(most, now);
  }
  return most;
}
