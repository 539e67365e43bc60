import { describe, expect, it } from 'vitest';
import { attemptEnvironment, inheritedEnvironment } from '../../../src-main/agents/agent-environment.ts';
import { attemptFolder } from '../../../src-main/agents/attempt-folder.ts';
import { traceparent } from '../../../src-main/agents/trace-context.ts';
import type { JsonObject } from '../../../src-main/contract/values.ts';
import { agent, makeRequest, promptWork } from './make-request.ts';

function environmentOf(inputs: JsonObject, env: Record<string, string> = {}, agentEnv: Record<string, string> = {}) {
  const request = makeRequest(agent({ env: agentEnv }), { work: promptWork(), folder: '/', inputs, env });
  return { request, env: attemptEnvironment({ HOME: '/home' }, request, attemptFolder('/data', request)) };
}

describe('what an agent inherits', () => {
  it('keeps the marks of an outer agent, of Electron, Node, npm and test runners from an agent', () => {
    const kept = inheritedEnvironment({
      PATH: '/bin',
      HOME: '/home',
      NODE_EXTRA_CA_CERTS: '/ca',
      CLAUDECODE: '1',
      CLAUDE_CODE_ENTRYPOINT: 'cli',
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: '--inspect',
      npm_config_registry: 'x',
      npm_lifecycle_event: 'test',
      VITEST_POOL_ID: '1',
      SIGNALBOX_ATTEMPT_ID: 'outer',
      TRACEPARENT: 'outer',
      EMPTY: undefined,
    });
    expect(kept).toEqual({ PATH: '/bin', HOME: '/home', NODE_EXTRA_CA_CERTS: '/ca' });
  });
});

describe('what the process of an attempt gets', () => {
  it('R69 carries the trace id of the task, and a parent id that each attempt has of its own', () => {
    const { request, env } = environmentOf({});
    expect(env.TRACEPARENT).toMatch(new RegExp(`^00-${request.task.traceId}-[0-9a-f]{16}-01$`));
    expect(traceparent(request.task, 'another attempt')).not.toBe(env.TRACEPARENT);
    expect(traceparent(request.task, request.attempt.id)).toBe(env.TRACEPARENT);
  });

  it('gives scalar inputs as variables, and leaves the rest to the file', () => {
    const { env } = environmentOf({
      name: 'calculator',
      'app-port': 8080,
      verbose: false,
      list: ['a'],
      nested: { a: 1 },
      nothing: null,
      nul: 'a\0b',
      huge: 'x'.repeat(40_000),
    });
    const inputs = Object.entries(env).filter(([name]) => name.startsWith('SIGNALBOX_INPUT_'));
    expect(Object.fromEntries(inputs)).toEqual({
      SIGNALBOX_INPUT_NAME: 'calculator',
      SIGNALBOX_INPUT_APP_PORT: '8080',
      SIGNALBOX_INPUT_VERBOSE: 'false',
    });
  });

  it('bounds all input variables together, and keeps the first of two with one name', () => {
    const many = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`i${index}`, 'x'.repeat(30_000)]));
    const { env } = environmentOf({ ...many, 'a-b': 'first', a_b: 'second' });
    const bytes = Object.entries(env)
      .filter(([name]) => name.startsWith('SIGNALBOX_INPUT_'))
      .reduce((sum, [, value]) => sum + value.length, 0);
    expect(bytes).toBeLessThanOrEqual(128 * 1024);
    expect(env.SIGNALBOX_INPUT_A_B).toBe('first');
  });

  it('lets the task override the agent, and neither of them the facts of the attempt', () => {
    const { request, env } = environmentOf(
      {},
      { MODE: 'task', SIGNALBOX_TASK_ID: 'forged' },
      { MODE: 'agent', KEY: 'k' },
    );
    expect(env).toMatchObject({ MODE: 'task', KEY: 'k', HOME: '/home', SIGNALBOX_TASK_ID: request.task.id });
  });

  it('names run and stage only where there are any', () => {
    const { request, env } = environmentOf({});
    expect(env).not.toHaveProperty('SIGNALBOX_RUN_ID');
    expect(env).not.toHaveProperty('SIGNALBOX_STAGE');
    const task = { ...request.task, runId: 'run_1' as never, stage: 'validation' };
    const inRun = attemptEnvironment({}, { ...request, task }, attemptFolder('/data', request));
    expect(inRun).toMatchObject({ SIGNALBOX_RUN_ID: 'run_1', SIGNALBOX_STAGE: 'validation' });
  });
});
