import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { withServer } from '../../../src-main/agents/builtin/application-server.ts';
import { ChildProcesses } from '../../../src-main/agents/builtin/child-processes.ts';

const cwd = tmpdir();
const children = () => new ChildProcesses(new AbortController().signal);

test('a program that does not exist is a fatal failure that says what to install', async () => {
  await expect(children().run('no-such-program', [], { cwd })).rejects.toMatchObject({
    facts: { class: 'fatal', remedy: expect.stringContaining('Install no-such-program') },
  });
});

test('a program that cannot be executed is a failure that may pass', async () => {
  await expect(children().run(cwd, [], { cwd })).rejects.toMatchObject({ facts: { class: 'transient' } });
});

test('a command that takes longer than its time-out is stopped, even when it ignores SIGTERM', async () => {
  const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('ready')";
  const run = children().run(process.execPath, ['--eval', stubborn], { cwd, timeoutMs: 300 });
  await expect(run).rejects.toMatchObject({ facts: { class: 'unknown', why: expect.stringContaining('300 ms') } });
});

test('a descendant that left the group and holds the pipes does not hold the command', async () => {
  const leave =
    "require('node:child_process').spawn(process.execPath, ['--eval', 'setTimeout(() => {}, 3000)'], { detached: true, stdio: 'inherit' }).unref(); console.log('done')";
  const { exitCode, stdout, durationMs } = await children().run(process.execPath, ['--eval', leave], { cwd });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'done\n' });
  expect(durationMs).toBeLessThan(2_500);
});

test('nothing is started for a task that is cancelled already', async () => {
  const cancelled = new ChildProcesses(AbortSignal.abort(new Error('cancelled')));
  await expect(cancelled.run(process.execPath, ['--version'], { cwd })).rejects.toThrow('cancelled');
});

test('children run as plain Node, without what would redirect git or a test runner', async () => {
  const print = 'console.log(JSON.stringify(process.env))';
  process.env.GIT_DIR = '/nowhere';
  try {
    const { stdout } = await children().run(process.execPath, ['--eval', print], { cwd, env: { EXTRA: 'yes' } });
    const env = JSON.parse(stdout);
    expect(env).toMatchObject({ ELECTRON_RUN_AS_NODE: '1', EXTRA: 'yes' });
    expect(Object.keys(env).filter((name) => /^(GIT_|VITEST|NODE_OPTIONS)/.test(name))).toEqual([]);
  } finally {
    delete process.env.GIT_DIR;
  }
});

test('a server that does not exist is reported as not started', async () => {
  const { signal } = new AbortController();
  const start = withServer(children(), cwd, 'no-such-application', signal, async () => 'used');
  await expect(start).rejects.toMatchObject({ facts: { what: 'The server of the application did not start' } });
});
