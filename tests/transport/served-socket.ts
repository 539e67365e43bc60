import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { serveApi } from '../../src-main/transport/serve-api.ts';
import type { SocketClient } from '../../src-main/transport/socket-client.ts';
import { connectSocketClient } from '../../src-main/transport/socket-client.ts';
import type { SocketServer } from '../../src-main/transport/socket-server.ts';
import { startSocketServer } from '../../src-main/transport/socket-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { FakeEngine } from './fake-engine.ts';

/** Where a test's engine listens. */
export function testSocketPath(): string {
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\signalbox-test-${process.pid}-${crypto.randomUUID()}`
    : join(temporaryFolder(), 'engine.sock');
}

/** Real time, as the product has it. */
const timer = {
  monotonic: () => performance.now(),
  after(ms: number, callback: () => void) {
    const handle = setTimeout(callback, ms);
    return () => clearTimeout(handle);
  },
};

/** Serves an engine over a real socket until the test ends. */
export async function serveOverSocket(engine: FakeEngine): Promise<{ path: string; server: SocketServer }> {
  const path = testSocketPath();
  const logger = { error: () => {} };
  const served = serveApi({ engine, timer, logger, createReference: () => 'ref-1' });
  const server = await startSocketServer({ path, served, version: '1.2.3', pid: 42 });
  onTestFinished(() => server.close());
  return { path, server };
}

/** A client of a served engine; closed when the test ends. */
export async function connectTo(path: string, answerMs = 10_000): Promise<SocketClient> {
  const result = await connectSocketClient({ path, connectMs: 5_000, answerMs });
  if (!result.ok) throw new Error(result.error.message);
  onTestFinished(() => result.value.close());
  return result.value;
}
