/** What is left after much work, counted from outside: nothing that was not there before. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDescriptors, processesOf } from '../support/process-census.ts';
import { commandTask, RealEngine, testAgent } from '../support/real-engine.ts';
import { makeFolder, removeFolder } from '../support/temporary-folder.ts';
import { notYet, until } from '../support/until.ts';

const runs = 100;

/** What is the system's folder for temporary things to this file, so that nobody else makes any in it. */
const temporary = makeFolder();
const usualTemporary = process.env.TMPDIR;
let engine: RealEngine;
let workflow: string;

beforeAll(async () => {
  // Not stubbed: stubs end with each test.
  process.env.TMPDIR = temporary;
  engine = await RealEngine.open({ settings: { slots: { total: 8 } } });
  workflow = engine.writeWorkflow(`
name: small
inputs: { fails: { type: boolean, default: false } }
stages:
  - { name: one, run: [/bin/true] }
  - { name: two, run: 'test "$SIGNALBOX_INPUT_FAILS" != true', retry: 1 }
`);
});
afterAll(async () => {
  await engine.close();
  if (usualTemporary === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = usualTemporary;
  removeFolder(temporary);
});

/** Everything that work must give back, by how much of it there is. */
function inventory(): Record<string, number> {
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  return {
    processes: processesOf(engine.dataFolder).length,
    descriptors: openDescriptors().filter((path) => !path.includes('anon_inode')).length,
    childHandles: resources.ProcessWrap ?? 0,
    timers: resources.Timeout ?? 0,
    watchedFiles: resources.FSEventWrap ?? 0,
    temporaryFolders: readdirSync(join(engine.dataFolder, 'tmp')).length,
    ofTheSystem: readdirSync(temporary).length,
  };
}

/** Runs so many, one in five fails, one in five is cancelled. */
async function runMany(count: number): Promise<string[]> {
  const started = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const { id } = await engine.call('startRun', { workflow, inputs: { fails: index % 5 === 3 } });
      if (index % 5 === 4) await engine.attempt('cancelRun', { runId: id, reason: 'it is one of those' });
      return id;
    }),
  );
  const ended = await Promise.all(started.map((id) => engine.runEnd(id)));
  return ended.map(({ state }) => state);
}

test('R43 after 100 runs, good, failed and cancelled, there is no more of anything than before', async () => {
  await runMany(10);
  const before = inventory();
  const states = await runMany(runs);
  expect(states.filter((state) => state === 'completed')).toHaveLength(runs * 0.6);
  expect(states.filter((state) => state === 'failed')).toHaveLength(runs * 0.2);
  await until(
    'no more than there was before',
    () => {
      const now = inventory();
      const grown = Object.keys(now).filter((kind) => (now[kind] ?? 0) > (before[kind] ?? 0));
      return grown.length === 0 ? true : notYet({ grown, before, now });
    },
    20_000,
  );
  expect(before.temporaryFolders).toBe(0);
  expect((await engine.call('getStatus', {})).slots.used).toBe(0);
});

test('R43 after the engine has ended there is no child, and no temporary folder', async () => {
  const other = await RealEngine.open();
  await other.call('saveAgent', testAgent('tester'));
  await other.call('startAgent', { agentId: 'tester' as never });
  await other.runTask(commandTask(['/bin/true']));
  expect(processesOf(other.dataFolder).length).toBeGreaterThan(1);
  await other.park();
  expect(processesOf(other.dataFolder)).toEqual([]);
  expect(readdirSync(other.dataFolder)).not.toContain('tmp');
  expect(readdirSync(other.dataFolder)).not.toContain('engine.lock');
  await other.close();
});

test('R42 fifty of fifty agents that are started together become ready', async () => {
  const names = Array.from({ length: 50 }, (_, index) => `agent-${index}`);
  const options = { type: 'crowd', startTimeoutMs: 60_000 };
  for (const name of names) await engine.call('saveAgent', testAgent(name, options));
  const started = await Promise.all(names.map((name) => engine.attempt('startAgent', { agentId: name as never })));
  const pids = started.flatMap((result) => (result.ok ? result.value.processes.map(({ pid }) => pid) : []));
  expect(started.filter(({ ok }) => !ok)).toEqual([]);
  expect(new Set(pids).size).toBe(50);
  const stopped = await Promise.all(
    names.map((name) => engine.call('stopAgent', { agentId: name as never, reason: 'seen' })),
  );
  expect(new Set(stopped.map(({ state }) => state))).toEqual(new Set(['stopped']));
  expect(processesOf(engine.dataFolder).filter(({ command }) => command.includes('test-agent'))).toEqual([]);
});
