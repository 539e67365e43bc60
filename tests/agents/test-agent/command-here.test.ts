import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseOptions } from '../../../src-main/agents/test-agent/agent-options.ts';
import { runTestTask } from '../../../src-main/agents/test-agent/command-agent.ts';
import { CommandChannel } from '../../../src-main/agents/test-agent/command-channel.ts';
import { startDescendants } from '../../../src-main/agents/test-agent/descendants.ts';
import { makeWorkspace, removeWorkspaces } from '../builtin/workspace.ts';

let workspace: string;
let printed: string;
let explained: string;

beforeEach(async () => {
  workspace = makeWorkspace();
  printed = '';
  explained = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed += Buffer.from(chunk as Uint8Array).toString('latin1');
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    explained += String(chunk);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

afterAll(removeWorkspaces);

/** Runs one task in this process; returns its exit code and its outputs. */
async function runHere(config: Record<string, unknown>, args: readonly string[] = []) {
  const [inputFile, outputFile] = [join(workspace, 'input.json'), join(workspace, 'output.json')];
  await writeFile(inputFile, JSON.stringify({ task: { id: 'task-9' }, config }));
  vi.stubEnv('SIGNALBOX_INPUT', inputFile);
  vi.stubEnv('SIGNALBOX_OUTPUT', outputFile);
  const exitCode = await runTestTask(parseOptions(args));
  return { exitCode, output: await readFile(outputFile, 'utf8').catch(() => undefined) };
}

test('a command without an input file does what its arguments say', async () => {
  vi.stubEnv('SIGNALBOX_INPUT', undefined);
  vi.stubEnv('SIGNALBOX_OUTPUT', undefined);
  expect(await runTestTask(parseOptions(['--mode', 'success', '--config', '{"print":["alone"]}']))).toBe(0);
  expect(printed).toContain('alone\n');
});

test('its outputs carry the id of the task', async () => {
  const { exitCode, output } = await runHere({ mode: 'success' });
  expect(exitCode).toBe(0);
  expect(JSON.parse(output ?? '')).toMatchObject({ taskId: 'task-9', attemptNumber: 1 });
});

test('a failure chooses the exit code and is explained', async () => {
  expect(await runHere({ mode: 'failure', class: 'transient' })).toEqual({ exitCode: 75, output: undefined });
  expect(await runHere({ mode: 'failure', exitCode: 40 })).toMatchObject({ exitCode: 40 });
  expect(await runHere({ mode: 'ask' })).toMatchObject({ exitCode: 78 });
  expect(explained).toContain('its mode is "failure"');
});

test('an input file that is no JSON is an unknown failure', async () => {
  vi.stubEnv('SIGNALBOX_INPUT', join(workspace, 'nowhere.json'));
  expect(await runTestTask(parseOptions([]))).toBe(1);
  expect(explained).toContain('ENOENT');
});

test('lies leave no file, another answer, or the answer of another task', async () => {
  expect(await runHere({ mode: 'lie' })).toEqual({ exitCode: 0, output: undefined });
  expect((await runHere({ mode: 'lie', how: 'foreign-answer' })).output).toContain('somebody-elses-task');
  expect((await runHere({ mode: 'lie', how: 'answers-twice' })).output).toContain('second');
});

test('half an answer is half a line and half a file', async () => {
  const file = join(workspace, 'half.json');
  await new CommandChannel(file).answerHalf();
  await new CommandChannel(undefined).answerHalf();
  expect({ printed, file: await readFile(file, 'utf8') }).toEqual({
    printed: 'a line that breaks off in the mid'.repeat(2),
    file: '{"answer": "brok',
  });
});

test('floods have the size asked for, on either stream, at a rate', async () => {
  await runHere({ mode: 'flood', bytes: 1_000, lineBytes: 100, linesPerSecond: 1_000 });
  expect(printed.split('\n').filter((line) => line.startsWith('line '))).toHaveLength(10);
  const startedAt = performance.now();
  await runHere({ mode: 'flood', bytes: 80, lineBytes: 20, linesPerSecond: 50 });
  expect(performance.now() - startedAt).toBeGreaterThan(60);
  await runHere({ mode: 'flood', oneLineBytes: 70_000 });
  expect(printed.split('\n')).toContain('x'.repeat(70_000));
  await runHere({ mode: 'flood', oneLineBytes: 100_000, stream: 'stderr' });
  expect(explained).toBe(`${'x'.repeat(100_000)}\n`);
});

test('garbage holds what breaks naive readers', async () => {
  await runHere({ mode: 'garbage', lines: 9 });
  for (const piece of ['\xff\xfe\0\x80', '\xe2\x82\xac', 'a\0b\0', 'ordinary output']) {
    expect(printed).toContain(piece);
  }
});

test.each(['group', 'session', 'double'] as const)('descendants of the kind %s end by themselves', async (how) => {
  const pids = await startDescendants({ how, count: 2, forMs: 200, holdPipe: true, stubborn: false });
  expect(new Set(pids).size).toBe(2);
  for (const pid of pids) {
    await expect.poll(() => isAlive(pid), { timeout: 8_000 }).toBe(false);
  }
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
