import { beforeEach, describe, expect, it } from 'vitest';
import type { AgentId, RunId, TaskId } from '../../src-main/contract/ids.ts';
import { agentIdSchema, runIdSchema, scheduleIdSchema, taskIdSchema } from '../../src-main/contract/ids.ts';
import { scheduleDefinitionSchema } from '../../src-main/contract/schedule.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import { Parts } from '../../src-main/core/parts.ts';
import type { Store, StoreUnit } from '../../src-main/core/ports.ts';
import { StoreFailure } from '../../src-main/core/ports.ts';
import type { StoreHistory } from '../../src-main/core/ports-history.ts';
import type { PrunerDeps } from '../../src-main/core/pruner.ts';
import { Pruner } from '../../src-main/core/pruner.ts';
import { connectTo, expectSound, KeptMessages, openTestStore } from '../store/open-test-store.ts';
import {
  addTask,
  agentRegistered,
  at,
  attemptEnded,
  attemptStarted,
  claimFirst,
  claimOf,
  failure,
  ids,
  runCreated,
  sampleWorkflow,
  taskCompleted,
} from '../store/sample-events.ts';
import { KeptFiles } from '../support/kept-files.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { notYet, until } from '../support/until.ts';

const dayMs = 24 * 3_600_000;
const base = { at: at + 50, actor: 'engine' } as const;

/** Tasks that have ended, with a log and a folder each. */
function endTasks(unit: StoreUnit, files: KeptFiles, count: number) {
  return Array.from({ length: count }, () => {
    const { taskId } = addTask(unit);
    const attempt = claimFirst(unit);
    if (attempt === null) throw new Error('nothing was claimed');
    const claim = claimOf(attempt);
    unit.record([attemptStarted(claim), attemptEnded(claim, 'completed', { outputs: {} }), taskCompleted(claim)]);
    files.log(attempt.id, 100, at);
    files.workspaces.set(taskId, at);
    return { taskId, attemptId: attempt.id };
  });
}

class Bench {
  readonly clock: ManualClock;
  readonly files = new KeptFiles();
  readonly parts = new Parts();
  readonly log = new KeptMessages();
  readonly deps: PrunerDeps;
  readonly pruner: Pruner;
  readonly store: Store;
  readonly file: string;

  constructor(opened: { store: Store; file: string }, days: number, retention: object, history: object) {
    this.clock = new ManualClock(at + days * dayMs);
    this.store = opened.store;
    this.file = opened.file;
    this.deps = {
      store: {
        ...opened.store,
        history: new Proxy(opened.store.history, { get: (real, name) => find(history, real, name) }),
      },
      files: this.files,
      clock: this.clock,
      settings: settingsSchema.parse({ retention }),
      parts: this.parts,
      logger: this.log,
    };
    this.pruner = new Pruner(this.deps);
  }

  get events() {
    return this.store.reads.listEvents({ afterSeq: 0, limit: 10_000 }).events;
  }

  /** The next look by itself, until it is over. */
  async look(): Promise<void> {
    const { timers } = this.clock;
    this.clock.advance(dayMs);
    await until('the look to be over', () => (this.clock.timers >= timers ? true : notYet(this.clock.timers)));
  }
}

function find(own: object, real: StoreHistory, name: string | symbol): unknown {
  const found = name in own ? (own as never)[name] : (real as never)[name];
  return typeof found === 'function' ? (found as (...given: unknown[]) => unknown).bind(real) : found;
}

/** A pruner on a real store, some days after the samples. */
async function openBench(options: { days?: number; retention?: object; history?: object } = {}): Promise<Bench> {
  const opened = await openTestStore();
  return new Bench(opened, options.days ?? 100, options.retention ?? {}, options.history ?? {});
}

describe('a look', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });

  it('R75 forgets by itself what ended more than 90 days ago, with its logs and folders, and says how much', async () => {
    await bench.store.write((unit) => void endTasks(unit, bench.files, 3));
    bench.pruner.start();
    expect(bench.clock.timers).toBe(1);
    await bench.look();
    await bench.pruner.stop();
    expect(bench.events).toMatchObject([
      {
        kind: 'history.pruned',
        actor: 'engine',
        runs: 0,
        tasks: 3,
        events: 15,
        reason: expect.stringContaining('90 days'),
      },
    ]);
    expect(bench.files.logs.size).toBe(0);
    expect(bench.files.workspaces.size).toBe(0);
    expect(bench.parts.troubles()).toEqual([]);
    expect(bench.clock.timers).toBe(0);
    await bench.store.close();
    expectSound(bench.file);
  });

  it('says nothing when nothing was removed, and comes once a day', async () => {
    bench.pruner.start();
    for (let day = 0; day < 3; day += 1) {
      await bench.look();
      expect(bench.clock.timers).toBe(1);
    }
    expect(bench.events).toEqual([]);
    await bench.pruner.stop();
  });

  it('keeps a folder in which others work, and removes what belongs to nothing once it is old', async () => {
    const borrowed = runIdSchema.parse(`run_${'7'.repeat(26)}`);
    const left = taskIdSchema.parse(`task_${'8'.repeat(26)}`);
    const young = taskIdSchema.parse(`task_${'9'.repeat(26)}`);
    const { task, run } = await bench.store.write((unit) => {
      unit.putWorkflow(sampleWorkflow);
      const created = runCreated({ folder: `/data/workspaces/${borrowed}` });
      unit.record([created]);
      return { task: addTask(unit).taskId, run: created.runId };
    });
    const old: readonly (RunId | TaskId)[] = [borrowed, left, task, run];
    for (const id of old) bench.files.workspaces.set(id, at);
    bench.files.workspaces.set(young, bench.clock.now());
    bench.files.log(ids.attemptId(), 5, at);
    bench.files.log(ids.attemptId(), 5, bench.clock.now());
    await bench.pruner.prune({ dryRun: false });
    expect([...bench.files.workspaces.keys()].toSorted()).toEqual([borrowed, run, task, young].toSorted());
    expect(bench.files.logs.size).toBe(1);
  });

  it('condenses what has many old events, and not what has few', async () => {
    const worker: AgentId = agentIdSchema.parse('worker');
    const scheduleId = scheduleIdSchema.parse('nightly');
    const breakerId = 'agent:worker' as never;
    const definition = scheduleDefinitionSchema.parse({
      id: 'nightly',
      title: 'Nightly',
      timing: { kind: 'interval', everyMs: 60_000 },
      start: { kind: 'run', workflow: 'sample' },
    });
    await bench.store.write((unit) => {
      unit.record([agentRegistered('worker'), agentRegistered('quiet')]);
      for (let time = 0; time < 60; time += 1) {
        unit.record([
          { ...base, kind: 'agent.recovered', agentId: worker },
          { ...base, kind: 'schedule.saved', scheduleId, definition, nextAt: time },
          {
            ...base,
            kind: 'breaker.failed',
            breakerId,
            attemptId: ids.attemptId(),
            failure,
            to: 'closed',
            retryAt: null,
          },
        ]);
      }
    });
    const rows = () => [
      bench.store.reads.agents(),
      bench.store.reads.row('schedule', scheduleId),
      bench.store.reads.row('breaker', breakerId),
    ];
    const before = rows();
    expect(await bench.pruner.prune({ dryRun: false })).toMatchObject({ ok: true, value: { events: 181 } });
    expect(rows()).toEqual(before);
    expect(bench.events.map(({ kind }) => kind).toSorted()).toEqual([
      'agent.condensed',
      'agent.registered',
      'breaker.condensed',
      'history.pruned',
      'schedule.condensed',
    ]);
    await bench.store.close();
    expectSound(bench.file);
  });

  it('asked for by a person counts first, and takes another time than that of the settings', async () => {
    await bench.store.write((unit) => void endTasks(unit, bench.files, 2));
    expect(await bench.pruner.prune({ olderThanDays: 200, dryRun: false })).toMatchObject({ value: { tasks: 0 } });
    expect(await bench.pruner.prune({ olderThanDays: 99, dryRun: true })).toMatchObject({
      value: { tasks: 2, events: 10, before: at + dayMs },
    });
    expect(bench.files.logs.size).toBe(2);
    expect(await bench.pruner.prune({ olderThanDays: 99, dryRun: false })).toMatchObject({ value: { tasks: 2 } });
    expect(bench.events).toMatchObject([{ kind: 'history.pruned', actor: 'person' }]);
  });
});

it('R75 removes the logs of what ended longest ago when all of them are too large, and never those of live attempts', async () => {
  const bench = await openBench({ days: 1, retention: { logMebibytes: 1 } });
  const mebibyte = 1024 * 1024;
  const { ended, live } = await bench.store.write((unit) => {
    const done = endTasks(unit, bench.files, 3);
    addTask(unit);
    return { ended: done, live: claimFirst(unit) };
  });
  if (live === null) throw new Error('nothing was claimed');
  const unknown = ids.attemptId();
  for (const id of [...ended.map(({ attemptId }) => attemptId), live.id, unknown]) {
    bench.files.log(id, 0.4 * mebibyte, bench.clock.now());
  }
  await bench.pruner.prune({ dryRun: false });
  const [, , newest] = ended;
  expect([...bench.files.logs.keys()]).toEqual([newest?.attemptId, live.id]);
  expect(bench.store.reads.logsRemovedUpTo()).toBe(
    bench.store.reads.row('attempt', ended[1]?.attemptId ?? '')?.endedAt,
  );
});

it('keeps the log and the folder of what was set aside because it could not be read, however old and large', async () => {
  const bench = await openBench({ retention: { logMebibytes: 1 } });
  const attemptId = ids.attemptId();
  const taskId = ids.taskId();
  const connection = connectTo(bench.file);
  const setAside = connection.prepare("INSERT INTO quarantined_rows VALUES (?, ?, 0, 'damaged', '{}')");
  setAside.run('attempts', attemptId);
  setAside.run('tasks', taskId);
  connection.close();
  bench.files.log(attemptId, 9e6, at);
  bench.files.log(ids.attemptId(), 10, at);
  bench.files.workspaces.set(taskId, at).set(ids.taskId(), at);
  await bench.pruner.prune({ dryRun: false });
  expect([...bench.files.logs.keys()]).toEqual([attemptId]);
  expect([...bench.files.workspaces.keys()]).toEqual([taskId]);
});

it('removes nothing by itself where the settings say never', async () => {
  const bench = await openBench({ retention: { days: 0, logMebibytes: 0 } });
  await bench.store.write((unit) => void endTasks(unit, bench.files, 1));
  bench.pruner.start();
  await bench.look();
  expect(await bench.pruner.prune({ dryRun: false })).toMatchObject({ value: { before: null, tasks: 0 } });
  expect(bench.files.logs.size).toBe(1);
  expect(bench.events).toHaveLength(5);
});

it('stops after its step when the engine closes, and says how far it came', async () => {
  const bench = await openBench();
  await bench.store.write((unit) => void endTasks(unit, bench.files, 400));
  bench.pruner.start();
  bench.clock.advance(dayMs);
  await until('a step to be done', () => (bench.files.logs.size < 400 ? true : notYet(bench.files.logs.size)));
  await bench.pruner.stop();
  const [told] = bench.events.filter(({ kind }) => kind === 'history.pruned');
  const left = bench.store.reads.countTasks().completed;
  expect(left).toBeGreaterThan(0);
  expect(told).toMatchObject({ tasks: 400 - left });
  expect(bench.clock.timers).toBe(0);
  await bench.store.close();
  expectSound(bench.file);
});

it('is in trouble when it cannot remove, and not any more when it can', async () => {
  const bench = await openBench();
  await bench.store.write((unit) => void endTasks(unit, bench.files, 1));
  bench.files.failure = new Error('the disk is read-only');
  bench.pruner.start();
  await bench.look();
  expect(bench.parts.troubles()).toMatchObject([{ message: expect.stringContaining('the disk is read-only') }]);
  expect(bench.log.warnings).toHaveLength(1);
  // What was removed is said, although its log is still there.
  expect(bench.events).toMatchObject([{ kind: 'history.pruned', tasks: 1 }]);
  bench.files.failure = null;
  await bench.look();
  expect(bench.parts.troubles()).toEqual([]);
  expect(bench.files.logs.size).toBe(0);
});

it('tells a person why the store refused, and passes on what is a defect', async () => {
  const apiError = { type: 'storeFailed' as const, message: 'The disk is full.', remedy: 'Free some space.' };
  const failures: unknown[] = [new StoreFailure(apiError), new Error('a defect'), 'thrown text'];
  const bench = await openBench({ history: { forgetOld: () => Promise.reject(failures.shift()) } });
  expect(await bench.pruner.prune({ dryRun: false })).toEqual({ ok: false, error: apiError });
  await expect(bench.pruner.prune({ dryRun: false })).rejects.toThrow('a defect');
  bench.pruner.start();
  await bench.look();
  expect(bench.parts.troubles()).toMatchObject([{ message: expect.stringContaining('thrown text') }]);
});

it('condenses nothing that is gone by then', async () => {
  const gone = { kind: 'agent' as const, id: 'gone' };
  const removed = { runs: 0, tasks: 0, events: 0, attemptIds: [], ownerIds: [] };
  const step = { next: null, removed, condensable: Array.from({ length: 50 }, () => gone) };
  const bench = await openBench({ history: { forgetOld: () => Promise.resolve(step) } });
  expect(await bench.pruner.prune({ dryRun: false })).toMatchObject({ value: { events: 0 } });
  expect(bench.events).toEqual([]);
});

it('removes no further files once the engine closes', async () => {
  const bench = await openBench({ retention: { logMebibytes: 1 } });
  const log = ids.attemptId();
  bench.files.log(log, 9e6, at);
  bench.files.workspaces.set(ids.taskId(), at);
  await bench.pruner.stop();
  await bench.pruner.prune({ dryRun: false });
  expect(bench.files.logs.has(log)).toBe(true);
  expect(bench.files.workspaces.size).toBe(1);
});
