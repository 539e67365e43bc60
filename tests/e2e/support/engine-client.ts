import type { ApiClient } from '../../../src-main/contract/api.ts';
import { readEngineLock } from '../../../src-main/engine/engine-lock.ts';
import { connectSocketClient } from '../../../src-main/transport/socket-client.ts';
import { until } from '../../support/until.ts';

/** The contract as a program of this machine calls it: past the window, over the engine's own socket. */
export interface EngineClient {
  readonly api: ApiClient;
  close(): void;
}

/** Connects to the engine that works in a data folder. */
export async function connectToEngine(dataFolder: string): Promise<EngineClient> {
  const path = await until(
    'the socket of the engine',
    async () => (await readEngineLock(dataFolder))?.socketPath ?? undefined,
  );
  const connected = await connectSocketClient({ path, connectMs: 5_000, answerMs: 30_000 });
  if (!connected.ok) throw new Error(connected.error.message);
  return { api: connected.value.client, close: () => connected.value.close() };
}
