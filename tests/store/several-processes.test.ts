import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { expectSound, openTestStore } from './open-test-store.ts';
import { addTask, attemptStarted, claimFirst, claimOf } from './sample-events.ts';

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Starts a program of tests/fixtures/store; killed at the end of the test, should it still run. */
function start(program: string, ...args: string[]): Child {
  const path = fileURLToPath(new URL(`../fixtures/store/${program}.ts`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return child;
}

/** What a program printed; fails with its errors when it did not end well. */
async function outputOf(child: Child): Promise<string> {
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  if (code !== 0) throw new Error(`The child ended with ${code}: ${errors}`);
  expect(errors).toBe('');
  return output;
}

it('R30 lets 64 claimers in 4 processes claim each of 10,000 tasks exactly once', async () => {
  const { store, folder, file } = await openTestStore();
  for (let lot = 0; lot < 20; lot += 1) {
    await store.write((unit) => {
      for (let count = 0; count < 500; count += 1) addTask(unit);
    });
  }

  const outputs = await Promise.all(Array.from({ length: 4 }, () => outputOf(start('claim-tasks', folder, '16'))));

  const claimed = outputs.flatMap((output) => JSON.parse(output) as string[]);
  expect(claimed).toHaveLength(10_000);
  expect(new Set(claimed).size).toBe(10_000);
  expect(store.reads.countTasks()).toMatchObject({ queued: 0, claimed: 10_000 });
  expect(store.reads.leases()).toHaveLength(10_000);
  expect(store.reads.lastSeq()).toBe(20_000);
  await store.close();
  expectSound(file);
}, 120_000);

it.each([
  { writers: 1, times: 10 },
  { writers: 10, times: 100 },
])(
  'R31 loses no update of 3 processes with $writers writers each that count to $times',
  async ({ writers, times }) => {
    const { store, folder, file } = await openTestStore();
    const attempt = await store.write((unit) => {
      addTask(unit);
      return claimFirst(unit);
    });
    if (attempt === null) throw new Error('Nothing was claimed.');
    await store.write((unit) => unit.record([attemptStarted(claimOf(attempt))]));

    const counting = Array.from({ length: 3 }, () =>
      outputOf(start('count-activities', folder, attempt.id, String(writers), String(times))),
    );
    await Promise.all(counting);

    expect(store.reads.row('attempt', attempt.id)?.activities).toBe(3 * writers * times);
    await store.close();
    expectSound(file);
  },
  60_000,
);

it('I1 keeps every acknowledged unit when the process is killed at any moment, and nothing by halves', async () => {
  let { store, folder, file } = await openTestStore();
  await store.close();
  const acknowledged = new Set<string>();
  for (let round = 0; round < 5; round += 1) {
    const child = start('work-for-ever', folder);
    const before = acknowledged.size;
    const enough = before + 1 + Math.floor(Math.random() * 600);
    let rest = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) acknowledged.add(line);
      if (acknowledged.size >= enough) child.kill('SIGKILL');
    }
    expect(acknowledged.size, `round ${round}`).toBeGreaterThan(before);

    ({ store, file } = await openTestStore({ folder }));
    for (const taskId of acknowledged) {
      expect(store.reads.row('task', taskId)?.state, `${taskId} after round ${round}`).toBe('completed');
    }
    await store.close();
    expectSound(file);
  }
}, 60_000);
