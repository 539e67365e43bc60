import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StuckPolicy, WatchdogRung } from '../../src-main/contract/policies.ts';
import { ok } from '../../src-main/contract/result.ts';
import type { PermissionVerdict } from '../../src-main/core/ports.ts';
import { Watchdog } from '../../src-main/core/watchdog.ts';
import { Worker } from '../../src-main/core/worker.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { noProjects } from '../support/no-projects.ts';
import { agentDefinition, runningTask, taskSpec } from '../support/samples.ts';
import type { Launch } from '../support/scripted-launcher.ts';
import { ScriptedLauncher } from '../support/scripted-launcher.ts';

const process = { pid: 123, startMark: '456' };
const policy = (upTo: WatchdogRung): StuckPolicy => ({ silentMs: 10_000, stepMs: 3_000, upTo });

/** A watchdog and a worker alone, without a store: what it flags, and when. */
class Bench {
  readonly clock = new ManualClock();
  readonly launcher = new ScriptedLauncher();
  readonly flags: string[] = [];
  onFlag: (what: string) => void = () => {};
  readonly worker: Worker;
  readonly watchdog: Watchdog;
  readonly #verdict = Promise.withResolvers<PermissionVerdict>();

  constructor(watched: StuckPolicy) {
    const { clock, launcher } = this;
    const flag = (what: string) => {
      this.flags.push(what);
      this.onFlag(what);
      return ok(null);
    };
    this.watchdog = new Watchdog({
      projects: noProjects,
      store: { write: async (work) => work({} as Parameters<typeof work>[0]) },
      launcher,
      clock,
      logger: { info: () => {}, warn: () => {}, error: () => {} },
      writes: { stuck: (_unit, _attempt, { rung }) => flag(rung), unstuck: () => flag('active') },
      settings: { watchdog: { agents: watched, commands: watched } },
    });
    const observer = {
      started: () => {},
      did: () => {},
      beat: () => {},
      asked: () => ({ verdict: this.#verdict.promise, withdraw: () => {} }),
      resumed: () => this.watchdog.look(this.worker),
      revived: () => this.watchdog.revived(this.worker),
    };
    const spec = taskSpec({ timeouts: { startMs: 1e9, runMs: 1e9, idleMs: 0, stopMs: 1 } });
    const job = { ...runningTask({ spec }), agent: agentDefinition(), workflow: null, heartbeatMs: 10_000 };
    this.worker = new Worker({ launcher, clock, observer }, job);
    void this.worker.run();
    this.watchdog.watch(this.worker);
  }

  get launch(): Launch {
    const [launch] = this.launcher.launches;
    if (launch === undefined) throw new Error('nothing was launched');
    return launch;
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    for (let turn = 0; turn < 10; turn += 1) await null;
  }
}

describe('time', () => {
  test('R18 for any activity the flag is set exactly when silence was longer than allowed', async () => {
    const gaps = fc.array(
      fc.integer({ min: 1, max: 40 }).map((half) => half * 500 + 1),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(gaps, fc.integer({ min: 1, max: 20 }), async (silences, seconds) => {
        const bench = new Bench({ silentMs: seconds * 500, stepMs: 1e9, upTo: 'notice' });
        bench.launch.observer.started(process);
        const expected: string[] = [];
        for (const silence of silences) {
          for (let left = silence; left > 0; left -= 250) await bench.pass(Math.min(left, 250));
          if (silence >= seconds * 500) expected.push('notice', 'active');
          bench.launch.observer.active();
          await bench.pass(0);
          expect(bench.flags).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('in which the step to stop is being stored is not too late for activity', async () => {
    const bench = new Bench(policy('park'));
    bench.onFlag = (what) => what === 'stop' && bench.launch.observer.active();
    for (let second = 0; second < 14; second += 1) await bench.pass(1_000);
    expect([bench.flags, bench.launch.stops]).toEqual([['notice', 'stop', 'active'], []]);
  });

  test('in which an attempt ends while it is looked at asks for nothing more', async () => {
    const bench = new Bench(policy('park'));
    bench.launch.observer.started(process);
    const look = Promise.withResolvers<number | null>();
    bench.launcher.onProcessorTime = () => look.promise;
    await bench.pass(8_000);
    bench.watchdog.forget(bench.worker);
    look.resolve(0);
    const before = bench.clock.timers;
    await bench.pass(0);
    expect([bench.flags, bench.clock.timers]).toEqual([[], before - 1]);
  });

  test('a jump of the wall clock is none', async () => {
    const bench = new Bench(policy('notice'));
    bench.clock.jump(86_400_000);
    await bench.pass(1_000);
    expect(bench.flags).toEqual([]);
  });

  test('in which the machine slept is no silence', async () => {
    const bench = new Bench(policy('notice'));
    const { monotonic } = bench.clock;
    let slept = 0;
    bench.clock.monotonic = () => monotonic.call(bench.clock) + slept;
    await bench.pass(7_999);
    slept = 3_600_000;
    await bench.pass(1);
    await bench.pass(1_000);
    expect(bench.flags).toEqual([]);
    await bench.pass(1_000);
    expect(bench.flags).toEqual(['notice']);
    slept += 3_600_000;
    expect(bench.worker.lastActive).toBeLessThan(bench.clock.monotonic());
  });

  test('that has begun on a rung goes on where it was when the machine wakes', async () => {
    const bench = new Bench(policy('stop'));
    const { monotonic } = bench.clock;
    let slept = 0;
    bench.clock.monotonic = () => monotonic.call(bench.clock) + slept;
    await bench.pass(1_000);
    bench.watchdog.watch(new Worker({ ...bench, observer: noObserver }, bench.worker.job));
    for (let second = 1; second < 12; second += 1) await bench.pass(1_000);
    expect(bench.flags).toEqual(['notice', 'notice']);
    slept = 60_000;
    await bench.pass(1_000);
    expect(bench.flags).toEqual(['notice', 'notice', 'stop']);
    await bench.pass(1_000);
    expect(bench.flags).toEqual(['notice', 'notice', 'stop', 'stop']);
  });

  test('is measured although two looks come at the same moment', async () => {
    const bench = new Bench({ silentMs: 1, stepMs: 1_000, upTo: 'notice' });
    bench.launch.observer.started(process);
    await bench.pass(1);
    expect(bench.flags).toEqual(['notice']);
  });

  test('nothing is waited for when nothing is live', async () => {
    const bench = new Bench(policy('park'));
    const other = new Worker({ ...bench, observer: noObserver }, bench.worker.job);
    bench.watchdog.watch(other);
    const before = bench.clock.timers;
    bench.watchdog.forget(other);
    expect(bench.clock.timers).toBe(before);
    bench.watchdog.forget(bench.worker);
    expect(bench.clock.timers).toBe(before - 1);
  });
});

const noObserver = {
  started: () => {},
  did: () => {},
  beat: () => {},
  asked: () => ({ verdict: new Promise<PermissionVerdict>(() => {}), withdraw: () => {} }),
  resumed: () => {},
  revived: () => {},
};
