import { describe, expect, test } from 'vitest';
import { refuse } from '../../../src-main/contract/errors.ts';
import type { Event } from '../../../src-main/contract/event.ts';
import { ok } from '../../../src-main/contract/result.ts';
import { settingsSchema } from '../../../src-main/contract/settings.ts';
import type { EngineState } from '../../../src-main/reach/steady-engine.ts';
import { NoticeFeed } from '../../../src-main/shell/notices/notice-feed.ts';
import { TroubleWatch } from '../../../src-main/shell/notices/trouble-watch.ts';
import type { FeedListener } from '../../../src-main/transport/feed.ts';
import { Desk, event, settle } from './desk.ts';

const refused = refuse('unavailable', 'There is no engine.', 'Wait.');

/** An engine that a test plays. */
class ScriptedEngine {
  readonly events: Event[] = [];
  lastSeq = 0;
  settings: unknown = settingsSchema.parse({});
  health: unknown = { state: 'healthy', reasons: [] };
  isRefusing = false;
  readonly calls: string[] = [];
  readonly follows: { readonly afterSeq: number; readonly listener: FeedListener; isStopped: boolean }[] = [];
  #state: EngineState = { role: 'host', pid: 1 };
  #tell: (state: EngineState) => void = () => {};

  readonly served = {
    call: async (name: string, input: unknown) => {
      this.calls.push(name);
      if (this.isRefusing) return refused;
      const { afterSeq = 0 } = input as { afterSeq?: number };
      if (name === 'getSettings') return ok({ settings: this.settings });
      if (name === 'listProjects') return ok({ projects: [] });
      if (name === 'getStatus') return ok({ lastSeq: this.lastSeq, health: this.health });
      if (name === 'listEvents') {
        const events = this.events.filter(({ seq }) => seq > afterSeq).slice(0, 1_000);
        return ok({ events, lastSeq: this.lastSeq });
      }
      throw new Error(`the scripted engine has no ${name}`);
    },
    follow: (subscription: unknown, listener: FeedListener) => {
      const { afterSeq } = subscription as { afterSeq: number };
      const one = { afterSeq, listener, isStopped: false };
      this.follows.push(one);
      return ok({
        stop: () => {
          one.isStopped = true;
        },
      });
    },
  };

  readonly state = () => this.#state;

  onState(listener: (state: EngineState) => void) {
    this.#tell = listener;
    return () => {
      this.#tell = () => {};
    };
  }

  change(role: EngineState['role']): void {
    this.#state = role === 'lost' ? { role, pid: null } : { role, pid: 2 };
    this.#tell(this.#state);
  }

  store(...events: readonly Event[]): void {
    this.events.push(...events);
    this.lastSeq = events.at(-1)?.seq ?? this.lastSeq;
  }

  async deliver(...events: readonly Event[]): Promise<void> {
    this.store(...events);
    await this.follows.at(-1)?.listener.deliver({ topic: 'events', events: [...events] });
    await settle();
  }
}

async function start(engine: ScriptedEngine, desk = new Desk()) {
  const modes: string[] = [];
  const feed = new NoticeFeed({
    engine,
    clock: desk.clock,
    notices: desk.notices,
    troubles: new TroubleWatch(() => false),
    onSettings: ({ desktop }) => modes.push(desktop.updates),
  });
  feed.start();
  for (let turns = 0; turns < 5; turns += 1) await settle();
  return { feed, desk, modes };
}

describe('following an engine for notices', () => {
  test('begins after what is there, and tells what comes', async () => {
    const engine = new ScriptedEngine();
    engine.store(event(1, 'run.failed'));
    const { desk } = await start(engine);
    expect(engine.follows).toMatchObject([{ afterSeq: 1 }]);
    await engine.deliver(event(2, 'run.completed'));
    expect(desk.titles).toEqual(['Run of app completed']);
  });

  test('reads what happened while it was away, however much, and tells it as one summary', async () => {
    const engine = new ScriptedEngine();
    const desk = new Desk();
    const first = await start(engine, desk);
    first.feed.stop();
    engine.store(...Array.from({ length: 2_500 }, (_, index) => event(index + 1, 'task.completed')));
    desk.restart();
    await start(engine, desk);
    expect(desk.shown).toMatchObject([{ title: '2500 tasks completed', body: 'While Signalbox was closed.' }]);
    expect(engine.follows.at(-1)).toMatchObject({ afterSeq: 2_500 });
  });

  test('survives the loss of the engine, and goes on where it was', async () => {
    const engine = new ScriptedEngine();
    const { desk } = await start(engine);
    await engine.deliver(event(1, 'run.failed'));
    engine.change('lost');
    expect(engine.follows[0]?.isStopped).toBe(true);
    engine.store(event(2, 'run.completed'));
    engine.change('host');
    for (let turns = 0; turns < 5; turns += 1) await settle();
    expect(desk.titles).toEqual(['Run of app failed', 'Run of app completed']);
    await engine.deliver(event(3, 'approval.requested'));
    expect(desk.shown).toHaveLength(3);
  });

  test('a feed that ends by itself is followed again, and an engine that refuses is asked again', async () => {
    const engine = new ScriptedEngine();
    engine.isRefusing = true;
    const { desk } = await start(engine);
    expect(engine.follows).toEqual([]);
    engine.isRefusing = false;
    await desk.pass(1_000);
    for (let turns = 0; turns < 5; turns += 1) await settle();
    expect(engine.follows).toHaveLength(1);
    engine.follows[0]?.listener.ended(refused.error);
    await desk.pass(1_000);
    for (let turns = 0; turns < 5; turns += 1) await settle();
    expect(engine.follows).toHaveLength(2);
    // The first has nothing to say any more.
    engine.follows[0]?.listener.ended(refused.error);
    await desk.pass(5_000);
    expect(engine.follows).toHaveLength(2);
  });

  test('settings hold as soon as they change', async () => {
    const engine = new ScriptedEngine();
    const { desk, modes } = await start(engine);
    engine.settings = settingsSchema.parse({ notifications: { on: false }, desktop: { updates: 'off' } });
    await engine.deliver(event(1, 'settings.changed', { sections: ['notifications'] }), event(2, 'run.failed'));
    await desk.pass(60_000);
    expect(desk.shown).toEqual([]);
    expect(modes).toEqual(['tell', 'off']);
  });

  test('looks at health every half minute, and not any more when it is stopped', async () => {
    const engine = new ScriptedEngine();
    engine.health = {
      state: 'unhealthy',
      reasons: [{ state: 'unhealthy', message: 'Disk full.', remedy: 'Free some.' }],
    };
    const { desk, feed } = await start(engine);
    expect(desk.shown).toMatchObject([{ title: 'Signalbox is unhealthy', body: 'Disk full. Free some.' }]);
    await desk.pass(30_000);
    expect(desk.shown).toHaveLength(1);
    feed.stop();
    const asked = engine.calls.length;
    await desk.pass(600_000);
    expect(engine.calls).toHaveLength(asked);
    expect(desk.clock.timers).toBe(0);
  });
});
