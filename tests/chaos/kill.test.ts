/**
 * Kills the engine again and again in the middle of its work, and asks at the end whether anything was lost, doubled
 * or left behind. `SIGNALBOX_KILLS` sets how often, `SIGNALBOX_SEED` repeats an earlier run's moments.
 */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Event } from '../../src-main/contract/event.ts';
import type { Rows } from '../../src-main/contract/evolve.ts';
import { evolve, touchedRows } from '../../src-main/contract/evolve.ts';
import type { RunId, TaskId } from '../../src-main/contract/ids.ts';
import type { Run } from '../../src-main/contract/run.ts';
import type { JournalEntry } from '../support/journal.ts';
import { journalCommand, overlaps, readJournals } from '../support/journal.ts';
import { KillableEngine } from '../support/killable-engine.ts';
import { processesOf } from '../support/process-census.ts';
import type { TaskFound } from '../support/real-engine.ts';
import { commandTask, makeDataFolder, RealEngine, testAgent, testTask } from '../support/real-engine.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { removeFolder } from '../support/temporary-folder.ts';

const kills = Number(process.env.SIGNALBOX_KILLS ?? 20);
const seed = Number(process.env.SIGNALBOX_SEED ?? Date.now() % 1_000_000_000);
const random = seededRandom(seed);
const taskCount = 60;
const runCount = 3;
/** The log before a checkpoint, several times over; without checkpoints it would only grow. */
const maxWalBytes = 16 * 1024 * 1024;

const settings = {
  slots: { total: 4 },
  heartbeat: { intervalMs: 500, staleMs: 5_000 },
};

/** What was found after a kill and the start that followed it. */
interface Life {
  readonly killedAfterMs: number;
  readonly wasReady: boolean;
  /** Processes that had lived under the killed engine and still did when the next one was ready. */
  readonly survivors: readonly string[];
  readonly walBytes: number;
}

let dataFolder: string;
let journals: string;
const taskIds: TaskId[] = [];
const runIds: RunId[] = [];
const lives: Life[] = [];
let tasks: TaskFound[];
let stageTasks: TaskFound[];
let runs: Run[];
let events: Event[];
let findings: { check: string; status: string; detail: string }[];
let leftAtTheEnd: string[];

/** Between the bounds, by the seed. */
function between(least: number, most: number): number {
  return Math.floor(least + random() * (most - least));
}

function workflowSource(number: number): string {
  const run = (stage: string, ms: number) => JSON.stringify(journalCommand(journals, `run${number}.${stage}`, ms));
  return `
name: line-${number}
stages:
  - { name: first, run: ${run('first', 150)} }
  - { name: left, needs: first, agent: tester, prompt: Go, with: { mode: slow, ms: 200 } }
  - { name: right, needs: first, run: ${run('right', 250)} }
  - { name: join, needs: [left, right], run: ${run('join', 100)} }
  - { name: last, agent: tester, prompt: Go, with: { mode: slow, ms: 100 }, gates: [attemptNumber >= 1] }
`;
}

/** Stores all the work before the first engine starts. */
async function feed(): Promise<void> {
  const store = await RealEngine.open({ dataFolder, mode: 'idle' });
  await store.call('saveAgent', testAgent('tester-1'));
  const commands = Array.from({ length: taskCount - 6 }, (_, index) =>
    commandTask(journalCommand(journals, `task${index}`, between(50, 300))),
  );
  const prompts = Array.from({ length: 6 }, () => testTask({ mode: 'slow', ms: between(50, 300) }));
  for (let number = 1; number <= runCount; number += 1) {
    runIds.push((await store.startWorkflow(workflowSource(number))).id);
  }
  taskIds.push(...(await store.enqueue(...commands, ...prompts)));
  await store.park();
}

/** Starts an engine, and kills it at a moment that the seed says; one in four dies before it is ready. */
async function liveAndDie(before: readonly { pid: number; started: string }[]): Promise<Life> {
  const dieEarly = random() < 0.25;
  const waitMs = dieEarly ? between(0, 600) : between(0, 900);
  const startedAt = performance.now();
  const engine = new KillableEngine(dataFolder);
  let survivors: string[] = [];
  if (!dieEarly) {
    await engine.ready();
    const known = new Set(before.map(({ pid, started }) => `${pid} ${started}`));
    survivors = processesOf(dataFolder)
      .filter(({ pid, started }) => known.has(`${pid} ${started}`))
      .map(({ command }) => command);
  }
  await sleep(waitMs);
  const wasReady = engine.isReady;
  await engine.kill();
  const wal = join(dataFolder, 'signalbox.db-wal');
  const walBytes = existsSync(wal) ? statSync(wal).size : 0;
  return { killedAfterMs: Math.round(performance.now() - startedAt), wasReady, survivors, walBytes };
}

beforeAll(async () => {
  process.stdout.write(`kill test: SIGNALBOX_SEED=${seed}, ${kills} kills\n`);
  dataFolder = makeDataFolder(settings);
  journals = join(dataFolder, 'journals');
  mkdirSync(journals);
  await feed();
  for (let kill = 0; kill < kills; kill += 1) lives.push(await liveAndDie(processesOf(dataFolder)));
  const last = await RealEngine.open({ dataFolder });
  try {
    tasks = await Promise.all(taskIds.map((taskId) => last.taskEnd(taskId, 60_000)));
    runs = await Promise.all(runIds.map((runId) => last.runEnd(runId)));
    const ids = runs.flatMap(({ stages }) => stages.flatMap(({ taskId }) => taskId ?? []));
    stageTasks = await Promise.all(ids.map((taskId) => last.call('getTask', { taskId })));
    events = await last.events();
    findings = (await last.call('runDoctor', {})).findings;
  } finally {
    await last.park();
    leftAtTheEnd = processesOf(dataFolder).map(({ pid, command }) => `${pid} ${command}`);
  }
}, 240_000);

afterAll(() => removeFolder(dataFolder));

test('R17 the kills hit the work: engines that were ready, and attempts that ran', () => {
  const interrupted = [...tasks, ...stageTasks].flatMap(({ attempts }) =>
    attempts.filter(({ state }) => state === 'interrupted'),
  );
  const hit = { lives: lives.length, ready: lives.filter(({ wasReady }) => wasReady).length, interrupted };
  process.stdout.write(`kill test: ${hit.ready} of ${hit.lives} engines were ready, `);
  process.stdout.write(`${interrupted.length} attempts were interrupted\n`);
  expect(hit.lives).toBe(kills);
  expect(hit.ready).toBeGreaterThan(kills / 3);
  expect(interrupted.length).toBeGreaterThan(kills / 3);
});

test('R17 every task is completed, however often the engine was killed', () => {
  expect(tasks.map(({ task }) => [task.state, task.failure])).toEqual(taskIds.map(() => ['completed', null]));
});

test('R17 every run is completed, no stage skipped or doubled', () => {
  for (const run of runs) {
    expect(run.stages.map(({ name, state }) => [name, state])).toEqual(
      ['first', 'left', 'right', 'join', 'last'].map((name) => [name, 'completed']),
    );
    expect(run.state).toBe('completed');
    const ends = events.filter((event) => event.kind === 'stage.completed' && event.runId === run.id);
    expect(ends).toHaveLength(5);
    const dispatched = events.filter((event) => event.kind === 'stage.dispatched' && event.runId === run.id);
    expect(dispatched).toHaveLength(5);
  }
});

test('I5 every task has exactly one completed attempt: its last one', () => {
  for (const { task, attempts } of [...tasks, ...stageTasks]) {
    const completed = attempts.filter(({ state }) => state === 'completed');
    expect(completed.map(({ id }) => id)).toEqual([task.attemptId]);
    expect(attempts.at(-1)?.id).toBe(task.attemptId);
    expect(attempts.map(({ number }) => number)).toEqual(attempts.map((_, index) => index + 1));
  }
});

test('every attempt that did not complete was interrupted, with a reason', () => {
  for (const { attempts } of [...tasks, ...stageTasks]) {
    for (const { state, failure, endedAt } of attempts.filter((attempt) => attempt.state !== 'completed')) {
      expect({ state, explained: (failure?.message ?? '') !== '', ended: endedAt !== null }).toEqual({
        state: 'interrupted',
        explained: true,
        ended: true,
      });
    }
  }
});

test('I4 no task ever ran twice at once, as its own processes saw it', () => {
  const all = readJournals(journals);
  expect(all.size).toBe(taskCount - 6 + 3 * runCount);
  expect([...all.values()].flatMap(overlaps)).toEqual([]);
  const ended = (entries: readonly JournalEntry[]) => entries.some((entry) => entry.ended);
  expect([...all].filter(([, entries]) => !ended(entries))).toEqual([]);
});

test('I8 no process outlives its engine for longer than the next start takes, and none is left', () => {
  expect(lives.flatMap(({ survivors }) => survivors)).toEqual([]);
  expect(leftAtTheEnd).toEqual([]);
});

test('I2 events are numbered without gaps, and folding them gives exactly the rows', () => {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  for (const { task, attempts } of [...tasks, ...stageTasks]) {
    expect(foldRow('task', task.id)).toEqual(task);
    for (const attempt of attempts) expect(foldRow('attempt', attempt.id)).toEqual(attempt);
  }
  for (const run of runs) expect(foldRow('run', run.id)).toEqual(run);
});

test('I2 the doctor finds nothing', () => {
  expect(findings.length).toBeGreaterThan(0);
  expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
});

test('the write-ahead log stays bounded', () => {
  expect(Math.max(...lives.map(({ walBytes }) => walBytes))).toBeLessThan(maxWalBytes);
});

/** The row that all events together give. */
function foldRow<K extends 'task' | 'attempt' | 'run'>(kind: K, id: string): Rows[K] | null {
  let row: Rows[K] | null = null;
  for (const event of events) if (concerns(event, kind, id)) row = evolve(kind, row, event);
  return row;
}

function concerns(event: Event, kind: 'task' | 'attempt' | 'run', id: string): boolean {
  return touchedRows(event).some((ref) => ref.kind === kind && ref.id === id);
}
