import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AgentDefinition } from '../../../src-main/contract/agent.ts';
import { agentIdSchema } from '../../../src-main/contract/ids.ts';
import type { TaskSpec } from '../../../src-main/contract/task.ts';
import { until } from '../../support/until.ts';
import { makeRequest, promptWork, scriptWork, testAgent } from '../launcher/make-request.ts';
import type { Room } from '../launcher/open-room.ts';
import { isAlive, openRoom } from '../launcher/open-room.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom({ heartbeatMs: 200 });
});
afterAll(() => room.close());
afterEach(() => room.launcher.stopAgent(acp.id, 1_000));

const acp = testAgent('acp');

function request(config: Record<string, unknown>, spec: Partial<TaskSpec> = {}, definition: AgentDefinition = acp) {
  const task = makeRequest(definition, { work: promptWork(config), folder: room.workspace, ...spec });
  return { ...task, heartbeatMs: 200 };
}

describe('an ACP attempt', () => {
  it('R04 R15 R69 completes with the outputs the agent wrote, and gives it everything about the task', async () => {
    const spec = {
      inputs: { name: 'calculator', deep: { list: [1, null, '🚦'] } },
      earlierOutputs: { initialization: { path: '/x' } },
      requiredOutputs: ['traceparent'],
    };
    const task = request({ mode: 'success' }, spec);
    const inRun = {
      ...task,
      workflow: 'app',
      task: { ...task.task, runId: 'run_1' as never, stage: 'validation' },
      attempt: { ...task.attempt, number: 2 },
    };
    const { witness, ...result } = await room.run(inRun);
    expect(result).toMatchObject({
      outcome: 'completed',
      exit: { code: null, signal: null, stopReason: 'end_turn' },
      outputs: {
        inputs: spec.inputs,
        outputs: spec.earlierOutputs,
        config: { mode: 'success' },
        taskId: task.task.id,
        attemptId: task.attempt.id,
        attemptNumber: 2,
        workflow: 'app',
        stage: 'validation',
        traceparent: expect.stringMatching(new RegExp(`^00-${task.task.traceId}-[0-9a-f]{16}-01$`)),
        workspace: room.workspace,
      },
    });
    expect(witness.processes).toMatchObject([{ pid: expect.any(Number) }]);
  });

  it('R44 reports tool calls in order, each started and finished once, readable in the log', async () => {
    const task = request({ mode: 'success', print: ['one', 'two'] });
    const { witness } = await room.run(task);
    expect(witness.activities).toEqual([
      { kind: 'replied' },
      { kind: 'toolCallStarted', callId: 'mode', title: 'mode success', tool: 'other' },
      { kind: 'toolCallFinished', callId: 'mode', status: 'completed' },
    ]);
    const log = await room.logOf(task);
    expect(log.map(({ stream, text }) => `${stream}: ${text}`)).toEqual([
      'message: one',
      'message: two',
      'tool: started: mode success (other)',
      'tool: completed: mode success',
    ]);
  });

  it.each(['transient', 'fatal', 'unknown'])('R23 a %s failure keeps its class and its remedy', async (errorClass) => {
    const { witness, ...result } = await room.run(request({ mode: 'failure', class: errorClass, message: 'No luck' }));
    expect(result).toEqual({
      outcome: 'failed',
      exit: null,
      failure: {
        category: 'agent',
        class: errorClass,
        message: expect.stringContaining('No luck'),
        remedy: 'Choose another mode',
      },
    });
    expect(witness.kinds).toEqual(['toolCallStarted', 'toolCallFinished']);
  });

  it('R25 died when its process was killed; an unfinished call is closed as abandoned', async () => {
    const { witness, ...result } = await room.run(request({ mode: 'crash', signal: 'SIGKILL' }));
    expect(result).toMatchObject({
      outcome: 'died',
      exit: { code: null, signal: 'SIGKILL', stopReason: null },
      failure: { category: 'crash', message: expect.stringContaining('by signal SIGKILL') },
    });
    expect(witness.activities.at(-1)).toEqual({ kind: 'toolCallFinished', callId: 'mode', status: 'abandoned' });
    expect(await room.run(request({ mode: 'success' }))).toMatchObject({ outcome: 'completed' });
  });

  it.each([
    ['half an answer', { mode: 'partial' }, { outcome: 'died', exit: { code: 0 } }],
    ['no answer', { mode: 'lie', how: 'exit-without-result' }, { outcome: 'died', exit: { code: 0 } }],
    ['very much output', { mode: 'flood', bytes: 400_000 }, { outcome: 'completed' }],
    ['one endless line', { mode: 'flood', oneLineBytes: 3_000_000 }, { outcome: 'completed' }],
    ['no outputs', { mode: 'lie', how: 'no-outputs' }, { outcome: 'completed', outputs: {} }],
  ])('R57 an agent that gives %s', async (_, config, expected) => {
    expect(await room.run(request(config))).toMatchObject(expected);
  });

  it('R14 answers of others and updates of other sessions are recorded, and change nothing', async () => {
    const { witness, ...result } = await room.run(
      request({ mode: 'lie', how: 'foreign-answer' }, { requiredOutputs: ['a'] }),
    );
    expect(result).toMatchObject({ outcome: 'failed', failure: { category: 'outputs' } });
    expect(witness.broken).toEqual([
      expect.stringContaining('another session'),
      expect.stringContaining('does not wait for one'),
    ]);
  });

  it('R14 a second answer does not touch the next attempt', async () => {
    const first = await room.run(request({ mode: 'lie', how: 'answers-twice' }));
    expect(first).toMatchObject({ outcome: 'completed', outputs: { config: { how: 'answers-twice' } } });
    const next = await room.run(request({ mode: 'slow', ms: 100 }));
    expect(next).toMatchObject({ outcome: 'completed', outputs: { config: { mode: 'slow' } } });
  });

  it('R21 garbage is recorded on its attempt and kept in its log; the work goes on', async () => {
    const task = request({ mode: 'garbage', lines: 60 });
    const { witness, ...result } = await room.run(task);
    expect(result).toMatchObject({ outcome: 'completed' });
    expect(witness.broken.length).toBe(21);
    expect(witness.broken.at(-1)).toMatch(/^\d+ more messages/);
    expect((await room.logOf(task, 'stdout')).some(({ text }) => text.includes('{"jsonrpc":"2.0","id":'))).toBe(true);
  });

  it('fails when its outputs file is missing something that is required', async () => {
    const result = await room.run(request({ mode: 'success' }, { requiredOutputs: ['coverage'] }));
    expect(result).toMatchObject({
      outcome: 'failed',
      exit: { stopReason: 'end_turn' },
      failure: { category: 'outputs', message: expect.stringContaining('"coverage"') },
    });
  });

  it('R47 answers a permission question by the policy of the agent, and records it', async () => {
    const allowed = await room.run(request({ mode: 'ask', question: 'May I?' }));
    expect(allowed).toMatchObject({ outcome: 'completed', outputs: { choice: 'allow_once' } });
    expect(allowed.witness.kinds).toEqual(['toolCallStarted', 'permissionAnswered', 'toolCallFinished']);
    const rejected = await room.run(request({ mode: 'ask' }, {}, { ...acp, permissions: 'reject' }));
    expect(rejected).toMatchObject({ outcome: 'completed', outputs: { choice: 'reject_once' } });
  });

  it('R47 puts a question to a person where the policy says so, and the agent gets the answer', async () => {
    const asking = { ...acp, permissions: 'ask' as const };
    const { attempt, witness } = room.launch(request({ mode: 'ask', question: 'May I?', command: 'rm a' }, {}, asking));
    const question = await until('the question', () => witness.questions[0]);
    expect(question).toMatchObject({ callId: 'mode', tool: 'execute', title: 'May I?', detail: 'rm a' });
    expect(question.options.map(({ kind }) => kind)).toEqual([
      'allow_once',
      'allow_always',
      'reject_once',
      'reject_always',
    ]);
    question.answer('no');
    expect(await attempt.result).toMatchObject({ outcome: 'completed', outputs: { choice: 'reject_once' } });
    expect(witness.activities[1]).toMatchObject({ kind: 'permissionAnswered', answer: 'no, by the test' });
    expect(question.withdrawn).toBeNull();
  });

  it('R47 answers every open question with "cancelled" once the attempt is stopped, and withdraws it', async () => {
    const asking = { ...acp, permissions: 'ask' as const };
    const { attempt, witness } = room.launch(request({ mode: 'ask', count: 3 }, {}, asking));
    await until('the questions', () => witness.questions[2]);
    attempt.stop(5_000);
    expect(await attempt.result).toMatchObject({ outcome: 'stopped', exit: { stopReason: 'cancelled' } });
    expect(witness.questions.map(({ withdrawn }) => withdrawn)).toEqual(Array(3).fill('the attempt is being stopped'));
    const answers = witness.activities.filter(({ kind }) => kind === 'permissionAnswered');
    expect(answers).toHaveLength(3);
  });

  it('R35 is cancelled politely; its process serves the next attempt', async () => {
    const { attempt, witness } = room.launch(request({ mode: 'timeout' }));
    await until('the work to begin', () => (witness.kinds.includes('toolCallStarted') ? true : undefined));
    attempt.stop(5_000);
    attempt.stop(6_000);
    expect(await attempt.result).toEqual({
      outcome: 'stopped',
      exit: { code: null, signal: null, stopReason: 'cancelled' },
    });
    const next = await room.run(request({ mode: 'success' }));
    expect(next.witness.processes).toEqual(witness.processes);
  });

  it('R24 is killed after the grace with its grandchildren, and the agent works again', async () => {
    const { attempt, witness } = room.launch(request({ mode: 'hang', grandchildren: 2 }));
    await until('the work to begin', () => (witness.kinds.includes('toolCallStarted') ? true : undefined));
    attempt.stop(60_000);
    attempt.stop(200);
    expect(await attempt.result).toMatchObject({ outcome: 'stopped', exit: { signal: 'SIGKILL' } });
    expect(isAlive(witness.processes[0]?.pid ?? 0)).toBe(false);
    expect(witness.activities.at(-1)).toMatchObject({ status: 'abandoned' });
    expect(await room.run(request({ mode: 'success' }))).toMatchObject({ outcome: 'completed' });
  });

  it('is stopped before it has a process, and while its process starts', async () => {
    const early = room.launch(request({ mode: 'success' }));
    early.attempt.stop(0);
    expect(await early.attempt.result).toMatchObject({ outcome: 'stopped' });
    const mute = { ...acp, id: agentIdSchema.parse('mute'), command: [...acp.command, '--handshake', 'none'] };
    const starting = room.launch(request({}, {}, mute));
    await until('the process to start', async () =>
      (await room.temporary()).some((name) => name.startsWith('mute.')) ? true : undefined,
    );
    starting.attempt.stop(0);
    expect(await starting.attempt.result).toMatchObject({ outcome: 'stopped' });
    expect(starting.witness.processes).toEqual([]);
  });

  it('R26 counts its own heartbeats as signs of life, and the work as none', async () => {
    const { witness } = await room.run(request({ mode: 'slow', ms: 900 }));
    expect(witness.beats).toBeGreaterThan(1);
    const { attempt, witness: hung } = room.launch(request({ mode: 'hang', forMs: 10_000 }));
    await until('the work to begin', () => (hung.kinds.includes('toolCallStarted') ? true : undefined));
    const before = hung.beats;
    const start = performance.now();
    await until('time for three beats to pass', () => (performance.now() - start > 700 ? true : undefined));
    expect(hung.beats - before).toBeLessThanOrEqual(1);
    attempt.stop(0);
    await attempt.result;
  });

  it('R26 without heartbeats of its own, the host sees that its process can run', async () => {
    const plain = { ...acp, id: agentIdSchema.parse('plain'), command: [...acp.command, '--no-heartbeat'] };
    const { witness } = await room.run(request({ mode: 'slow', ms: 900 }, {}, plain));
    expect(witness.beats).toBeGreaterThan(1);
  });

  it('refuses a command, and a folder that is not there', async () => {
    const command = makeRequest(acp, { work: scriptWork('exit 0'), folder: room.workspace });
    expect(await room.run(command)).toMatchObject({
      outcome: 'failed',
      failure: { category: 'agent', class: 'fatal' },
    });
    expect(await room.run(request({}, { folder: '/no/such/folder' }))).toMatchObject({
      outcome: 'failed',
      failure: { category: 'folder', class: 'fatal' },
    });
  });

  it('R46 secrets of the agent are in no activity, no failure and no log', async () => {
    const leaky = { ...acp, id: agentIdSchema.parse('leaky'), env: { SOME_TOKEN: 'hush-hush-hush' } };
    const task = request({ mode: 'failure', message: 'it was hush-hush-hush', print: ['hush-hush-hush'] }, {}, leaky);
    const { witness, ...result } = await room.run(task);
    expect(result).toMatchObject({ failure: { message: expect.stringContaining('[redacted]') } });
    const asked = await room.run(
      request({ mode: 'ask', question: 'Use hush-hush-hush?', outputs: { key: ['hush-hush-hush'] } }, {}, leaky),
    );
    expect(asked).toMatchObject({ outcome: 'completed', outputs: { key: ['[redacted]'] } });
    expect(asked.witness.kinds).toContain('permissionAnswered');
    expect(JSON.stringify([result, witness, asked, await room.logOf(task)])).not.toContain('hush-hush-hush');
  });
});
