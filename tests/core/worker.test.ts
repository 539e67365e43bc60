import { describe, expect, it, test } from 'vitest';
import type { Gate, Timeouts } from '../../src-main/contract/policies.ts';
import type { Activity, ProcessIdentity } from '../../src-main/contract/task.ts';
import type { CommandResult, PermissionVerdict } from '../../src-main/core/ports.ts';
import type { StopCause } from '../../src-main/core/worker.ts';
import { Worker } from '../../src-main/core/worker.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { agentDefinition, runningTask, taskSpec } from '../support/samples.ts';
import type { Launch } from '../support/scripted-launcher.ts';
import { ScriptedLauncher } from '../support/scripted-launcher.ts';

const timeouts: Timeouts = { startMs: 1_000, runMs: 60_000, idleMs: 0, stopMs: 250 };
const process = { pid: 123, startMark: '456' };
const exit = { code: 0, signal: null, stopReason: null };

function outputGate(level: 'blocking' | 'warning' = 'blocking'): Gate {
  return { kind: 'output', name: 'coverage', output: 'coverage', operator: '>=', value: 80, level };
}

function commandGate(name: string, level: 'blocking' | 'warning' = 'blocking'): Gate {
  return { kind: 'command', name, argv: [name], level, timeoutMs: 5_000 };
}

/** A worker in a test's hand: its clock, its launcher, and what it reported. */
class Bench {
  readonly clock = new ManualClock();
  readonly launcher = new ScriptedLauncher();
  readonly started: (ProcessIdentity | null)[] = [];
  readonly done: Activity[] = [];
  beats = 0;
  /** What the worker told of its silence, in order. */
  readonly told: string[] = [];
  /** What every question of the agent becomes. */
  readonly #answer = Promise.withResolvers<PermissionVerdict>();
  readonly asked = { verdict: this.#answer.promise, withdraw: () => undefined };
  readonly answer = this.#answer.resolve;
  readonly worker: Worker;

  constructor(change: { timeouts?: Partial<Timeouts>; gates?: Gate[] } = {}) {
    const spec = taskSpec({ timeouts: { ...timeouts, ...change.timeouts }, gates: change.gates ?? [] });
    const observer = {
      started: (identity: ProcessIdentity | null) => this.started.push(identity),
      did: (activity: Activity) => this.done.push(activity),
      asked: () => this.asked,
      beat: () => {
        this.beats += 1;
      },
      resumed: () => this.told.push('resumed'),
      revived: () => this.told.push('revived'),
    };
    const job = { ...runningTask({ spec }), agent: agentDefinition(), workflow: null, heartbeatMs: 10_000 };
    this.worker = new Worker({ launcher: this.launcher, clock: this.clock, observer }, job);
  }

  get launch(): Launch {
    const [launch] = this.launcher.launches;
    if (launch === undefined) throw new Error('nothing was launched');
    return launch;
  }

  /** Launches the attempt. @returns its end, after which no timer may be left. */
  run() {
    return this.worker.run().then((end) => {
      expect(this.clock.timers).toBe(0);
      return end;
    });
  }

  /** Launches the attempt, and its process starts. */
  start() {
    const end = this.run();
    this.launch.observer.started(process);
    return end;
  }

  /** From now on a gate's command ends when the test says so. @returns that, and when it was begun. */
  holdGateCommand() {
    const begun = Promise.withResolvers<void>();
    const result = Promise.withResolvers<CommandResult>();
    this.launcher.onGateCommand = () => {
      begun.resolve();
      return result.promise;
    };
    return { begun: begun.promise, end: (exitCode: number | null) => result.resolve({ exitCode, message: '' }) };
  }
}

describe('an attempt that ends by itself', () => {
  it('completes with its outputs, and is launched with its job', async () => {
    const bench = new Bench();
    const end = bench.start();
    bench.launch.complete({ answer: 42 });
    expect(await end).toEqual({ outcome: { kind: 'completed', outputs: { answer: 42 } }, exit, gates: [] });
    expect(bench.launch.request).toBe(bench.worker.job);
    expect(bench.launch.stops).toEqual([]);
  });

  it('fails with the failure of its agent', async () => {
    const bench = new Bench({ gates: [outputGate()] });
    const end = bench.start();
    bench.launch.fail('exit code 1', 'fatal');
    const failure = { category: 'exit', class: 'fatal', message: 'exit code 1' };
    expect(await end).toEqual({ outcome: { kind: 'failed', failure }, exit: { ...exit, code: 1 }, gates: [] });
  });

  it('R25 is interrupted when its process dies, which counts', async () => {
    const bench = new Bench();
    const end = bench.start();
    bench.launch.die();
    const failure = { category: 'crash', class: 'transient', message: 'killed by SIGKILL' };
    expect(await end).toMatchObject({ outcome: { kind: 'interrupted', by: 'agent', counts: true, failure } });
  });

  it('is interrupted when its agent stops without being asked to', async () => {
    const bench = new Bench();
    const end = bench.start();
    bench.launch.stopped();
    const message = 'agent worker stopped the work without being asked to';
    expect(await end).toMatchObject({ outcome: { kind: 'interrupted', counts: true, failure: { message } } });
  });

  it('may end before its process was seen to start', async () => {
    const bench = new Bench();
    const end = bench.run();
    bench.launch.complete();
    expect((await end).outcome.kind).toBe('completed');
  });
});

describe('what an attempt reports', () => {
  it('is passed on', async () => {
    const bench = new Bench();
    const end = bench.start();
    const question = { callId: 'c', tool: 'edit', title: 'Edit', detail: '', options: [] };
    expect(bench.launch.observer.asked(question)).toBe(bench.asked);
    bench.clock.advance(10 * timeouts.runMs);
    expect(bench.launch.stops).toEqual([]);
    bench.answer({ optionId: null, answer: 'cancelled' });
    bench.launch.observer.did({ kind: 'thinking' });
    bench.launch.observer.beat();
    bench.launch.complete();
    await end;
    expect([bench.started, bench.done, bench.beats]).toEqual([[process], [{ kind: 'thinking' }], 1]);
  });

  it('R26 dates its last sign of life by the beat, and by now while its gates are checked', async () => {
    const bench = new Bench({ gates: [commandGate('lint')] });
    const gate = bench.holdGateCommand();
    const begin = bench.clock.monotonic();
    const end = bench.start();
    bench.clock.advance(3_000);
    expect(bench.worker.lastBeat).toBe(begin);
    bench.launch.observer.beat();
    bench.clock.advance(2_000);
    expect(bench.worker.lastBeat).toBe(begin + 3_000);
    bench.launch.complete();
    await gate.begun;
    bench.clock.advance(4_000);
    expect(bench.worker.lastBeat).toBe(begin + 9_000);
    gate.end(0);
    await end;
  });
});

describe('R24 time-outs', () => {
  it('stop an attempt that is not ready in time', async () => {
    const bench = new Bench();
    const end = bench.run();
    bench.clock.advance(999);
    expect(bench.launch.stops).toEqual([]);
    bench.clock.advance(1);
    expect(bench.launch.stops).toEqual([250]);
    expect((await end).outcome).toEqual({
      kind: 'timedOut',
      failure: {
        category: 'timeout',
        class: 'transient',
        message: 'the attempt was not ready within 1 s (timeout.start) and was stopped',
        remedy: 'Raise timeout.start, or find what it waits for in its log.',
      },
    });
  });

  it('stop an attempt that runs too long, counted from when it was ready', async () => {
    const bench = new Bench();
    const end = bench.run();
    bench.clock.advance(900);
    bench.launch.observer.started(null);
    bench.clock.advance(59_999);
    expect(bench.launch.stops).toEqual([]);
    bench.clock.advance(1);
    expect((await end).outcome).toMatchObject({
      kind: 'timedOut',
      failure: { message: 'the attempt did not end within 60 s (timeout.run) and was stopped' },
    });
  });

  it('stop an attempt that falls silent; every sign of activity gives it the whole time again', async () => {
    const bench = new Bench({ timeouts: { idleMs: 2_000 } });
    const end = bench.start();
    for (let sign = 0; sign < 5; sign += 1) {
      bench.clock.advance(1_999);
      bench.launch.observer.active();
    }
    bench.launch.observer.beat();
    bench.clock.advance(1_999);
    expect(bench.launch.stops).toEqual([]);
    bench.clock.advance(1);
    expect((await end).outcome).toMatchObject({
      kind: 'timedOut',
      failure: { message: 'the attempt showed no activity within 2 s (timeout.idle) and was stopped' },
    });
  });

  it('do not count silence before the attempt is ready, nor when they are switched off', async () => {
    const bench = new Bench({ timeouts: { startMs: 10_000, idleMs: 2_000 } });
    const end = bench.run();
    bench.launch.observer.active();
    bench.clock.advance(9_000);
    bench.launch.complete();
    expect((await end).outcome.kind).toBe('completed');
    const patient = new Bench();
    const later = patient.start();
    patient.launch.observer.active();
    patient.clock.advance(59_000);
    patient.launch.complete();
    expect((await later).outcome.kind).toBe('completed');
  });

  it('refuse a completion that comes late, and keep how the process ended', async () => {
    const bench = new Bench();
    bench.launcher.obeysStop = false;
    const end = bench.start();
    bench.clock.advance(60_000);
    bench.launch.complete({ answer: 42 });
    expect(await end).toMatchObject({ outcome: { kind: 'timedOut' }, exit });
  });

  it('R18 leave an attempt that was stopped alone: it starts late, and nothing is counted any more', async () => {
    const bench = new Bench({ timeouts: { idleMs: 2_000 } });
    bench.launcher.obeysStop = false;
    const end = bench.run();
    bench.clock.advance(1_000);
    bench.launch.observer.started(process);
    bench.launch.observer.active();
    expect([bench.clock.timers, bench.started]).toEqual([0, [process]]);
    bench.launch.stopped();
    expect((await end).outcome.kind).toBe('timedOut');
  });
});

describe('an attempt that is stopped', () => {
  const transient = { class: 'transient' };
  const cases: readonly [StopCause, object, number][] = [
    [{ kind: 'cancel', reason: 'enough' }, { kind: 'cancelled', reason: 'enough' }, 250],
    [
      { kind: 'stale', silentMs: 61_400 },
      {
        kind: 'interrupted',
        by: 'stale',
        counts: true,
        failure: {
          ...transient,
          category: 'stale',
          message: 'no sign of life for 61 s; the process was killed and the task released',
        },
      },
      0,
    ],
    [
      { kind: 'freeze', reason: 'too hot' },
      {
        kind: 'interrupted',
        by: 'freeze',
        counts: false,
        failure: { ...transient, category: 'frozen', message: 'frozen: too hot' },
      },
      250,
    ],
    [
      { kind: 'agentStopped', reason: 'stopped by hand' },
      {
        kind: 'interrupted',
        by: 'agent',
        counts: false,
        failure: { ...transient, category: 'agent', message: 'stopped by hand' },
      },
      250,
    ],
    [
      { kind: 'shutdown' },
      {
        kind: 'interrupted',
        by: 'engine',
        counts: false,
        failure: {
          ...transient,
          category: 'engine',
          message: 'the engine was stopped; the task goes on at the next start',
        },
      },
      250,
    ],
  ];
  test.each(cases)('by %j is given its grace, and ends for that reason', async (cause, outcome, graceMs) => {
    const bench = new Bench();
    const end = bench.start();
    bench.worker.stop(cause);
    expect(bench.launch.stops).toEqual([graceMs]);
    expect(await end).toEqual({ outcome, exit: null, gates: [] });
  });

  it('ends for the first reason, and is asked once', async () => {
    const bench = new Bench();
    bench.launcher.obeysStop = false;
    const end = bench.start();
    bench.worker.stop({ kind: 'cancel', reason: 'enough' });
    bench.worker.stop({ kind: 'shutdown' });
    bench.clock.advance(600_000);
    bench.launch.fail();
    expect((await end).outcome).toEqual({ kind: 'cancelled', reason: 'enough' });
    expect(bench.launch.stops).toEqual([250]);
  });

  test.each<StopCause>([
    { kind: 'cancel', reason: 'enough' },
    { kind: 'freeze', reason: 'too hot' },
    { kind: 'agentStopped', reason: 'by hand' },
    { kind: 'shutdown' },
  ])('completes all the same when its work was done before $kind reached it', async (cause) => {
    const bench = new Bench();
    bench.launcher.obeysStop = false;
    const end = bench.start();
    bench.worker.stop(cause);
    bench.launch.complete({ answer: 42 });
    expect((await end).outcome).toEqual({ kind: 'completed', outputs: { answer: 42 } });
  });

  it('R18 does not complete when it was given up for dead', async () => {
    const bench = new Bench();
    bench.launcher.obeysStop = false;
    const end = bench.start();
    bench.worker.stop({ kind: 'stale', silentMs: 60_000 });
    bench.launch.complete();
    expect((await end).outcome).toMatchObject({ kind: 'interrupted', by: 'stale' });
  });

  it('does not complete when its gates were not checked', async () => {
    const bench = new Bench({ gates: [outputGate()] });
    bench.launcher.obeysStop = false;
    const end = bench.start();
    bench.worker.stop({ kind: 'cancel', reason: 'enough' });
    bench.launch.complete({ coverage: 90 });
    expect(await end).toMatchObject({ outcome: { kind: 'cancelled' }, gates: [] });
  });

  it('I8 is not left running when the stop came before the launch, or in the middle of it', async () => {
    const early = new Bench();
    early.worker.stop({ kind: 'shutdown' });
    const first = early.run();
    expect(early.launch.stops).toEqual([250]);
    expect((await first).outcome).toMatchObject({ kind: 'interrupted', by: 'engine' });
    const amid = new Bench();
    amid.launcher.onLaunch = () => amid.worker.stop({ kind: 'cancel', reason: 'enough' });
    const second = amid.run();
    expect(amid.launch.stops).toEqual([250]);
    expect((await second).outcome.kind).toBe('cancelled');
  });

  it('R32 changes nothing once the attempt has ended', async () => {
    const bench = new Bench();
    const end = bench.start();
    bench.launch.complete();
    const before = await end;
    bench.worker.stop({ kind: 'cancel', reason: 'enough' });
    bench.launch.observer.active();
    expect([before.outcome.kind, bench.clock.timers]).toEqual(['completed', 0]);
  });
});

describe('the gates of an attempt', () => {
  it('are checked in their order, outputs and commands', async () => {
    const bench = new Bench({ gates: [commandGate('lint'), outputGate(), commandGate('audit')] });
    const end = bench.start();
    bench.launch.complete({ coverage: 90 });
    const { outcome, gates } = await end;
    expect(outcome.kind).toBe('completed');
    expect(gates.map(({ name, passed, actual }) => [name, passed, actual])).toEqual([
      ['lint', true, 0],
      ['coverage', true, 90],
      ['audit', true, 0],
    ]);
    expect(bench.launcher.gateCommands.map(({ argv }) => argv)).toEqual([['lint'], ['audit']]);
  });

  it('fail the attempt with what the first blocking one found, and all of them are told', async () => {
    const bench = new Bench({ gates: [outputGate('warning'), outputGate(), commandGate('lint')] });
    bench.launcher.onGateCommand = () => Promise.resolve({ exitCode: 1, message: 'three errors' });
    const end = bench.start();
    bench.launch.complete({ coverage: 10 });
    const { outcome, gates } = await end;
    const message = 'coverage is 10, but must be >= 80';
    expect(outcome).toEqual({ kind: 'failed', failure: { category: 'gate', class: 'unknown', message } });
    expect(gates.map(({ passed }) => passed)).toEqual([false, false, false]);
  });

  it('only warn when that is their level', async () => {
    const bench = new Bench({ gates: [outputGate('warning'), commandGate('lint', 'warning')] });
    bench.launcher.onGateCommand = () => Promise.resolve({ exitCode: 1, message: '' });
    const end = bench.start();
    bench.launch.complete({});
    const { outcome, gates } = await end;
    expect([outcome.kind, gates.map(({ passed }) => passed)]).toEqual(['completed', [false, false]]);
  });

  it('are not checked when the attempt did not complete', async () => {
    const bench = new Bench({ gates: [commandGate('lint')] });
    const end = bench.start();
    bench.launch.fail();
    expect([(await end).gates, bench.launcher.gateCommands]).toEqual([[], []]);
  });

  it('may take longer than the silence that an agent is allowed', async () => {
    const bench = new Bench({ timeouts: { idleMs: 2_000 }, gates: [commandGate('lint')] });
    const gate = bench.holdGateCommand();
    const end = bench.start();
    bench.launch.complete();
    await gate.begun;
    bench.launch.observer.active();
    bench.clock.advance(4_000);
    gate.end(0);
    expect((await end).outcome.kind).toBe('completed');
  });

  it('R24 are stopped when the attempt as a whole takes too long', async () => {
    const bench = new Bench({ gates: [commandGate('lint')] });
    const gate = bench.holdGateCommand();
    const end = bench.start();
    bench.launch.complete();
    await gate.begun;
    bench.clock.advance(60_000);
    expect(bench.launcher.gateCommands[0]?.stops).toEqual([250]);
    gate.end(0);
    expect((await end).outcome.kind).toBe('timedOut');
  });

  it('R35 are stopped in the middle of a command, and none is begun any more', async () => {
    const bench = new Bench({ gates: [outputGate(), commandGate('lint'), commandGate('audit')] });
    const gate = bench.holdGateCommand();
    const end = bench.start();
    bench.launch.complete({ coverage: 90 });
    await gate.begun;
    bench.worker.stop({ kind: 'cancel', reason: 'enough' });
    expect(bench.launcher.gateCommands[0]?.stops).toEqual([250]);
    gate.end(null);
    const { outcome, gates } = await end;
    expect([outcome.kind, gates.map(({ name }) => name)]).toEqual(['cancelled', ['coverage']]);
    expect([bench.launch.stops, bench.launcher.gateCommands.length]).toEqual([[], 1]);
  });

  it('let an attempt complete whose last command had passed before the stop reached it', async () => {
    const bench = new Bench({ gates: [commandGate('lint')] });
    const gate = bench.holdGateCommand();
    const end = bench.start();
    bench.launch.complete({ answer: 42 });
    await gate.begun;
    bench.worker.stop({ kind: 'cancel', reason: 'enough' });
    gate.end(0);
    expect((await end).outcome).toEqual({ kind: 'completed', outputs: { answer: 42 } });
  });
});

describe('a fault of the engine', () => {
  const failed = (cause: string) => {
    const message = `the attempt ended by a fault of the engine: ${cause}`;
    const outcome = { kind: 'failed', failure: { category: 'engine', class: 'unknown', message } };
    return { outcome, exit: null, gates: [] };
  };

  it('ends an attempt that could not be launched, with what was thrown', async () => {
    const bench = new Bench();
    bench.launcher.onLaunch = () => {
      throw new Error('no host');
    };
    expect(await bench.run()).toEqual(failed('no host'));
  });

  it('ends an attempt whose gate could not be begun, and leaves no timer', async () => {
    const bench = new Bench({ gates: [commandGate('lint')] });
    bench.launcher.onGateCommand = () => Promise.reject('the pipe is closed');
    const end = bench.start();
    bench.launch.complete();
    expect(await end).toEqual(failed('the pipe is closed'));
  });
});
