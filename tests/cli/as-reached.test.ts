import { expect, test, vi } from 'vitest';
import { asReached } from '../../src-main/cli/as-reached.ts';
import type { OpenEngine } from '../../src-main/open-orchestrator.ts';
import type { SocketClient } from '../../src-main/transport/socket-client.ts';

const listener = { deliver: vi.fn(), ended: vi.fn() };

test('R80 the engine of another process is called, and only let go of', async () => {
  const client = {
    client: { getStatus: vi.fn() },
    hello: { say: 'hello', protocol: 1, version: '1', pid: 9 },
    follow: vi.fn(),
    lost: new Promise<null>(() => {}),
    close: vi.fn(),
  } as unknown as SocketClient;
  const reached = asReached({ role: 'guest', pid: 9, client });
  expect(reached).toMatchObject({ role: 'guest', pid: 9, client: client.client });
  await reached.follow({ topic: 'events', afterSeq: 0 }, listener);
  expect(client.follow).toHaveBeenCalledWith({ topic: 'events', afterSeq: 0 }, listener);
  await reached.close();
  expect(client.close).toHaveBeenCalledOnce();
});

test('R70 the engine of this process is called, and parked or drained at the end', async () => {
  const engine: OpenEngine = {
    served: { call: vi.fn(async () => ({ ok: true as const, value: 'called' })), follow: vi.fn() },
    close: vi.fn(async () => {}),
  };
  const reached = asReached({ role: 'host', pid: 5, engine });
  expect(await reached.client.getStatus({})).toEqual({ ok: true, value: 'called' });
  await reached.follow({ topic: 'events', afterSeq: 0 }, listener);
  expect(engine.served.follow).toHaveBeenCalledOnce();
  await reached.close();
  await reached.close({ graceMs: 0, drainMs: 7 });
  expect(vi.mocked(engine.close).mock.calls).toEqual([
    [{ mode: 'park', graceMs: 5_000 }],
    [{ mode: 'drain', graceMs: 0, drainMs: 7 }],
  ]);
});
