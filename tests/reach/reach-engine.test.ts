import { expect, test, vi } from 'vitest';
import type { LockHolder } from '../../src-main/engine/engine-lock.ts';
import type { OpenEngine } from '../../src-main/open-orchestrator.ts';
import type { ReachDependencies, ReachedEngine } from '../../src-main/reach/reach-engine.ts';
import { reachEngine } from '../../src-main/reach/reach-engine.ts';
import type { SocketClient } from '../../src-main/transport/socket-client.ts';

const holder: LockHolder = { pid: 9, startMark: 'm', socketPath: '/s', version: '1.0.0', startedAt: 0 };
const silent = { type: 'unavailable', message: 'No engine answers.', remedy: 'Wait.' } as const;

function dependencies(change: Partial<ReachDependencies> = {}) {
  let now = 0;
  const engine: OpenEngine = {
    served: { call: vi.fn(async () => ({ ok: true as const, value: 'called' })), follow: vi.fn() },
    close: vi.fn(async () => {}),
  };
  const client = {
    client: { getStatus: vi.fn() },
    hello: { say: 'hello', protocol: 1, version: '1', pid: 9 },
    follow: vi.fn(),
    close: vi.fn(),
  } as unknown as SocketClient;
  const all: ReachDependencies = {
    dataFolder: '/data',
    findHolder: vi.fn(async () => null),
    open: vi.fn(async () => ({ ok: true as const, value: engine })),
    connect: vi.fn(async () => ({ ok: true as const, value: client })),
    show: vi.fn(),
    waiting: vi.fn(),
    sleep: async (ms) => {
      now += ms;
    },
    monotonic: () => now,
    pid: 5,
    ...change,
  };
  return { all, engine, client };
}

/** What was reached; a refusal fails the test. */
async function reach(...given: Parameters<typeof reachEngine>): Promise<ReachedEngine> {
  const result = await reachEngine(...given);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

test('R80 a living engine is talked to', async () => {
  const { all, client } = dependencies({ findHolder: async () => holder });
  expect(await reach('work', all)).toEqual({ role: 'guest', pid: 9, client });
  expect(all.open).not.toHaveBeenCalled();
});

test.each([
  ['idle', 'idle', 'idle'],
  ['work', 'work', 'host'],
  ['own', 'work', 'host'],
] as const)('without one, a process that needs %s opens one itself', async (need, mode, role) => {
  const { all, engine } = dependencies();
  expect(await reach(need, all)).toEqual({ role, pid: 5, engine });
  expect(all.open).toHaveBeenCalledWith({ dataFolder: '/data', mode, show: all.show });
});

test('a process that must be the engine itself is told who is', async () => {
  const { all, client } = dependencies({ findHolder: async () => holder });
  expect(await reachEngine('own', all)).toMatchObject({
    ok: false,
    error: { message: 'An engine of this data folder is running already: process 9 (Signalbox 1.0.0).' },
  });
  expect(client.close).toHaveBeenCalledOnce();
});

test('R80 a process that only holds the folder for a moment is waited for', async () => {
  const findHolder = vi.fn(async () => ({ ...holder, socketPath: null }) as LockHolder | null);
  findHolder.mockResolvedValueOnce({ ...holder, socketPath: null }).mockResolvedValue(null);
  const { all } = dependencies({ findHolder });
  expect(await reach('work', all)).toMatchObject({ role: 'host' });
  expect(all.connect).not.toHaveBeenCalled();
});

test('R80 when another process was quicker to open one, that one is talked to', async () => {
  const findHolder = vi.fn(async (): Promise<LockHolder | null> => holder).mockResolvedValueOnce(null);
  const open = vi.fn(async () => ({ ok: false as const, error: { kind: 'held' as const, holder } }));
  const { all } = dependencies({ findHolder, open });
  expect(await reach('work', all)).toMatchObject({ role: 'guest' });
});

test('an engine that starts is waited for, and the person is told', async () => {
  let calls = 0;
  const { all, client } = dependencies({ findHolder: async () => holder });
  const connect: ReachDependencies['connect'] = async () => {
    calls += 1;
    return calls > 60 ? { ok: true, value: client } : { ok: false, error: silent };
  };
  expect(await reach('idle', { ...all, connect })).toMatchObject({ role: 'guest' });
  expect(vi.mocked(all.waiting).mock.calls).toEqual([['Waiting for process 9, which holds the data folder /data.']]);
});

test('a process that never answers is named, with what to do', async () => {
  const connect = async () => ({ ok: false as const, error: silent });
  const { all } = dependencies({ findHolder: async () => holder, connect });
  expect(await reachEngine('idle', all)).toMatchObject({
    error: {
      type: 'unavailable',
      message: 'Process 9 (Signalbox 1.0.0) holds the data folder /data, but does not answer.',
      remedy: expect.stringContaining('kill 9'),
    },
  });
});

test('an engine of another version is not waited for', async () => {
  const error = { type: 'conflict', message: 'another protocol', remedy: 'Use the same version.' } as const;
  const { all } = dependencies({ findHolder: async () => holder, connect: async () => ({ ok: false, error }) });
  expect(await reachEngine('idle', all)).toEqual({ ok: false, error });
});

test('R40 what keeps the engine from opening is told with its sentence', async () => {
  const error = { type: 'storeFailed', message: 'The database is newer.', remedy: 'Update.' } as const;
  const { all } = dependencies({ open: async () => ({ ok: false, error: { kind: 'refused', error } }) });
  expect(await reachEngine('work', all)).toEqual({ ok: false, error });
});

test('a process that is wanted no more is not waited for', async () => {
  const { all } = dependencies({ findHolder: async () => ({ ...holder, socketPath: null }) });
  const givenUp = vi.fn(() => true).mockReturnValueOnce(false);
  expect(await reachEngine('work', { ...all, givenUp })).toMatchObject({ ok: false, error: { type: 'unavailable' } });
  expect(givenUp).toHaveBeenCalledTimes(2);
});
