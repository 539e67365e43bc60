import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiClient } from '../../../src-main/contract/api.ts';
import type { TaskId } from '../../../src-main/contract/ids.ts';
import { journalCommand } from '../../support/journal.ts';
import { KillableEngine } from '../../support/killable-engine.ts';
import { commandTask, RealEngine } from '../../support/real-engine.ts';
import { notYet, until } from '../../support/until.ts';
import type { errors, FailingCall } from '../failing-disk/failing-disk.ts';
import { FailingDisk } from '../failing-disk/failing-disk.ts';
import type { FaultGroup, Trial } from '../fault-group.ts';
import { historyHolds, neverTwiceAtOnce } from '../properties/history.ts';
import { databaseSound, noTaskLost, rowsFollowFromEvents } from '../properties/rows.ts';

/** What fails, and how. */
const faults: readonly (readonly [FailingCall, keyof typeof errors])[] = [
  ['write', 'ENOSPC'],
  ['write', 'EIO'],
  ['write', 'EROFS'],
  ['flush', 'EIO'],
  ['flush', 'ENOSPC'],
  ['truncate', 'EIO'],
];

const settings = { slots: { total: 3 } };

/** Disks that are full, bad or read-only for a while, and a machine that has no room for another process. */
export const failingDisk: FaultGroup = {
  number: 5,
  title: 'A disk that fails, and a machine that is full',
  faults: [
    'ENOSPC, EIO and EROFS from the n-th write, flush or truncation of the database on, for some calls, in the middle of the work (a library that is loaded before the C library). What is asked meanwhile is rejected with a sentence and leaves nothing behind; what was acknowledged is completed once the disk works again, once.',
    'A disk that is really full: a small file system of its own.',
    'EMFILE when files of the database are opened; EAGAIN and ENOMEM when a process is started: the attempt fails with a reason, and is tried again.',
  ],
  run: async (context) => {
    const disk = new FailingDisk();
    const missing = disk.build();
    if (missing !== null) {
      context.notRun('calls that fail', missing);
    } else {
      await context.trials('writes, flushes and truncations', { short: 1, full: 20 }, (trial) =>
        diskTrial(trial, disk),
      );
      await context.trials('no file can be opened', { short: 0, full: 5 }, (trial) => openTrial(trial, disk));
      await context.trials('no process can be started', { short: 1, full: 10 }, (trial) => forkTrial(trial, disk));
    }
    disk.remove();
    const mounted = tryMount();
    if (mounted !== null) context.notRun('a full file system', mounted);
    else await context.trials('a full file system', { short: 1, full: 5 }, fullTrial);
  },
};

/** A task that leaves a trace of each time it runs. */
function task(journals: string, name: string, ms: number) {
  return commandTask(journalCommand(journals, name, ms));
}

async function start(
  trial: Trial,
  folder: string,
  disk: FailingDisk,
): Promise<{ engine: KillableEngine; client: ApiClient }> {
  disk.mend();
  const engine = new KillableEngine(folder, { env: disk.env });
  trial.cleanUp(() => engine.kill());
  await engine.ready();
  return { engine, client: await engine.client() };
}

/** Queues a task; the id when it was acknowledged, null when it was rejected in words. */
async function submit(trial: Trial, client: ApiClient, work: ReturnType<typeof task>): Promise<TaskId | null> {
  const answer = await client.enqueueTasks({ tasks: [work] });
  if (answer.ok) return answer.value.taskIds[0] ?? null;
  const { type, message, remedy } = answer.error;
  trial.expect(type === 'storeFailed', 'A submit was rejected for another reason.', answer.error);
  trial.expect(
    /[.!]$/.test(message) && remedy.length > 10,
    'The rejection is no sentence with a remedy.',
    answer.error,
  );
  return null;
}

async function diskTrial(trial: Trial, disk: FailingDisk): Promise<void> {
  const folder = trial.makeFolder(settings);
  const journals = join(folder, 'journals');
  mkdirSync(journals);
  const { engine, client } = await start(trial, folder, disk);
  const acknowledged: TaskId[] = [];
  const keep = (id: TaskId | null) => id !== null && acknowledged.push(id);
  for (let index = 0; index < 3; index += 1) keep(await submit(trial, client, task(journals, `early${index}`, 300)));
  const [call, error] = faults[trial.between(0, faults.length)] ?? ['write', 'EIO'];
  disk.fail(call, error, trial.between(0, 25), trial.random() < 0.5 ? 1 : 100_000);
  let rejected = 0;
  for (let index = 0; index < 12; index += 1) {
    const id = await submit(trial, client, task(journals, `meanwhile${index}`, 50));
    if (id === null) rejected += 1;
    else acknowledged.push(id);
  }
  const status = await client.getStatus({});
  trial.expect(status.ok, 'Nothing can be read while the disk fails.');
  disk.mend();
  for (let index = 0; index < 3; index += 1) {
    const id = await until(
      'a submit to be taken again',
      async () =>
        (await submit(trial, client, task(journals, `late${trial.between(0, 1e6)}`, 20))) ?? notYet('rejected'),
      15_000,
    );
    acknowledged.push(id);
  }
  trial.saw(`${error} from a ${call}`);
  trial.saw('submits that were rejected', rejected);
  trial.saw('submits that were acknowledged', acknowledged.length);
  await finish(trial, { folder, journals, engine, client, acknowledged });
}

async function finish(
  trial: Trial,
  lived: {
    readonly folder: string;
    readonly journals: string;
    readonly engine: KillableEngine;
    readonly client: ApiClient;
    readonly acknowledged: readonly TaskId[];
  },
): Promise<void> {
  const { folder, journals, engine, client, acknowledged } = lived;
  for (const taskId of acknowledged) {
    await until(
      `task ${taskId} to be completed`,
      async () => {
        const found = await client.getTask({ taskId });
        if (!found.ok) throw new Error(found.error.message);
        const { task: row, waitingBecause } = found.value;
        return row.state === 'completed' ? true : notYet([row.state, row.failure?.message, waitingBecause]);
      },
      30_000,
    );
  }
  const { ok, value } = (await client.listTasks({ limit: 1_000 })) as {
    ok: boolean;
    value: { tasks: { id: TaskId }[] };
  };
  const strangers = ok ? value.tasks.filter(({ id }) => !acknowledged.includes(id)) : [];
  trial.expect(strangers.length === 0, 'What was rejected is stored all the same.', strangers.length);
  await engine.kill();
  await trial.hold(
    noTaskLost(folder, acknowledged),
    ...historyHolds(folder),
    rowsFollowFromEvents(folder),
    databaseSound(folder),
    neverTwiceAtOnce(journals),
  );
}

/** Files that an engine opens late: its thread for questions, and the next engine. */
async function openTrial(trial: Trial, disk: FailingDisk): Promise<void> {
  const folder = trial.makeFolder(settings);
  const journals = join(folder, 'journals');
  mkdirSync(journals);
  const { engine, client } = await start(trial, folder, disk);
  const acknowledged: TaskId[] = [];
  disk.fail('open', 'EMFILE', 0, 100_000);
  const searched = await client.listTasks({ search: 'nothing', limit: 10 });
  trial.saw(searched.ok ? 'a search that needed no new file' : 'a search that was refused');
  const id = await submit(trial, client, task(journals, 'work', 20));
  if (id !== null) acknowledged.push(id);
  disk.mend();
  const again = await until(
    'a search to be answered',
    async () => {
      const answer = await client.listTasks({ search: 'nothing', limit: 10 });
      return answer.ok ? answer.value : notYet(answer.error.message);
    },
    20_000,
  );
  trial.expect(again.tasks.length === 0, 'A search found what is not there.');
  await finish(trial, { folder, journals, engine, client, acknowledged });
}

async function forkTrial(trial: Trial, disk: FailingDisk): Promise<void> {
  const folder = trial.makeFolder(settings);
  const journals = join(folder, 'journals');
  mkdirSync(journals);
  const { engine, client } = await start(trial, folder, disk);
  const acknowledged: TaskId[] = [];
  disk.fail('fork', trial.random() < 0.5 ? 'EAGAIN' : 'ENOMEM', 0, trial.between(1, 3));
  for (let index = 0; index < 3; index += 1) {
    const id = await submit(trial, client, {
      ...task(journals, `work${index}`, 20),
      retry: { maxAttempts: 6, delayMs: 100 },
    });
    if (id !== null) acknowledged.push(id);
  }
  await finish(trial, { folder, journals, engine, client, acknowledged });
  const store = await RealEngine.open({ dataFolder: folder, mode: 'idle' });
  for (const taskId of acknowledged) {
    const { attempts } = await store.call('getTask', { taskId });
    for (const { state, failure } of attempts) {
      trial.expect(state === 'completed' || (failure?.message ?? '') !== '', 'An attempt failed without a reason.');
      if (failure?.category === 'spawn') trial.saw('attempts whose process could not be started');
    }
  }
  await store.park();
}

function tryMount(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root may mount a small file system';
  const probe = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', '/mnt']);
  if (probe.status !== 0) return `a file system could not be mounted: ${String(probe.stderr).trim()}`;
  spawnSync('umount', ['/mnt']);
  return null;
}

/** A real file system that fills up while the engine works, and gets room again. */
async function fullTrial(trial: Trial): Promise<void> {
  const folder = trial.makeFolder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', folder]);
  trial.expect(mounted.status === 0, 'The file system could not be mounted.', String(mounted.stderr));
  trial.cleanUp(() => spawnSync('umount', ['-l', folder]));
  const journals = join(folder, 'journals');
  mkdirSync(journals);
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
  const engine = new KillableEngine(folder);
  trial.cleanUp(() => engine.kill());
  await engine.ready();
  const client = await engine.client();
  const acknowledged: TaskId[] = [];
  const ballast = join(folder, 'ballast');
  writeFileSync(ballast, Buffer.alloc(8 * 1024 * 1024));
  let rejected = 0;
  for (let index = 0; index < 400 && rejected < 5; index += 1) {
    const large = commandTask(['/bin/true', 'x'.repeat(60_000)], { delayMs: 3_600_000 });
    const answer = await client.enqueueTasks({ tasks: [large] });
    if (answer.ok) acknowledged.push(...answer.value.taskIds);
    else {
      rejected += 1;
      trial.expect(answer.error.message.includes('full'), 'A full disk is not told.', answer.error);
    }
  }
  trial.expect(rejected > 0, 'The file system never filled up.', acknowledged.length);
  rmSync(ballast);
  const id = await until('a submit to be taken again', async () => {
    return (await submit(trial, client, task(journals, 'late', 20))) ?? notYet('rejected');
  });
  await until(
    'work to go on',
    async () => {
      const found = await client.getTask({ taskId: id });
      return found.ok && found.value.task.state === 'completed' ? true : notYet(found);
    },
    30_000,
  );
  await engine.kill();
  trial.saw('submits that a full disk rejected', rejected);
  await trial.hold(
    noTaskLost(folder, [...acknowledged, id], false),
    ...historyHolds(folder),
    rowsFollowFromEvents(folder),
    databaseSound(folder),
  );
}
