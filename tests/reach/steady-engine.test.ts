import { expect, onTestFinished, test, vi } from 'vitest';
import type { ApiError } from '../../src-main/contract/errors.ts';
import type { Result } from '../../src-main/contract/result.ts';
import { err, ok } from '../../src-main/contract/result.ts';
import type { LockHolder } from '../../src-main/engine/engine-lock.ts';
import type { OpenEngine, OpenFailure } from '../../src-main/open-orchestrator.ts';
import type { EngineState, SteadyEngine } from '../../src-main/reach/steady-engine.ts';
import { openSteadyEngine } from '../../src-main/reach/steady-engine.ts';
import type { SocketClient } from '../../src-main/transport/socket-client.ts';
import { KillableEngine } from '../support/killable-engine.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';
import { createManualTimer } from '../transport/manual-timer.ts';

const holder: LockHolder = { pid: 9, startMark: 'm', socketPath: '/s', version: '1.0.0', startedAt: 0 };
const park = { mode: 'park', graceMs: 10 } as const;
const gone: ApiError = { type: 'unavailable', message: 'Gone.', remedy: 'Wait.' };
const events = { topic: 'events', afterSeq: 0 } as const;

/** Another process's engine, which a test ends. */
function otherEngine(pid = 9) {
  const lost = Promise.withResolvers<ApiError | null>();
  const feed = { stop: vi.fn() };
  const client = {
    client: { getStatus: vi.fn(async () => ok('guest')) },
    hello: { say: 'hello', protocol: 1, version: '1', pid },
    follow: vi.fn(async () => ok(feed)),
    lost: lost.promise,
    close: vi.fn(),
  } as unknown as SocketClient;
  return { client, feed, end: () => lost.resolve(gone) };
}

/** A machine whose lock, engines and time a test decides. */
function machine() {
  const timer = createManualTimer();
  const guest = otherEngine();
  const feed = { stop: vi.fn() };
  const engine: OpenEngine = {
    served: { call: vi.fn(async () => ok('host')), follow: vi.fn(() => ok(feed)) },
    close: vi.fn(async () => {}),
  };
  const world = { holder: holder as LockHolder | null, connect: ok(guest.client) as Result<SocketClient, ApiError> };
  const open = vi.fn(async (): Promise<Result<OpenEngine, OpenFailure>> => ok(engine));
  const parts = {
    findHolder: async () => world.holder,
    open,
    connect: async () => world.connect,
    sleep: (ms: number) => new Promise<void>((resolve) => void timer.after(ms, resolve)),
    monotonic: timer.monotonic,
    after: timer.after,
    pid: 5,
  };
  return { timer, guest, engine, feed, world, open, parts };
}

async function openIn({ parts }: ReturnType<typeof machine>) {
  const opened = await openSteadyEngine({ dataFolder: '/data', parts });
  if (!opened.ok) throw new Error(opened.error.message);
  const states: EngineState[] = [];
  opened.value.onState((state) => states.push(state));
  return { steady: opened.value, states };
}

/** Lets everything happen that waits for no time. */
async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

test('where nobody hosts the engine, this process does, and ends it', async () => {
  const all = machine();
  all.world.holder = null;
  const { steady } = await openIn(all);
  expect(steady.state()).toEqual({ role: 'host', pid: 5 });
  expect(await steady.served.call('getStatus', {})).toEqual(ok('host'));
  expect(steady.served.follow(events, { deliver: vi.fn(), ended: vi.fn() })).toEqual(ok(all.feed));
  await steady.close(park);
  expect(all.engine.close).toHaveBeenCalledWith(park);
});

test('an engine of another process is asked, and only let go of', async () => {
  const all = machine();
  const { steady } = await openIn(all);
  expect(steady.state()).toEqual({ role: 'guest', pid: 9 });
  expect(await steady.served.call('getStatus', {})).toEqual(ok('guest'));
  expect(await steady.served.call('__proto__', {})).toMatchObject({ ok: false, error: { type: 'notFound' } });
  await steady.close(park);
  expect(all.guest.client.close).toHaveBeenCalledOnce();
  expect(all.open).not.toHaveBeenCalled();
});

test('R70 when the other process ends, this one becomes the host within a second', async () => {
  const all = machine();
  const { steady, states } = await openIn(all);
  // It has said good-bye, and still holds the folder for a moment.
  all.world.connect = err(gone);
  all.guest.end();
  await settle();
  expect(steady.state()).toEqual({ role: 'lost', pid: null });
  const call = steady.served.call('getStatus', {});
  const ended = vi.fn();
  expect(steady.served.follow(events, { deliver: vi.fn(), ended })).toMatchObject({ ok: true });
  all.world.holder = null;
  all.timer.advance(50);
  await settle();
  expect(await call).toEqual(ok('host'));
  expect(all.engine.served.follow).toHaveBeenCalledOnce();
  expect(states).toEqual([
    { role: 'lost', pid: null },
    { role: 'host', pid: 5 },
  ]);
  expect(ended).not.toHaveBeenCalled();
  await steady.close(park);
});

test('when a third process was quicker, that one is asked', async () => {
  const all = machine();
  const { steady, states } = await openIn(all);
  const third = otherEngine(11);
  all.world.connect = ok(third.client);
  all.guest.end();
  await settle();
  expect(states.at(-1)).toEqual({ role: 'guest', pid: 11 });
  await steady.close(park);
  expect(third.client.close).toHaveBeenCalledOnce();
});

test('while no engine can be reached, calls wait two seconds, and then they and feeds are told', async () => {
  const all = machine();
  const { steady } = await openIn(all);
  all.world.connect = err(gone);
  all.guest.end();
  await settle();
  const told = vi.fn();
  const ended = vi.fn();
  const stopped = vi.fn();
  void steady.served.call('getStatus', {}).then(told);
  steady.served.follow(events, { deliver: vi.fn(), ended });
  const given = steady.served.follow(events, { deliver: vi.fn(), ended: stopped });
  if (given.ok) given.value.stop();
  all.timer.advance(1_999);
  await settle();
  expect(told).not.toHaveBeenCalled();
  all.timer.advance(1);
  await settle();
  const error = expect.objectContaining({ type: 'unavailable', message: 'Gone.' });
  expect(told).toHaveBeenCalledWith({ ok: false, error });
  expect(ended.mock.calls).toEqual([[error]]);
  expect(stopped).not.toHaveBeenCalled();
  const closing = steady.close(park);
  all.timer.advance(50);
  await closing;
  expect(await steady.served.call('getStatus', {})).toMatchObject({ ok: false, error: { type: 'unavailable' } });
  expect(all.open).not.toHaveBeenCalled();
});

test('R75 an engine that cannot be opened is tried again, and calls are told why there is none', async () => {
  const all = machine();
  const { steady } = await openIn(all);
  all.world.holder = null;
  const error: ApiError = { type: 'storeFailed', message: 'The disk is full.', remedy: 'Free some.' };
  all.open.mockResolvedValueOnce(err({ kind: 'refused', error })).mockRejectedValueOnce(new Error('boom'));
  all.guest.end();
  await settle();
  const first = steady.served.call('getStatus', {});
  steady.served.follow(events, { deliver: vi.fn(), ended: vi.fn() });
  all.timer.advance(500);
  await settle();
  const second = steady.served.call('getStatus', {});
  all.timer.advance(500);
  await settle();
  expect(await Promise.all([first, second])).toEqual([ok('host'), ok('host')]);
  expect(steady.state().role).toBe('host');
  await steady.close(park);
});

test('R75 what keeps every engine from opening is what calls are told', async () => {
  const all = machine();
  const { steady } = await openIn(all);
  all.world.holder = null;
  all.open.mockRejectedValue(new Error('boom'));
  all.guest.end();
  await settle();
  const call = steady.served.call('getStatus', {});
  all.timer.advance(2_000);
  expect(await call).toMatchObject({
    ok: false,
    error: { type: 'unavailable', message: expect.stringContaining('boom') },
  });
  await steady.close(park);
  await settle();
  expect(all.timer.running).toBe(0);
});

test('an engine that opens while nobody wants it any more is ended', async () => {
  const all = machine();
  const { steady } = await openIn(all);
  const opened = Promise.withResolvers<Result<OpenEngine, OpenFailure>>();
  all.open.mockReturnValueOnce(opened.promise);
  all.world.holder = null;
  all.guest.end();
  await settle();
  const closing = steady.close(park);
  opened.resolve(ok(all.engine));
  await closing;
  expect(all.engine.close).toHaveBeenCalledWith(park);
});

test('what is in the way at the beginning is told at once', async () => {
  const all = machine();
  const error: ApiError = { type: 'conflict', message: 'Another protocol.', remedy: 'Use the same version.' };
  all.world.connect = err(error);
  expect(await openSteadyEngine({ dataFolder: '/data', parts: all.parts })).toEqual(err(error));
});

test.skipIf(process.platform === 'win32')(
  'R75 real engines: one that hangs is lost within two seconds, is not replaced while it lives, and is found again',
  async () => {
    const dataFolder = temporaryFolder();
    const other = new KillableEngine(dataFolder);
    onTestFinished(() => other.kill());
    await other.ready();
    const opened = await openSteadyEngine({ dataFolder });
    if (!opened.ok) throw new Error(opened.error.message);
    const steady = opened.value;
    onTestFinished(() => steady.close({ mode: 'park', graceMs: 1_000 }));
    const states: EngineState[] = [];
    steady.onState((state) => states.push(state));
    process.kill(other.pid, 'SIGSTOP');
    await until('the loss', () => states[0]);
    // It waits two seconds for an engine, and takes the place of none that lives.
    expect(await steady.served.call('listRuns', {})).toMatchObject({
      ok: false,
      error: { type: 'unavailable', message: expect.stringContaining('does not answer any more') },
    });
    process.kill(other.pid, 'SIGCONT');
    await until('the same engine', () => states[1]);
    expect(await steady.served.call('listRuns', {})).toMatchObject({ ok: true });
    expect(states).toEqual([
      { role: 'lost', pid: null },
      { role: 'guest', pid: other.pid },
    ]);
  },
  40_000,
);

test('R70 real engines: the guest of an engine that ends goes on as the host of the same work', async () => {
  const dataFolder = temporaryFolder();
  const open = async (): Promise<SteadyEngine> => {
    const opened = await openSteadyEngine({ dataFolder });
    if (!opened.ok) throw new Error(opened.error.message);
    onTestFinished(() => opened.value.close({ mode: 'park', graceMs: 1_000 }));
    return opened.value;
  };
  const first = await open();
  const second = await open();
  expect([first.state().role, second.state().role]).toEqual(['host', 'guest']);
  const ended = vi.fn();
  second.served.follow(events, { deliver: () => {}, ended });
  await first.close({ mode: 'park', graceMs: 1_000 });
  await until('the take-over', () => (second.state().role === 'host' ? true : undefined));
  expect(await second.served.call('listRuns', {})).toMatchObject({ ok: true });
  expect(ended.mock.calls[0]?.[0]).toMatchObject({ type: 'unavailable' });
});
