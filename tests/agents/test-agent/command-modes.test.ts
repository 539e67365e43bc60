import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { makeWorkspace, removeWorkspaces } from '../builtin/workspace.ts';

const entry = join(import.meta.dirname, '../../../src-main/agents/test-agent/main.ts');
let workspace: string;

beforeEach(() => {
  workspace = makeWorkspace();
});

afterAll(removeWorkspaces);

interface CommandEnd {
  readonly exitCode: number | string | null | undefined;
  readonly signal: NodeJS.Signals | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly output: string | undefined;
}

/** Runs the agent as a plain command for one task. */
async function runCommand(
  config: Record<string, unknown>,
  args: readonly string[] = [],
  attemptNumber = 1,
): Promise<CommandEnd> {
  const [inputFile, outputFile] = [join(workspace, 'input.json'), join(workspace, 'output.json')];
  const task = { taskId: 'task-1', attemptId: 'attempt-1', attemptNumber };
  await writeFile(inputFile, JSON.stringify({ task, inputs: { name: 'x' }, outputs: { first: {} }, config }));
  const env = {
    ...process.env,
    SIGNALBOX_INPUT: inputFile,
    SIGNALBOX_OUTPUT: outputFile,
    SIGNALBOX_HEARTBEAT_MS: '30',
    TRACEPARENT: '00-1-2-01',
  };
  const ended = await new Promise<Omit<CommandEnd, 'output'>>((resolve) => {
    execFile(
      process.execPath,
      [entry, ...args],
      { env, cwd: workspace, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : error.code, signal: error?.signal, stdout, stderr });
      },
    );
  });
  return { ...ended, output: await readFile(outputFile, 'utf8').catch(() => undefined) };
}

describe('R57: the scripted test agent as a plain command', () => {
  test('success: it echoes its task into the output file and exits with 0', async () => {
    const { exitCode, output, stdout } = await runCommand({
      mode: 'success',
      print: ['hello'],
      outputs: { coverage: 91 },
    });
    expect(exitCode).toBe(0);
    const lines = stdout.split('\n').filter((line) => line !== 'still at work');
    expect(lines).toEqual(['hello', 'started: mode success', 'finished', '']);
    expect(JSON.parse(output ?? '')).toMatchObject({
      taskId: 'task-1',
      inputs: { name: 'x' },
      outputs: { first: {} },
      coverage: 91,
      traceparent: '00-1-2-01',
    });
  });

  test.each([
    [{ class: 'transient' }, 75],
    [{ class: 'fatal' }, 78],
    [{}, 1],
    [{ class: 'fatal', exitCode: 9 }, 9],
  ])('failure %j exits with %d and says why', async (options, exitCode) => {
    const ended = await runCommand({ mode: 'failure', message: 'It broke', ...options });
    expect(ended).toMatchObject({ exitCode, output: undefined, stderr: expect.stringContaining('It broke') });
  });

  test('the mode of the command line holds when the stage names none, and a script counts attempts', async () => {
    expect(await runCommand({}, ['--mode', 'failure'])).toMatchObject({ exitCode: 1 });
    const config = { script: [{ mode: 'failure' }, { mode: 'success' }] };
    expect(await runCommand(config, ['--config', '{"class":"fatal"}'], 1)).toMatchObject({ exitCode: 78 });
    expect(await runCommand(config, [], 7)).toMatchObject({ exitCode: 0 });
  });

  test('slow and timeout: it prints signs of life while it works', async () => {
    expect((await runCommand({ mode: 'slow', ms: 150 })).stdout).toContain('still at work');
    expect((await runCommand({ mode: 'timeout', forMs: 150 })).stdout).toContain('still at work');
  });

  test('partial: half a line, half a file', async () => {
    const { exitCode, stdout, output } = await runCommand({ mode: 'partial', exitCode: 4 });
    expect(exitCode).toBe(4);
    expect(stdout.endsWith('in the mid')).toBe(true);
    expect(() => JSON.parse(output ?? '')).toThrow(SyntaxError);
  });

  test('crash: by exit code or by signal', async () => {
    expect(await runCommand({ mode: 'crash', exitCode: 3 })).toMatchObject({ exitCode: 3, output: undefined });
    expect(await runCommand({ mode: 'crash', signal: 'SIGKILL' })).toMatchObject({
      signal: 'SIGKILL',
      output: undefined,
    });
  });

  test('hang: it ends by itself after its bound', async () => {
    expect(await runCommand({ mode: 'hang', forMs: 200 })).toMatchObject({ exitCode: 1, output: undefined });
  });

  test('flood: the bytes asked for, or one endless line, at a rate', async () => {
    const lines = (await runCommand({ mode: 'flood', bytes: 8_000 })).stdout
      .split('\n')
      .filter((line) => line.startsWith('line '));
    expect(lines).toHaveLength(100);
    // Its signs of life go to the other stream, and would break the line.
    const endless = (await runCommand({ mode: 'flood', oneLineBytes: 300_000, stream: 'stderr' })).stderr.split('\n');
    expect(Math.max(...endless.map(({ length }) => length))).toBe(300_000);
    const startedAt = performance.now();
    await runCommand({ mode: 'flood', bytes: 800, linesPerSecond: 50 });
    expect(performance.now() - startedAt).toBeGreaterThan(180);
  });

  test('lie: success without a file, another answer, another task, no result', async () => {
    expect(await runCommand({ mode: 'lie' })).toMatchObject({ exitCode: 0, output: undefined });
    expect(await runCommand({ mode: 'lie', how: 'exit-without-result' })).toMatchObject({
      exitCode: 0,
      output: undefined,
    });
    expect((await runCommand({ mode: 'lie', how: 'answers-twice' })).output).toContain('second');
    expect((await runCommand({ mode: 'lie', how: 'foreign-answer' })).output).toContain('somebody-elses-task');
  });

  test('ask: a plain command cannot', async () => {
    expect(await runCommand({ mode: 'ask' })).toMatchObject({
      exitCode: 78,
      stderr: expect.stringContaining('Use the test agent with "acp"'),
    });
  });

  test('a wrong command line exits with 64', async () => {
    expect(await runCommand({}, ['--mood', 'bad'])).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining('--mood'),
    });
  });
});
