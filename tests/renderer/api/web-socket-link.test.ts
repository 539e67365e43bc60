import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src-main/contract/event.ts';
import type { LinkReport } from '../../../src-renderer/api/link.ts';
import { WebSocketLink } from '../../../src-renderer/api/web-socket-link.ts';
import { FakeSocket } from '../fake-socket.ts';
import { createManualTimer, settle } from '../manual-timer.ts';

function setUp({ isExpired = false } = {}) {
  const timer = createManualTimer();
  const sockets: FakeSocket[] = [];
  const reports: LinkReport[] = [];
  const link = new WebSocketLink({
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    isExpired: async () => isExpired,
    timer,
  });
  const stop = link.start((report) => reports.push(report));
  const newest = () => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  };
  return { timer, sockets, reports, link, stop, newest, states: () => reports.map(({ state }) => state) };
}

function event(seq: number): Event {
  return { seq, at: 0, actor: 'engine', kind: 'engine.stopped', reason: 'test' };
}

describe('WebSocketLink', () => {
  it('is connected once the engine has said hello', () => {
    const { newest, states } = setUp();
    newest().hello();
    expect(states()).toEqual(['connecting', 'connected']);
  });

  it('holds a call that was made before the first hello until then', async () => {
    const { newest, link } = setUp();
    const answer = link.call('getStatus', {});
    await settle();
    expect(newest().sent).toEqual([]);
    newest().hello();
    await settle();
    const [call] = newest().asked('call');
    newest().say({ say: 'answer', id: call?.id ?? -1, value: 'status' });
    expect(await answer).toEqual({ ok: true, value: 'status' });
  });

  it('notices within two seconds that the engine has gone silent', async () => {
    const { newest, timer, states } = setUp();
    newest().hello();
    newest().pong();
    await timer.advance(1_999);
    expect(states().at(-1)).toBe('connected');
    await timer.advance(1);
    expect(states().at(-1)).toBe('lost');
  });

  it('stays connected as long as the engine gives signs of life', async () => {
    const { newest, timer, states } = setUp();
    newest().hello();
    for (let round = 0; round < 20; round += 1) {
      newest().pong();
      await timer.advance(600);
    }
    expect(states()).toEqual(['connecting', 'connected']);
  });

  it('tries again within a second, however often it failed', async () => {
    const { newest, sockets, timer } = setUp();
    for (let round = 1; round <= 8; round += 1) {
      newest().end();
      await timer.advance(1_000);
      expect(sockets.length).toBeGreaterThan(round);
    }
  });

  it('goes on after the last event that was delivered, so that none is missed or doubled', async () => {
    const { newest, link, timer } = setUp();
    const seen: number[] = [];
    link.follow(
      { topic: 'events', afterSeq: 3 },
      {
        deliver: (message) => {
          if (message.topic === 'events') seen.push(...message.events.map(({ seq }) => seq));
        },
        ended: () => {},
      },
    );
    newest().hello();
    await settle();
    const first = newest().asked('follow')[0];
    newest().say({ say: 'message', id: first?.id ?? -1, message: { topic: 'events', events: [event(4), event(5)] } });
    await settle();
    newest().end();
    await timer.advance(1_000);
    newest().hello();
    await settle();
    const second = newest().asked('follow')[0];
    expect(second?.subscription).toEqual({ topic: 'events', afterSeq: 5 });
    newest().say({ say: 'message', id: second?.id ?? -1, message: { topic: 'events', events: [event(5), event(6)] } });
    await settle();
    expect(seen).toEqual([4, 5, 6]);
  });

  it('asks for the next message only when the listener has taken this one', async () => {
    const { newest, link } = setUp();
    const { promise, resolve } = Promise.withResolvers<void>();
    link.follow({ topic: 'changes' }, { deliver: () => promise, ended: () => {} });
    newest().hello();
    await settle();
    const id = newest().asked('follow')[0]?.id ?? -1;
    newest().say({ say: 'message', id, message: { topic: 'changes', lastSeq: 1, nouns: ['run'], runIds: null } });
    await settle();
    expect(newest().asked('next')).toEqual([]);
    resolve();
    await settle();
    expect(newest().asked('next')).toEqual([{ ask: 'next', id }]);
  });

  it('delivers nothing more of a feed that was stopped', async () => {
    const { newest, link } = setUp();
    const seen: unknown[] = [];
    const stop = link.follow({ topic: 'changes' }, { deliver: (message) => void seen.push(message), ended: () => {} });
    newest().hello();
    await settle();
    const id = newest().asked('follow')[0]?.id ?? -1;
    stop();
    newest().say({ say: 'message', id, message: { topic: 'changes', lastSeq: 1, nouns: ['run'], runIds: null } });
    await settle();
    expect(seen).toEqual([]);
    expect(newest().asked('stop')).toEqual([{ ask: 'stop', id }]);
  });

  it('tells a listener why its feed ended', async () => {
    const { newest, link } = setUp();
    const error = { type: 'storeFailed', message: 'The disk is full.', remedy: 'Make room.' } as const;
    const ended: unknown[] = [];
    link.follow({ topic: 'changes' }, { deliver: () => {}, ended: (why) => ended.push(why) });
    newest().hello();
    await settle();
    newest().say({ say: 'ended', id: newest().asked('follow')[0]?.id ?? -1, error });
    expect(ended).toEqual([error]);
  });

  it('says of calls under way that their outcome is unknown, and refuses calls while it is lost', async () => {
    const { newest, link } = setUp();
    newest().hello();
    const underWay = link.call('freeze', { reason: 'test' });
    await settle();
    newest().end();
    const lost = await underWay;
    const refused = await link.call('freeze', { reason: 'test' });
    expect([lost, refused].map((result) => !result.ok && result.error.message)).toEqual([
      expect.stringContaining('may or may not'),
      expect.stringContaining('nothing was asked'),
    ]);
  });

  it('tells a browser whose pass has expired from an engine that is away, and stops trying', async () => {
    const { newest, sockets, timer, states } = setUp({ isExpired: true });
    newest().end();
    await settle();
    expect(states().at(-1)).toBe('expired');
    await timer.advance(10_000);
    expect(sockets).toHaveLength(1);
  });

  it('keeps to a protocol it knows', () => {
    const { newest, reports } = setUp();
    newest().hello(99);
    expect(reports.at(-1)).toEqual({ state: 'lost', reason: expect.stringContaining('another version') });
  });

  it('leaves nothing behind when it is closed', async () => {
    const { newest, stop, timer } = setUp();
    newest().hello();
    newest().pong();
    stop();
    expect({ isClosed: newest().isClosed, timers: timer.running }).toEqual({ isClosed: true, timers: 0 });
    await timer.advance(10_000);
    expect(timer.running).toBe(0);
  });
});
