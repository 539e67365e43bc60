import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentDefinition } from '../../../src-main/contract/agent.ts';
import { attemptIdSchema, taskIdSchema, traceIdSchema } from '../../../src-main/contract/ids.ts';
import { isAlive, processesOf } from '../../support/process-census.ts';
import { until } from '../../support/until.ts';
import { agent, testAgent } from './make-request.ts';
import type { Room } from './open-room.ts';
import { openRoom } from './open-room.ts';

let room: Room;
let made = 0;

beforeAll(async () => {
  room = await openRoom({ redact: ['hunter\\d'], trialAnswerMs: 1_000 });
});
afterAll(() => room.close());

function idsOfTrial() {
  made += 1;
  const suffix = `${process.pid}7${String(made).padStart(6, '0')}`.padStart(26, '0');
  return {
    taskId: taskIdSchema.parse(`task_${suffix}`),
    attemptId: attemptIdSchema.parse(`attempt_${suffix}`),
    traceId: traceIdSchema.parse('0af7651916cd43dd8448eb211c80319c'),
  };
}

async function tryOut(definition: AgentDefinition, prompt: string | null = null) {
  return room.launcher.testAgent({ agent: definition, prompt, ids: idsOfTrial() });
}

/** The test agent, told by its command line what to do. */
function told(protocol: 'acp' | 'command', config: object, changes: Partial<AgentDefinition> = {}) {
  const base = testAgent(protocol, changes);
  return { ...base, command: [...base.command, '--config', JSON.stringify(config)] };
}

describe('R19 a trial of an agent of the protocol acp', () => {
  it('passes with the handshake, and tells the version', async () => {
    const report = await tryOut(testAgent('acp'));
    expect(report).toMatchObject({ passed: true, failure: null, version: expect.any(String) });
    expect(report.durationMs).toBeGreaterThan(0);
  });

  it('with a prompt passes when the turn ends, and shows what was said', async () => {
    const report = await tryOut(told('acp', { print: ['I am here'] }), 'Are you there?');
    expect(report).toMatchObject({ passed: true, failure: null, output: expect.arrayContaining(['I am here']) });
  });

  it('fails with the words of a program that is no agent', async () => {
    const program = agent({ protocol: 'acp', command: [process.execPath, '-e', 'console.log("usage: wrong")'] });
    const report = await tryOut(program);
    expect(report).toMatchObject({
      passed: false,
      failure: { category: 'handshake', remedy: expect.stringContaining('Agent Client Protocol') },
    });
    expect(report.output).toEqual(['usage: wrong']);
  });

  it('fails after the start time-out when nothing is answered', async () => {
    const silent = testAgent('acp', { startTimeoutMs: 300 });
    const report = await tryOut({ ...silent, command: [...silent.command, '--handshake', 'none'] });
    expect(report.failure).toMatchObject({ category: 'handshake', message: expect.stringContaining('within 0.3 s') });
  });

  it('fails with what a program that crashes said last', async () => {
    const report = await tryOut(told('acp', { mode: 'crash' }), 'Crash.');
    expect(report.failure).toMatchObject({ category: 'crash' });
  });

  it('fails when no answer comes in time, and ends what hangs', async () => {
    const report = await tryOut(told('acp', { mode: 'hang', print: ['thinking'] }, { startTimeoutMs: 1_500 }), 'Hang.');
    expect(report).toMatchObject({
      passed: false,
      output: expect.arrayContaining(['thinking']),
      failure: { category: 'timeout', message: expect.stringContaining('within 3 s') },
    });
  });

  it('refuses what the agent asks to be allowed', async () => {
    const report = await tryOut(told('acp', { mode: 'ask' }, { permissions: 'allow' }), 'May I?');
    expect(report.output.join('\n')).toContain('reject_once');
  });
});

describe('a trial of an agent of the protocol command', () => {
  it('passes with exit code 0, and shows what was printed, without secrets', async () => {
    const script =
      'console.log("got " + require("fs").readFileSync(process.env.SIGNALBOX_INPUT)); console.log("hunter2")';
    const report = await tryOut(agent({ command: [process.execPath, '-e', script] }), 'Do you read me?');
    expect(report).toMatchObject({ passed: true, version: null, failure: null });
    expect(report.output[0]).toContain('Do you read me?');
    expect(report.output).toContain('[redacted]');
  });

  it('shows at most the last 200 lines, each cut', async () => {
    const script = 'for (let i = 1; i <= 500; i += 1) console.log(i === 500 ? "x".repeat(5000) : i)';
    const { output } = await tryOut(agent({ command: [process.execPath, '-e', script] }), 'Count.');
    expect(output).toHaveLength(200);
    expect(output[0]).toBe('301');
    expect(output.at(-1)).toBe(`${'x'.repeat(2_000)}…`);
  });

  it('fails with its exit code', async () => {
    const report = await tryOut(agent({ command: [process.execPath, '-e', 'process.exit(3)'] }), 'Fail.');
    expect(report.failure).toMatchObject({ category: 'exit', message: expect.stringContaining('3') });
  });

  it('names a program that is not there', async () => {
    const report = await tryOut(agent({ command: ['no-such-program-here'] }), 'Start.');
    expect(report).toMatchObject({ passed: false, output: [] });
    expect(report.failure).toMatchObject({
      category: 'spawn',
      message: 'The program no-such-program-here was not found.',
      remedy: expect.stringContaining('Install it'),
    });
  });
});

it('trials leave nothing behind', async () => {
  await tryOut(told('acp', { print: ['hello'] }), 'Hello.');
  expect((await room.temporary()).filter((name) => name.startsWith('test-'))).toEqual([]);
});

it('trials that a closing engine finds under way are ended, however far they are, and a later one is refused', async () => {
  const closing = await openRoom();
  const silent = testAgent('acp');
  const definition = { ...silent, command: [...silent.command, '--handshake', 'none'] };
  const started = closing.launcher.testAgent({ agent: definition, prompt: null, ids: idsOfTrial() });
  const pid = await until(
    'a process of the trial',
    () => processesOf(closing.dataFolder).find(({ command }) => command.includes('--handshake'))?.pid,
  );
  const starting = closing.launcher.testAgent({ agent: definition, prompt: null, ids: idsOfTrial() });
  await closing.close();
  const ended = { passed: false, failure: { category: 'cancelled' } };
  expect(await started).toMatchObject(ended);
  expect(await starting).toMatchObject(ended);
  expect(isAlive(pid)).toBe(false);
  const late = await closing.launcher.testAgent({ agent: definition, prompt: null, ids: idsOfTrial() });
  expect(late).toMatchObject({ passed: false, failure: { category: 'engine' } });
});
