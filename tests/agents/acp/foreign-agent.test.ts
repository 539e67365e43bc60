import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskSpec } from '../../../src-main/contract/task.ts';
import { until } from '../../support/until.ts';
import { agent, fixture, makeRequest, promptWork } from '../launcher/make-request.ts';
import type { Room } from '../launcher/open-room.ts';
import { openRoom } from '../launcher/open-room.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.close());

const program = [process.execPath, fixture('replay-agent.ts')];

/** A message of the protocol's "the agent did something". */
function update(fields: object, sessionId = 's') {
  return { jsonrpc: '2.0', method: 'session/update', params: { sessionId, update: fields } };
}

const ready = { jsonrpc: '2.0', id: '$initialize', result: { protocolVersion: 1 } };
const opened = { jsonrpc: '2.0', id: '$session/new', result: { sessionId: 's' } };

/** An attempt of an agent that opens a session, and then says this to its prompt. */
function scripted(send: readonly unknown[], spec: Partial<TaskSpec> = {}, more: readonly object[] = []) {
  const steps = [
    { on: 'initialize', send: [ready] },
    { on: 'session/new', send: [opened] },
    { on: 'session/prompt', send },
    ...more,
  ];
  const definition = agent({ protocol: 'acp', command: [...program, JSON.stringify(steps)] });
  return makeRequest(definition, { work: promptWork(), folder: room.workspace, ...spec });
}

function stops(stopReason: string) {
  return { jsonrpc: '2.0', id: '$session/prompt', result: { stopReason } };
}

function refuses(error: object) {
  return { jsonrpc: '2.0', id: '$session/prompt', error };
}

describe('an agent that does not know Signalbox', () => {
  it('R19 R44 R47 works as recorded: permission, tools, plan, usage, and outputs written where the prompt says', async () => {
    const definition = agent({ protocol: 'acp', command: [...program, fixture('foreign-conversation.json')] });
    const task = makeRequest(definition, {
      work: promptWork({}, 'Run the tests'),
      folder: room.workspace,
      requiredOutputs: ['coverage'],
    });
    const { witness, ...result } = await room.run(task);
    expect(result).toEqual({
      outcome: 'completed',
      exit: { code: null, signal: null, stopReason: 'end_turn' },
      outputs: { coverage: 91.5 },
    });
    expect(witness.activities).toEqual([
      { kind: 'protocolBroken', detail: expect.stringContaining('Some agents print a banner first') },
      { kind: 'thinking' },
      { kind: 'planned', entries: ['Run the tests', 'Report'] },
      { kind: 'toolCallStarted', callId: 'call-1', title: 'npm test', tool: 'execute' },
      {
        kind: 'permissionAnswered',
        callId: 'call-1',
        title: 'npm test',
        answer: expect.stringContaining('allow_once'),
      },
      { kind: 'toolCallFinished', callId: 'call-1', status: 'completed' },
      { kind: 'usageReported', used: 1200, size: 200_000, cost: '0.02 USD' },
      { kind: 'protocolBroken', detail: expect.stringContaining('fs/read_text_file') },
      { kind: 'replied' },
      { kind: 'protocolBroken', detail: expect.stringContaining('session/prompt_from_nowhere') },
    ]);
    const log = (await room.logOf(task)).map(({ stream, text }) => `${stream}: ${text}`);
    expect(log.filter((line) => !line.startsWith('stderr'))).toEqual([
      'stdout: Some agents print a banner first',
      'thought: **Looking**',
      'thought: at the files',
      'plan: [in_progress] Run the tests',
      'plan: [pending] Report',
      'tool: started: npm test (execute)',
      "tool: permission allow_once (Allow), by the agent's policy: npm test",
      'tool:   12 passed',
      'tool:   /w/a.txt',
      'tool:   - old',
      'tool:   + new',
      'tool: completed: npm test',
      'message: warning: Low quota. 10 % left',
      'message: All 12 tests pass(resource_link file:///w/report.html)',
    ]);
    expect(log).toContain('stderr: Loaded cached credentials.');
  });

  it('R47 asks a person about a call that was announced only with the question, and offers what the agent offers', async () => {
    const options = [
      { optionId: 'proceed_always', name: 'Allow All Edits', kind: 'allow_always' },
      { optionId: 'proceed_once', name: 'Yes', kind: 'allow_once' },
      { optionId: 'cancel', name: 'No', kind: 'reject_once' },
    ];
    const diff = { type: 'diff', path: '/w/a.txt', oldText: 'old\n', newText: 'new\n' };
    const toolCall = {
      toolCallId: 'write-1',
      status: 'pending',
      title: 'Writing to a.txt',
      kind: 'edit',
      content: [diff],
    };
    const question = {
      jsonrpc: '2.0',
      id: 0,
      method: 'session/request_permission',
      params: { sessionId: 's', toolCall, options },
    };
    const made = scripted([question], {}, [{ on: 'answer', send: [stops('end_turn')] }]);
    const { attempt, witness } = room.launch({ ...made, agent: { ...made.agent, permissions: 'ask' } });
    const asked = await until('the question', () => witness.questions[0]);
    expect(asked).toMatchObject({
      callId: 'write-1',
      tool: 'edit',
      title: 'Writing to a.txt',
      detail: '/w/a.txt\n- old\n+ new',
      options: options.map(({ optionId: id, name, kind }) => ({ id, name, kind })),
    });
    asked.answer('proceed_once');
    expect(await attempt.result).toMatchObject({ outcome: 'completed' });
  });

  it.each([
    ['ends its turn', { send: [stops('end_turn')] }, { outcome: 'completed' }, 'the agent ended its turn'],
    ['dies', { exit: 3 }, { outcome: 'died' }, 'the process of the agent ended'],
  ])('R47 withdraws what was asked when the agent %s without waiting for the answer', async (_, end, outcome, why) => {
    const toolCall = { toolCallId: 'c', rawInput: { command: 'ls' } };
    const params = { sessionId: 's', toolCall, options: [{ optionId: 'y', name: 'Yes', kind: 'allow_once' }] };
    const question = { jsonrpc: '2.0', id: 0, method: 'session/request_permission', params };
    const steps = [
      { on: 'initialize', send: [ready] },
      { on: 'session/new', send: [opened] },
      { on: 'session/prompt', send: [question] },
      end,
    ];
    const definition = agent({ protocol: 'acp', command: [...program, JSON.stringify(steps)], permissions: 'ask' });
    const { witness, ...result } = await room.run(
      makeRequest(definition, { work: promptWork(), folder: room.workspace }),
    );
    expect(result).toMatchObject(outcome);
    expect(witness.questions).toMatchObject([{ detail: 'ls', withdrawn: why }]);
  });

  it.each([
    ['max_tokens', 'unknown'],
    ['max_turn_requests', 'unknown'],
    ['refusal', 'fatal'],
    ['cancelled', 'unknown'],
  ])('fails when it stops with %s', async (stopReason, errorClass) => {
    const result = await room.run(scripted([stops(stopReason)]));
    expect(result).toMatchObject({
      outcome: 'failed',
      exit: { stopReason },
      failure: { category: 'agent', class: errorClass },
    });
  });

  it.each([
    ['a limit', { code: -32603, message: 'Internal error', data: { errorKind: 'rate_limit' } }, 'quota', 'transient'],
    ['a missing sign-in', { code: -32000, message: 'Authentication required' }, 'agent', 'fatal'],
    ['anything else', { code: -32603, message: 'Oops' }, 'agent', 'unknown'],
  ])('fails with the class of its error: %s', async (_, error, category, errorClass) => {
    const result = await room.run(scripted([refuses(error)]));
    expect(result).toMatchObject({ outcome: 'failed', failure: { category, class: errorClass } });
  });

  it('R21 fails when its answer makes no sense, and records updates and questions that make none', async () => {
    const result = await room.run(
      scripted([
        update({ sessionUpdate: 'tool_call', title: 5 }),
        { jsonrpc: '2.0', id: 9, method: 'session/request_permission', params: { nonsense: true } },
        update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'hm' } }, 'foreign'),
        stops('whatever'),
        update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'too late' } }),
        {
          jsonrpc: '2.0',
          id: 10,
          method: 'session/request_permission',
          params: { sessionId: 's', toolCall: { toolCallId: 'x' }, options: [] },
        },
      ]),
    );
    expect(result).toMatchObject({ outcome: 'failed', failure: { category: 'protocol', class: 'unknown' } });
    expect(result.witness.broken).toEqual([
      expect.stringMatching(/"session.update" that cannot be understood: .*toolCallId/),
      expect.stringContaining('"session/request_permission" that cannot be understood'),
      expect.stringContaining('another session, "foreign"'),
      expect.stringContaining('outside of the prompt'),
      expect.stringContaining('outside of the prompt'),
    ]);
    expect(result.witness.kinds.every((kind) => kind === 'protocolBroken')).toBe(true);
  });

  it('R21 survives 1,000 lines of garbage from a real process', async () => {
    const lines = Array.from({ length: 1_000 }, (_, index) => {
      const pieces = [
        '\u0000\u0001',
        '{"jsonrpc":"2.0","id":',
        '{"id":77}',
        '[1,2',
        'null',
        '{"method":5}',
        'Ü🚦\ud83d',
      ];
      return `${pieces[index % pieces.length]}${index % 3 === 0 ? '' : index}`;
    });
    const task = scripted([...lines, stops('end_turn')]);
    const { witness, ...result } = await room.run(task);
    expect(result).toMatchObject({ outcome: 'completed' });
    expect(witness.broken).toHaveLength(21);
    expect(witness.broken.at(-1)).toBe('980 more messages that break the protocol');
    expect((await room.logOf(task, 'stdout')).length).toBeGreaterThanOrEqual(1_000);
  });

  it('fails when it refuses the session', async () => {
    const steps = [
      { on: 'initialize', send: [ready] },
      {
        on: 'session/new',
        send: [{ jsonrpc: '2.0', id: '$session/new', error: { code: -32000, message: 'Authentication required' } }],
      },
    ];
    const definition = agent({ protocol: 'acp', command: [...program, JSON.stringify(steps)] });
    const result = await room.run(makeRequest(definition, { work: promptWork(), folder: room.workspace }));
    expect(result).toMatchObject({
      outcome: 'failed',
      failure: { class: 'fatal', remedy: expect.stringContaining('Sign in') },
    });
    expect(result.witness.processes).toEqual([]);
  });
});

describe('R19 an agent that does not become ready', () => {
  const failureOf = async (steps: readonly object[], changes = {}) => {
    const definition = agent({ protocol: 'acp', command: [...program, JSON.stringify(steps)], ...changes });
    const result = await room.run(makeRequest(definition, { work: promptWork(), folder: room.workspace }));
    expect(result).toMatchObject({ outcome: 'failed', exit: null });
    return result.outcome === 'failed' ? result.failure : undefined;
  };

  it('is killed when it does not answer in time', async () => {
    expect(await failureOf([], { startTimeoutMs: 600 })).toMatchObject({
      category: 'handshake',
      class: 'unknown',
      message: expect.stringMatching(/^no handshake within 0\.6 s: the process of agent "tester"/),
    });
  });

  it('is named with its last words when it ends first', async () => {
    const failure = await failureOf([{ on: 'initialize', say: 'config file not found', exit: 2 }]);
    expect(failure).toMatchObject({
      category: 'handshake',
      message:
        'the process of agent "tester" ended with exit code 2 before it answered the handshake. Its last words: config file not found',
    });
  });

  it('is told apart when it speaks another version, refuses, or answers nonsense', async () => {
    const answer = (fields: object) => [{ on: 'initialize', send: [{ jsonrpc: '2.0', id: '$initialize', ...fields }] }];
    expect(await failureOf(answer({ result: { protocolVersion: 9 } }))).toMatchObject({
      category: 'handshake',
      class: 'fatal',
      message: expect.stringContaining('speaks version 9 of the Agent Client Protocol'),
    });
    expect(await failureOf(answer({ error: { code: 429, message: 'Too many requests' } }))).toMatchObject({
      category: 'handshake',
      class: 'transient',
      message: expect.stringContaining('refused the handshake: Too many requests'),
    });
    expect(await failureOf(answer({ result: 'hello' }))).toMatchObject({ category: 'handshake', class: 'fatal' });
  });

  it('is named when its program is not there', async () => {
    const failure = await failureOf([], { command: ['/no/such/agent'] });
    expect(failure).toMatchObject({
      category: 'spawn',
      class: 'fatal',
      message: expect.stringContaining('/no/such/agent'),
    });
  });
});
