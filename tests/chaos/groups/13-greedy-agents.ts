import { readdirSync, readFileSync } from 'node:fs';
import type { TaskId } from '../../../src-main/contract/ids.ts';
import { openDescriptors, processesOf } from '../../support/process-census.ts';
import type { RealEngine } from '../../support/real-engine.ts';
import { commandTask } from '../../support/real-engine.ts';
import { notYet, until } from '../../support/until.ts';
import type { FaultGroup, Trial } from '../fault-group.ts';
import { openEngine, parkAndHold, whileAnswering } from '../real-trial.ts';

/** Commands that take too much of the machine, each bounded by itself. */
export const greedyAgents: FaultGroup = {
  number: 13,
  title: 'Fork bombs, memory hogs, leaked descriptors',
  faults: [
    'A command that forks two of itself, which do the same, until there are 255 processes that ignore SIGTERM: all of them are ended when its time is up, and the engine answers meanwhile.',
    'A command that fills 300 MB of memory: it is ended when its time is up, and the engine answers meanwhile.',
    'A command that opens files until the system gives it no more: it fails alone. Many commands one after the other: engine and agent host hold as many descriptors as before, and no command inherits any of them.',
  ],
  run: async (context) => {
    await context.trials('a fork bomb', { short: 1, full: 3 }, forkBomb);
    await context.trials('a memory hog', { short: 1, full: 3 }, memoryHog);
    await context.trials('descriptors', { short: 1, full: 3 }, leakDescriptors);
  },
};

/** Forks so many times deep; every one of them ignores SIGTERM, and none lives longer than half a minute. */
const bomb = `trap '' TERM
bomb() { if [ "$1" -gt 0 ]; then bomb $(($1 - 1)) & bomb $(($1 - 1)) & wait; else sleep 30; fi; }
bomb `;

async function forkBomb(trial: Trial): Promise<void> {
  const engine = await openEngine(trial);
  const depth = trial.form === 'short' ? 4 : 7;
  const leaves = 2 ** depth;
  const ended = await whileAnswering(trial, engine, async () => {
    const taskId = await start(engine, ['/bin/sh', '-c', `${bomb}${depth}`], trial.form === 'short' ? 2_000 : 4_000);
    const most = await until('the bomb to go off', () => {
      const { length } = processesOf(engine.dataFolder);
      return length >= leaves ? length : notYet(length);
    });
    trial.saw('processes of fork bombs', most);
    return engine.taskEnd(taskId, 60_000);
  });
  await expectTimedOutAlone(trial, engine, ended.task.id);
}

async function memoryHog(trial: Trial): Promise<void> {
  const engine = await openEngine(trial);
  const mebibytes = trial.form === 'short' ? 100 : 300;
  const script = `const held = Array.from({ length: ${mebibytes} }, () => Buffer.alloc(1024 * 1024, 1)); console.log(held.length); setInterval(() => held, 1000)`;
  const ended = await whileAnswering(trial, engine, async () => {
    const taskId = await start(engine, [process.execPath, '-e', script], trial.form === 'short' ? 2_000 : 4_000);
    return engine.taskEnd(taskId, 60_000);
  });
  const [attempt] = ended.attempts;
  const log = attempt === undefined ? '' : await engine.log(attempt);
  trial.expect(log === String(mebibytes), 'It did not fill its memory.', log);
  trial.saw('MiB filled', mebibytes);
  await expectTimedOutAlone(trial, engine, ended.task.id);
}

/** The greedy one has timed out, nothing of it is left, and other work goes on as if it had not been. */
async function expectTimedOutAlone(trial: Trial, engine: RealEngine, taskId: TaskId): Promise<void> {
  const { task, attempts } = await engine.call('getTask', { taskId });
  trial.expect(attempts[0]?.state === 'timed_out', 'It did not time out.', [task.state, attempts]);
  const left = processesOf(engine.dataFolder).filter(({ command }) => !command.includes('host'));
  trial.expect(left.length === 0, 'Something of it is left.', left);
  const after = await engine.runTask(commandTask([process.execPath, '--version']));
  trial.expect(after.task.state === 'completed', 'Other work does not go on.', after);
  await parkAndHold(trial, engine, [after.task.id]);
}

async function leakDescriptors(trial: Trial): Promise<void> {
  const engine = await openEngine(trial);
  const open = 'const fs = require("node:fs"); for (;;) fs.openSync("/dev/null");';
  const short = () => commandTask(['/bin/ls', '-l', '/proc/self/fd']);
  const first = await engine.runTask(short());
  const before = { engine: openDescriptors().length, host: hostDescriptors(engine) };
  const limited = ['/bin/sh', '-c', 'ulimit -n 200; exec "$0" "$@"', process.execPath, '-e', open];
  const leaking = await engine.runTask(commandTask(limited, { retry: { maxAttempts: 1 } }));
  const said = leaking.attempts[0] === undefined ? '' : await engine.log(leaking.attempts[0]);
  trial.expect(said.includes('EMFILE'), 'It did not fail of its descriptors.', said);
  const many = await engine.enqueue(...Array.from({ length: trial.form === 'short' ? 20 : 200 }, short));
  for (const taskId of many) await engine.taskEnd(taskId, 60_000);
  await until('the descriptors of before', () => {
    const now = { engine: openDescriptors().length, host: hostDescriptors(engine) };
    return now.engine <= before.engine && now.host <= before.host ? now : notYet({ before, now });
  });
  const inherited = first.attempts[0] === undefined ? '' : await engine.log(first.attempts[0]);
  // The folder that the program itself reads is open too, and what we were started with by somebody careless.
  const given = new Set(descriptorsThatPassOn());
  const more = [...inherited.matchAll(/(\d+) -> (.+)/g)]
    .filter(
      ([, number, path]) => Number(number) > 2 && !/^\/proc\/\d+\/fd/.test(path ?? '') && !given.has(Number(number)),
    )
    .map(([whole]) => whole);
  trial.expect(inherited.includes(' 1 -> ') && more.length === 0, 'A command inherited descriptors.', inherited);
  trial.saw('commands after which nothing was left open', many.length);
  await parkAndHold(trial, engine, [...many, first.task.id]);
}

/** Numbers of our own descriptors that a program which we start would have too. */
function descriptorsThatPassOn(): number[] {
  const closedOnExec = 0o2000000;
  return readdirSync('/proc/self/fdinfo')
    .map(Number)
    .filter((number) => {
      try {
        const [, flags] = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${number}`, 'utf8')) ?? [];
        return (Number.parseInt(flags ?? '0', 8) & closedOnExec) === 0;
      } catch {
        return false; // it was only open for the look itself
      }
    });
}

function hostDescriptors(engine: RealEngine): number {
  const host = processesOf(engine.dataFolder).find(({ command }) => command.includes('host'));
  return host === undefined ? 0 : readdirSync(`/proc/${host.pid}/fd`).length;
}

async function start(engine: RealEngine, argv: readonly string[], runMs: number): Promise<TaskId> {
  const limits = { timeouts: { runMs, stopMs: 200 }, retry: { maxAttempts: 1 } };
  const [taskId] = await engine.enqueue(commandTask(argv, limits));
  return taskId as TaskId;
}
