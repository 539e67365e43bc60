import { EventEmitter } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import type { HostDelivery } from '../../src-main/contract/host.ts';
import { hostChannels } from '../../src-main/contract/host.ts';
import { maxFeeds, maxRequestLength, maxRequestsUnderWay } from '../../src-main/contract/wire-terms.ts';
import type { IpcServerDependencies } from '../../src-main/transport/ipc-server.ts';
import { startIpcServer } from '../../src-main/transport/ipc-server.ts';
import { serveApi } from '../../src-main/transport/serve-api.ts';
import { createFakeEngine } from './fake-engine.ts';
import { createManualTimer } from './manual-timer.ts';

type Handler = (event: unknown, ...values: unknown[]) => unknown;

/** Electron's side of the channels. */
class FakeIpcMain extends EventEmitter {
  readonly handlers = new Map<string, Handler>();
  handle(channel: string, handler: Handler): void {
    this.handlers.set(channel, handler);
  }
  removeHandler(channel: string): void {
    this.handlers.delete(channel);
  }
}

/** The contents of a window. */
class FakeContents extends EventEmitter {
  readonly sent: HostDelivery[] = [];
  destroyed = false;
  send(_channel: string, delivery: HostDelivery): void {
    this.sent.push(delivery);
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
}

const origin = 'app://signalbox';

function openServer(handlers: Parameters<typeof createFakeEngine>[0] = {}) {
  const ipcMain = new FakeIpcMain();
  const engine = createFakeEngine(handlers);
  const timer = createManualTimer();
  const warn = vi.fn();
  const served = serveApi({ engine, timer, logger: { error: () => {} }, createReference: () => 'ref' });
  const ours = new Set<unknown>();
  const engineIs = { there: true };
  const stop = startIpcServer({
    ipcMain: ipcMain as unknown as IpcServerDependencies['ipcMain'],
    served,
    isThere: () => engineIs.there,
    origins: [origin],
    isOurs: (contents) => ours.has(contents),
    logger: { warn },
  });
  const open = () => {
    const contents = new FakeContents();
    ours.add(contents);
    return contents;
  };
  const eventOf = (sender: FakeContents, frame: object | null = { origin, parent: null }) => ({
    sender,
    senderFrame: frame,
  });
  const invoke = async (event: unknown, channel: string, ...values: unknown[]) =>
    ipcMain.handlers.get(channel)?.(event, ...values);
  return { ipcMain, engine, engineIs, timer, warn, stop, open, eventOf, invoke };
}

const follow = JSON.stringify({ topic: 'events', afterSeq: 0 });
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a sign of life', () => {
  test('costs the engine nothing while it is there, and is looked for when it is not', async () => {
    const { engine, engineIs, open, eventOf, invoke } = openServer();
    const window = open();
    expect(await invoke(eventOf(window), hostChannels.ping)).toEqual({ ok: true, value: null });
    expect(engine.calls).toEqual([]);
    engineIs.there = false;
    await invoke(eventOf(window), hostChannels.ping);
    expect(engine.calls.map(({ name }) => name)).toEqual(['getStatus']);
  });

  test('is given to nobody else', async () => {
    const { open, eventOf, invoke } = openServer();
    const answer = await invoke(eventOf(open(), { origin, parent: {} }), hostChannels.ping);
    expect(answer).toMatchObject({ ok: false, error: { type: 'refused' } });
  });
});

describe('R71 who is answered', () => {
  test('is the page of one of our windows', async () => {
    const { open, eventOf, invoke } = openServer();
    const answer = await invoke(eventOf(open()), hostChannels.call, 'listEvents', '{"afterSeq":0}');
    expect(answer).toMatchObject({ ok: true });
  });

  test.each([
    ['a frame within the page', { origin, parent: {} }],
    ['a page of another origin', { origin: 'https://attacker.invalid', parent: null }],
    ['a page whose origin only begins like ours', { origin: `${origin}.attacker`, parent: null }],
    ['a frame that is gone', null],
  ])('is not %s', async (_who, frame) => {
    const { open, eventOf, invoke, engine, ipcMain, warn } = openServer();
    const event = eventOf(open(), frame);
    expect(await invoke(event, hostChannels.call, 'listEvents', '{}')).toMatchObject({
      ok: false,
      error: { type: 'refused' },
    });
    expect(await invoke(event, hostChannels.subscribe, 1, follow)).toMatchObject({ ok: false });
    ipcMain.emit(hostChannels.next, event, 1);
    ipcMain.emit(hostChannels.unsubscribe, event, 1);
    expect(engine.calls).toEqual([]);
    expect(warn).toHaveBeenCalled();
  });

  test('is not the contents of something that is no window of ours, nor of one that is gone', async () => {
    const { open, eventOf, invoke } = openServer();
    const refused = { ok: false, error: { type: 'refused' } };
    expect(await invoke(eventOf(new FakeContents()), hostChannels.call, 'listEvents', '{}')).toMatchObject(refused);
    const gone = open();
    gone.destroyed = true;
    expect(await invoke(eventOf(gone), hostChannels.call, 'listEvents', '{}')).toMatchObject(refused);
  });

  test('is logged when it is a stranger, but not for ever', async () => {
    const { eventOf, invoke, warn } = openServer();
    for (let asked = 0; asked < 100; asked += 1) {
      await invoke(eventOf(new FakeContents()), hostChannels.call, 'listEvents', '{}');
    }
    expect(warn).toHaveBeenCalledTimes(20);
  });
});

describe('R71 what is asked', () => {
  test.each([
    ['no name', [1, '{}']],
    ['no text', ['listEvents', {}]],
    ['no JSON', ['listEvents', '{']],
    ['too long a text', ['listEvents', `"${'x'.repeat(maxRequestLength)}"`]],
    ['nothing', []],
    ['what the contract does not take', ['listEvents', '{"surplus":1}']],
  ])('with %s is refused', async (_what, values) => {
    const { open, eventOf, invoke, engine } = openServer();
    const answer = await invoke(eventOf(open()), hostChannels.call, ...values);
    expect(answer).toMatchObject({ ok: false, error: { type: 'invalidInput' } });
    expect(engine.calls).toEqual([]);
  });

  test.each(['constructor', '__proto__', 'toString'])('by the name %s is refused', async (name) => {
    const { open, eventOf, invoke } = openServer();
    expect(await invoke(eventOf(open()), hostChannels.call, name, '{}')).toMatchObject({
      ok: false,
      error: { type: 'notFound' },
    });
  });

  test('in a flood is refused beyond the limit, for this window only, until something was answered', async () => {
    let answerAll = () => {};
    const answered = new Promise<void>((resolve) => {
      answerAll = resolve;
    });
    const { open, eventOf, invoke } = openServer({
      listEvents: async () => {
        await answered;
        return { ok: true, value: { events: [], lastSeq: 0 } };
      },
    });
    const flooding = eventOf(open());
    const ask = (event: unknown) => invoke(event, hostChannels.call, 'listEvents', '{"afterSeq":0}');
    const calls = Array.from({ length: maxRequestsUnderWay }, () => ask(flooding));
    expect(await ask(flooding)).toMatchObject({ ok: false, error: { type: 'unavailable' } });
    const other = ask(eventOf(open()));
    answerAll();
    expect(await other).toMatchObject({ ok: true });
    await Promise.all(calls);
    expect(await ask(flooding)).toMatchObject({ ok: true });
  });
});

describe('what a page follows', () => {
  test('comes with the number that it chose, and the next message when the last was taken', async () => {
    const { open, eventOf, invoke, engine, ipcMain, timer } = openServer();
    const contents = open();
    const event = eventOf(contents);
    engine.commit();
    expect(await invoke(event, hostChannels.subscribe, 7, follow)).toEqual({ ok: true, value: 7 });
    await settle();
    expect(contents.sent).toMatchObject([{ id: 7, message: { topic: 'events', events: [{ seq: 1 }] } }]);
    engine.commit();
    await settle();
    timer.advance(1_000);
    await settle();
    expect(contents.sent).toHaveLength(1);
    ipcMain.emit(hostChannels.next, event, 7);
    await settle();
    expect(contents.sent).toHaveLength(2);
  });

  test.each([[-1], [1.5], ['1'], [null], [2 ** 60]])('needs a number, which %s is not', async (id) => {
    const { open, eventOf, invoke, ipcMain } = openServer();
    const event = eventOf(open());
    expect(await invoke(event, hostChannels.subscribe, id, follow)).toMatchObject({ ok: false });
    ipcMain.emit(hostChannels.next, event, id);
    ipcMain.emit(hostChannels.unsubscribe, event, id);
  });

  test('needs a new number, and a subscription of the contract', async () => {
    const { open, eventOf, invoke } = openServer();
    const event = eventOf(open());
    await invoke(event, hostChannels.subscribe, 1, follow);
    expect(await invoke(event, hostChannels.subscribe, 1, follow)).toMatchObject({ ok: false });
    expect(await invoke(event, hostChannels.subscribe, 2, '{"topic":"all"}')).toMatchObject({ ok: false });
    expect(await invoke(event, hostChannels.subscribe, 2, 'no JSON')).toMatchObject({ ok: false });
  });

  test('is bounded per window', async () => {
    const { open, eventOf, invoke, stop } = openServer();
    const event = eventOf(open());
    for (let id = 0; id < maxFeeds; id += 1) {
      expect(await invoke(event, hostChannels.subscribe, id, follow)).toMatchObject({ ok: true });
    }
    expect(await invoke(event, hostChannels.subscribe, 1_000, follow)).toMatchObject({
      ok: false,
      error: { type: 'refused' },
    });
    expect(await invoke(eventOf(open()), hostChannels.subscribe, 1_000, follow)).toMatchObject({ ok: true });
    stop();
  });

  test.each(['did-navigate', 'render-process-gone', 'destroyed'])('ends with its page: %s', async (what) => {
    const { open, eventOf, invoke, engine } = openServer();
    const contents = open();
    await invoke(eventOf(contents), hostChannels.subscribe, 1, follow);
    await settle();
    expect(engine.subscriptions).toBe(1);
    contents.emit(what);
    await settle();
    expect(engine.subscriptions).toBe(0);
  });

  test('ends when the page says so, and when nobody is served any more', async () => {
    const { open, eventOf, invoke, engine, ipcMain, stop } = openServer();
    const event = eventOf(open());
    await invoke(event, hostChannels.subscribe, 1, follow);
    await invoke(event, hostChannels.subscribe, 2, follow);
    await settle();
    ipcMain.emit(hostChannels.unsubscribe, event, 1);
    await settle();
    expect(engine.subscriptions).toBe(1);
    stop();
    await settle();
    expect(engine.subscriptions).toBe(0);
    expect(ipcMain.handlers.size + ipcMain.listenerCount(hostChannels.next)).toBe(0);
  });

  test('that ends by itself is told to the page', async () => {
    const { open, eventOf, invoke } = openServer({
      listEvents: () => ({
        ok: false,
        error: { type: 'storeFailed', message: 'The disk is full.', remedy: 'Make room.' },
      }),
    });
    const contents = open();
    await invoke(eventOf(contents), hostChannels.subscribe, 3, follow);
    await settle();
    expect(contents.sent).toMatchObject([{ id: 3, ended: { type: 'storeFailed' } }]);
  });
});
