import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Event } from '../../src-main/contract/event.ts';
import { openOrchestrator } from '../../src-main/open-orchestrator.ts';
import type { ServedApi } from '../../src-main/transport/serve-api.ts';
import type { Measurement, Row } from './measurement.ts';
import { fact, judged, missing } from './measurement.ts';
import { Samples } from './quantiles.ts';
import { measureSpawnRate } from './spawn-rate.ts';
import type { StartCosts } from './start-cost.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

const program = '/bin/true';
const largeMegabytes = 500;

async function measureStarts(megabytes: number, count: number): Promise<StartCosts> {
  const child = fork(fileURLToPath(new URL('./start-cost.ts', import.meta.url)), [String(megabytes), String(count)]);
  const [costs] = (await once(child, 'message')) as [StartCosts];
  await once(child, 'exit');
  return costs;
}

function rowsOf({ residentMb, direct, host }: StartCosts): readonly Row[] {
  const size = `at ${Math.round(residentMb / 10) * 10} MB`;
  return [
    fact(`start, child_process.spawn blocks ${size}, p50`, direct.blocksP50, 'ms'),
    fact(`start, child_process.spawn ${size}`, direct.perSecond, '1/s'),
    judged(
      `start, agent host blocks ${size}, p50`,
      host.blocksP50,
      'ms',
      'T6 starting an agent blocks the main loop ≤ 0.1 ms at any memory size',
      host.blocksP50 <= 0.1,
    ),
    fact(`start, agent host blocks ${size}, p99`, host.blocksP99, 'ms'),
    fact(`start, agent host ${size}`, host.perSecond, '1/s'),
  ];
}

/** The rate of starts beside that of a program in C, both eight at a time. */
function rowsOfRate({ host }: StartCosts, bare: number | null): readonly Row[] {
  if (bare === null) return [missing('start, agent host against posix_spawn', 'there is no C compiler')];
  const ratio = host.perSecond / bare;
  return [
    fact('start, posix_spawn in C', bare, '1/s'),
    judged('start, agent host against posix_spawn', ratio, '×', 'T6 rate ≥ 0.5 × C posix_spawn', ratio >= 0.5),
  ];
}

/** Follows tasks by their events, whose own times tell how long each took (to the millisecond). */
class TaskTimes {
  readonly #createdAt = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  tookMs = new Samples();
  #completed = 0;

  take(events: readonly Event[]): void {
    for (const event of events) {
      if (event.kind === 'task.created') this.#createdAt.set(event.taskId, event.at);
      if (event.kind !== 'task.completed') continue;
      this.tookMs.add(event.at - (this.#createdAt.get(event.taskId) ?? Number.NaN));
      this.#completed += 1;
    }
    for (const look of this.#waiting) look();
  }

  /** Resolves once so many tasks have completed in all. */
  until(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(() => {
        if (this.#completed >= count) resolve();
      });
    });
  }
}

const trueTask = {
  agent: { type: 'shell', capabilities: [] },
  work: { kind: 'command', command: { kind: 'argv', argv: [program] } },
};

async function queueTrue(served: ServedApi, count: number): Promise<void> {
  const queued = await served.call('enqueueTasks', { tasks: Array.from({ length: count }, () => trueTask) });
  if (!queued.ok) throw new Error(queued.error.message);
}

async function timeShellTasks(served: ServedApi, count: number) {
  const times = new TaskTimes();
  served.follow(
    { topic: 'events', afterSeq: 0 },
    {
      deliver: (message) => times.take(message.topic === 'events' ? message.events : []),
      ended: (error) => console.error(error.message),
    },
  );
  const single = Math.ceil(count / 4);
  for (let index = 1; index <= single; index += 1) {
    const done = times.until(index);
    await queueTrue(served, 1);
    await done;
  }
  const p50 = times.tookMs.quantile(0.5);
  const start = performance.now();
  const done = times.until(single + count);
  await queueTrue(served, count);
  await done;
  return { p50, perSecond: (count * 1_000) / (performance.now() - start) };
}

/** `/bin/true` as a task through everything: contract, store, dispatcher, agent host, process, log, result. */
function measureShellTasks(count: number) {
  return inTemporaryFolder(async (folder) => {
    const dataFolder = join(folder, 'data');
    mkdirSync(dataFolder, { mode: 0o700 });
    const opened = await openOrchestrator({ dataFolder, mode: 'work' });
    if (!opened.ok) throw new Error(`the engine did not open: ${JSON.stringify(opened.error)}`);
    const { served, close } = opened.value;
    try {
      return await timeShellTasks(served, count);
    } finally {
      await close({ mode: 'park', graceMs: 1_000 });
    }
  });
}

/** What supervision costs over a bare start, at two sizes of the process that asks for it. */
export const startsMeasurement: Measurement = {
  name: 'starts',
  async measure({ quick }) {
    const count = quick ? 60 : 400;
    const small = await measureStarts(0, count);
    const large = await measureStarts(largeMegabytes, count);
    const bare = await measureSpawnRate(program, count * 4, 8);
    const tasks = await measureShellTasks(quick ? 40 : 240);
    return [
      ...rowsOf(small),
      ...rowsOf(large),
      ...rowsOfRate(large, bare),
      fact('/bin/true as a task, end to end p50', tasks.p50, 'ms'),
      fact('/bin/true as a task, 8 slots', tasks.perSecond, 'tasks/s'),
    ];
  },
};
