import { describe, expect, it } from 'vitest';
import type { SignalboxHost } from '../../../src-main/contract/host.ts';
import { IpcLink } from '../../../src-renderer/api/ipc-link.ts';
import type { LinkReport } from '../../../src-renderer/api/link.ts';
import { createManualTimer, settle } from '../manual-timer.ts';

const away = { ok: false, error: { type: 'unavailable', message: 'The engine has ended.', remedy: 'Wait.' } };

function setUp() {
  const timer = createManualTimer();
  const reports: LinkReport[] = [];
  const subscriptions: { asked: unknown; message: (value: unknown) => unknown; ended: (error: unknown) => void }[] = [];
  const unsubscribed: number[] = [];
  let answer: () => Promise<unknown> = async () => ({ ok: true, value: {} });
  const host: SignalboxHost = {
    kind: 'electron',
    platform: 'linux',
    call: async () => ({ ok: true, value: 'called' }),
    ping: () => answer(),
    async subscribe(asked, message, ended) {
      subscriptions.push({ asked, message, ended });
      return { ok: true, value: subscriptions.length };
    },
    unsubscribe: (id) => void unsubscribed.push(id),
  };
  const link = new IpcLink({ host, timer });
  const stop = link.start((report) => reports.push(report));
  return {
    timer,
    link,
    stop,
    subscriptions,
    unsubscribed,
    states: () => reports.map(({ state }) => state),
    answerWith: (next: () => Promise<unknown>) => {
      answer = next;
    },
  };
}

describe('IpcLink', () => {
  it('is connected once the engine answers', async () => {
    const { states } = setUp();
    await settle();
    expect(states()).toEqual(['connecting', 'connected']);
  });

  it('notices within two seconds that the engine does not answer, and that it does again', async () => {
    const { timer, states, answerWith } = setUp();
    await settle();
    answerWith(() => new Promise(() => {}));
    await timer.advance(2_000);
    expect(states().at(-1)).toBe('lost');
    answerWith(async () => ({ ok: true, value: {} }));
    await timer.advance(1_000);
    expect(states().at(-1)).toBe('connected');
  });

  it('follows again, from the last event, what ended with the engine', async () => {
    const { timer, link, subscriptions, states, answerWith } = setUp();
    await settle();
    const ended: unknown[] = [];
    link.follow({ topic: 'events', afterSeq: 7 }, { deliver: () => {}, ended: (error) => ended.push(error) });
    await settle();
    await subscriptions[0]?.message({ topic: 'events', events: [{ seq: 8 }] });
    answerWith(async () => away);
    subscriptions[0]?.ended(away.error);
    expect(states().at(-1)).toBe('lost');
    answerWith(async () => ({ ok: true, value: {} }));
    await timer.advance(1_000);
    expect({ asked: subscriptions.map(({ asked }) => asked), ended }).toEqual({
      asked: [
        { topic: 'events', afterSeq: 7 },
        { topic: 'events', afterSeq: 8 },
      ],
      ended: [],
    });
  });

  it('passes calls on', async () => {
    const { link } = setUp();
    expect(await link.call('getStatus', {})).toEqual({ ok: true, value: 'called' });
  });

  it('ends at the host what is stopped', async () => {
    const { link, unsubscribed, stop, timer } = setUp();
    await settle();
    const stopFeed = link.follow({ topic: 'changes' }, { deliver: () => {}, ended: () => {} });
    await settle();
    stopFeed();
    stopFeed();
    stop();
    expect({ unsubscribed, timers: timer.running }).toEqual({ unsubscribed: [1], timers: 0 });
  });
});
