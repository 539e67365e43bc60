import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AgentDefinition } from '../../../src-main/contract/agent.ts';
import { agentIdSchema } from '../../../src-main/contract/ids.ts';
import type { TaskSpec } from '../../../src-main/contract/task.ts';
import { until } from '../../support/until.ts';
import { agent, argvWork, makeRequest, promptWork, scriptWork, shellAgent, testAgent } from './make-request.ts';
import type { Room } from './open-room.ts';
import { isAlive, openRoom } from './open-room.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom({ engineEnv: { ...process.env, CLAUDECODE: '1', OUTER_API_KEY: 'outer-secret-value' } });
});
afterAll(() => room.close());
afterEach(async () => {
  expect(await room.temporary()).toEqual([]);
});

function request(work: TaskSpec['work'], spec: Partial<TaskSpec> = {}, definition: AgentDefinition = shellAgent()) {
  return makeRequest(definition, { work, folder: room.workspace, ...spec });
}

describe('a shell task', () => {
  it('R04 completes with exit code 0 and the outputs it wrote; its output is in the log', async () => {
    const script = 'echo "hello $SIGNALBOX_INPUT_NAME"; echo \'{"greeted":1}\' > "$SIGNALBOX_OUTPUT"';
    const task = request(scriptWork(script), { inputs: { name: 'world' }, requiredOutputs: ['greeted'] });
    const { witness, ...result } = await room.run(task);
    expect(result).toEqual({
      outcome: 'completed',
      exit: { code: 0, signal: null, stopReason: null },
      outputs: { greeted: 1 },
    });
    expect(witness.processes).toMatchObject([{ pid: expect.any(Number) }]);
    expect((await room.logOf(task, 'stdout')).map(({ text }) => text)).toEqual(['hello world']);
  });

  it('starts arguments without a shell, word for word', async () => {
    const task = request(argvWork(process.execPath, '-e', 'console.log(process.argv[1])', '$HOME; rm -rf * "x y"'));
    expect(await room.run(task)).toMatchObject({ outcome: 'completed', outputs: {} });
    expect((await room.logOf(task, 'stdout'))[0]?.text).toBe('$HOME; rm -rf * "x y"');
  });

  it('never puts an input into the script: what looks like shell code stays text', async () => {
    const name = '"; touch stolen; echo "$(touch stolen)';
    const task = request(scriptWork('printf %s "$SIGNALBOX_INPUT_NAME"'), { inputs: { name } });
    expect(await room.run(task)).toMatchObject({ outcome: 'completed' });
    expect((await room.logOf(task, 'stdout'))[0]?.text).toBe(name);
    expect(existsSync(join(room.workspace, 'stolen'))).toBe(false);
  });

  it('ends a script at the first command that fails', async () => {
    const task = request(scriptWork('false\necho never'));
    expect(await room.run(task)).toMatchObject({ outcome: 'failed', failure: { category: 'exit', class: 'unknown' } });
    expect(await room.logOf(task)).toEqual([]);
  });

  it('fails with its exit code and its last words on standard error', async () => {
    const { witness: _, ...result } = await room.run(
      request(scriptWork('echo first >&2; echo "no disk" >&2; echo out; exit 3')),
    );
    expect(result).toEqual({
      outcome: 'failed',
      exit: { code: 3, signal: null, stopReason: null },
      failure: {
        category: 'exit',
        class: 'unknown',
        message: 'The command ended with exit code 3. Its last words: no disk',
      },
    });
  });

  it.each([
    [1, 'unknown'],
    [64, 'fatal'],
    [75, 'transient'],
    [78, 'fatal'],
    [126, 'fatal'],
    [127, 'fatal'],
    [255, 'unknown'],
  ])('R23 exit code %i is %s', async (code, errorClass) => {
    const result = await room.run(request(scriptWork(`exit ${code}`)));
    expect(result).toMatchObject({ outcome: 'failed', failure: { category: 'exit', class: errorClass } });
  });

  it('died when a signal ended it that was not ours', async () => {
    const result = await room.run(request(scriptWork('echo ouch >&2; kill -KILL $$')));
    expect(result).toMatchObject({
      outcome: 'died',
      exit: { code: null, signal: 'SIGKILL' },
      failure: {
        category: 'crash',
        message: 'The command ended by signal SIGKILL while it worked. Its last words: ouch',
      },
    });
  });

  it('fails when a required output is missing, or its outputs are no JSON object', async () => {
    const missing = await room.run(request(scriptWork('exit 0'), { requiredOutputs: ['coverage'] }));
    expect(missing).toMatchObject({
      outcome: 'failed',
      exit: { code: 0 },
      failure: { category: 'outputs', class: 'unknown', message: expect.stringContaining('"coverage"') },
    });
    const broken = await room.run(request(scriptWork('echo oops > "$SIGNALBOX_OUTPUT"')));
    expect(broken).toMatchObject({ outcome: 'failed', failure: { category: 'outputs' } });
  });

  it('says which program or folder is not there', async () => {
    const noProgram = await room.run(request(argvWork('/no/such/program')));
    expect(noProgram).toMatchObject({ outcome: 'failed', exit: null, failure: { category: 'spawn', class: 'fatal' } });
    const noFolder = await room.run(request(scriptWork('exit 0'), { folder: '/no/such/folder' }));
    expect(noFolder).toMatchObject({
      outcome: 'failed',
      failure: { category: 'folder', message: 'The working folder /no/such/folder does not exist.' },
    });
  });

  it('gives the task its own environment, without what the engine or another agent left', async () => {
    const variables = 'process.env.CLAUDECODE, process.env.MODE, process.env.OWN, process.env.TMPDIR';
    const task = request(argvWork(process.execPath, '-p', `JSON.stringify([${variables}])`), { env: { MODE: 'task' } });
    await room.run({ ...task, agent: { ...task.agent, env: { MODE: 'agent', OWN: 'x' } } });
    const [line] = await room.logOf(task, 'stdout');
    expect(JSON.parse(line?.text ?? '')).toEqual([
      null,
      'task',
      'x',
      join(room.dataFolder, 'tmp', task.attempt.id, 'tmp'),
    ]);
  });

  it('R24 is stopped with everything it started, also what ignores SIGTERM', async () => {
    const inner = 'process.on("SIGTERM",()=>{}); console.log(process.pid); setInterval(()=>{}, 1000)';
    const task = request(scriptWork(`trap "" TERM; "${process.execPath}" -e '${inner}' & wait; wait`));
    const { attempt } = room.launch(task);
    const [line] = await until('the grandchild', async () => {
      const lines = await room.logOf(task, 'stdout');
      return lines.length > 0 ? lines : undefined;
    });
    attempt.stop(100);
    expect(await attempt.result).toMatchObject({ outcome: 'stopped', exit: { code: null } });
    expect(isAlive(Number(line?.text))).toBe(false);
  });

  it('is stopped before it was started', async () => {
    const { attempt, witness } = room.launch(request(scriptWork('echo never')));
    attempt.stop(0);
    expect(await attempt.result).toEqual({ outcome: 'stopped', exit: null });
    expect(witness.processes).toEqual([]);
  });

  it('I8 ends what outlives it in a session of its own, and completes', async () => {
    const sleeper = `require('child_process').spawn('sleep',['60'],{detached:true,stdio:'ignore'}).unref()`;
    const start = performance.now();
    const result = await room.run(request(argvWork(process.execPath, '-e', `console.log(1);${sleeper}`)));
    expect(result).toMatchObject({ outcome: 'completed' });
    expect(performance.now() - start).toBeLessThan(8_000);
  });

  it('refuses work that its agent has no way for', async () => {
    const prompt = await room.run(request(promptWork()));
    expect(prompt).toMatchObject({ outcome: 'failed', failure: { category: 'agent', class: 'fatal' } });
    const command = await room.run(request(scriptWork('exit 0'), {}, testAgent('command')));
    expect(command).toMatchObject({ outcome: 'failed', failure: { category: 'agent', class: 'fatal' } });
  });
});

describe('a command agent', () => {
  it('R15 R69 is given everything about its task: in a file, in variables, in its folder', async () => {
    const spec = {
      inputs: { name: 'calculator', nested: { list: [1, null, 'Ümläut 🚦'] } },
      earlierOutputs: { initialization: { path: '/x' } },
    };
    const task = request(promptWork({ mode: 'success', note: 'kept' }), spec, testAgent('command'));
    const result = await room.run(task);
    expect(result).toMatchObject({
      outcome: 'completed',
      outputs: {
        inputs: spec.inputs,
        outputs: spec.earlierOutputs,
        config: { mode: 'success', note: 'kept' },
        taskId: task.task.id,
        attemptId: task.attempt.id,
        attemptNumber: 1,
        workspace: room.workspace,
        traceparent: expect.stringContaining(task.task.traceId),
        environment: { SIGNALBOX_INPUT_NAME: 'calculator', SIGNALBOX_ATTEMPT_ID: task.attempt.id },
      },
    });
  });

  it('leaves its files to the commands of its gates, and none behind the last of them', async () => {
    const argv = ['cat', '--', 'input.json', 'outputs.json'];
    const gate = { kind: 'command' as const, name: 'look', argv, level: 'blocking' as const, timeoutMs: 5_000 };
    const task = request(promptWork({ mode: 'success' }), { gates: [gate] }, testAgent('command'));
    expect(await room.run(task)).toMatchObject({ outcome: 'completed' });
    const files = join(room.dataFolder, 'tmp', task.attempt.id);
    const file = JSON.parse(await readFile(join(files, 'input.json'), 'utf8'));
    expect(file.task).toMatchObject({ title: 'A task', prompt: 'Do the work', attemptNumber: 1 });
    expect(JSON.parse(await readFile(join(files, 'outputs.json'), 'utf8'))).toMatchObject({
      config: { mode: 'success' },
    });
    const looked = room.launcher.runGateCommand(task, gate.argv, gate.timeoutMs);
    expect(await looked.result).toMatchObject({ exitCode: 1 });
    expect(await room.temporary()).toEqual([]);
  });

  it.each(['transient', 'fatal', 'unknown'])('R57 R23 a %s failure keeps its class', async (errorClass) => {
    const task = request(promptWork({ mode: 'failure', class: errorClass }), {}, testAgent('command'));
    expect(await room.run(task)).toMatchObject({
      outcome: 'failed',
      failure: { category: 'exit', class: errorClass, message: expect.stringContaining('was told to fail') },
    });
  });

  it.each([
    [{ mode: 'partial' }, { outcome: 'failed', failure: { category: 'outputs' } }],
    [
      { mode: 'crash', signal: 'SIGSEGV' },
      { outcome: 'died', exit: { signal: 'SIGSEGV' } },
    ],
    [{ mode: 'garbage' }, { outcome: 'completed' }],
    [
      { mode: 'lie', how: 'exit-without-result' },
      { outcome: 'completed', outputs: {} },
    ],
    [{ mode: 'flood', bytes: 3_000_000 }, { outcome: 'completed' }],
    [{ mode: 'fork', how: 'double' }, { outcome: 'completed' }],
  ])('R57 %j', async (config, expected) => {
    expect(await room.run(request(promptWork(config), {}, testAgent('command')))).toMatchObject(expected);
  });

  it('R26 the host sees that it is able to run, and tells of its output', async () => {
    const task = request(promptWork({ mode: 'slow', ms: 600, print: ['one'] }), {}, testAgent('command'));
    const { witness } = await room.run({ ...task, heartbeatMs: 100 });
    expect(witness.beats).toBeGreaterThan(1);
    expect(witness.actives).toBeGreaterThan(0);
  });

  it('R46 secrets of its environment are in no failure and no log', async () => {
    const definition = agent({
      id: agentIdSchema.parse('leaky'),
      env: { MY_TOKEN: 'hush-hush-hush' },
      command: ['/bin/sh', '-c', 'echo "$MY_TOKEN" >&2; echo "$OUTER_API_KEY" >&2; echo "$MY_TOKEN" >&2; exit 1'],
    });
    const task = request(promptWork(), {}, definition);
    const result = await room.run(task);
    const log = JSON.stringify(await room.logOf(task));
    expect(JSON.stringify(result)).toContain('[redacted]');
    expect(JSON.stringify(result) + log).not.toMatch(/hush-hush-hush|outer-secret-value/);
  });
});

describe("a gate's command", () => {
  it("R58 runs in the attempt's folder and environment, into its log", async () => {
    const argv = ['/bin/sh', '-c', 'pwd; cat "$SIGNALBOX_OUTPUT"; echo "$SIGNALBOX_ATTEMPT_ID"'];
    const look = { kind: 'command' as const, name: 'look', argv, level: 'blocking' as const, timeoutMs: 5_000 };
    const task = request(scriptWork('echo \'{"n":1}\' > "$SIGNALBOX_OUTPUT"'), { gates: [look] });
    await room.run(task);
    const gate = room.launcher.runGateCommand(task, argv, 5_000);
    expect(await gate.result).toEqual({ exitCode: 0, message: 'It ended with exit code 0.' });
    expect((await room.logOf(task, 'stdout')).map(({ text }) => text)).toEqual([
      room.workspace,
      '{"n":1}',
      task.attempt.id,
    ]);
  });

  it('tells its exit code with its last words, and why it did not run', async () => {
    const task = request(scriptWork('exit 0'));
    const failing = room.launcher.runGateCommand(task, ['/bin/sh', '-c', 'echo "2 errors" >&2; exit 2'], 5_000);
    expect(await failing.result).toEqual({
      exitCode: 2,
      message: 'The command ended with exit code 2. Its last words: 2 errors',
    });
    const killed = room.launcher.runGateCommand(task, ['/bin/sh', '-c', 'kill -9 $$'], 5_000);
    expect(await killed.result).toMatchObject({ exitCode: null, message: expect.stringContaining('SIGKILL') });
    const missing = room.launcher.runGateCommand(task, ['/no/such/program'], 5_000);
    expect(await missing.result).toMatchObject({
      exitCode: null,
      message: expect.stringContaining('/no/such/program'),
    });
  });

  it('is killed after its time, and stopped when asked', async () => {
    const task = request(scriptWork('exit 0'));
    const slow = room.launcher.runGateCommand(task, ['sleep', '60'], 200);
    expect(await slow.result).toEqual({ exitCode: null, message: 'It did not end within 0.2 s and was killed.' });
    const stopped = room.launcher.runGateCommand(task, ['sleep', '60'], 60_000);
    stopped.stop(100);
    expect(await stopped.result).toEqual({ exitCode: null, message: 'It was stopped.' });
  });
});
