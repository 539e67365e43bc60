import { describe, expect, it } from 'vitest';
import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import { storedSecretMessage } from '../../../src-main/contract/environment.ts';
import { emptyTask, readTask, refusedField } from '../../../src-renderer/features/queue/enqueue-form.ts';
import { targetsFor } from '../../../src-renderer/features/queue/enqueue-targets.ts';

const form = { ...emptyTask, script: 'npm test', target: 'type:shell' };

describe('the form that queues a task', () => {
  it('asks for exactly what was typed, and for nothing that was left empty', () => {
    expect(readTask({ ...form, delaySeconds: 1.5, priority: 'high', env: [{ name: ' CI ', value: '1' }] })).toEqual({
      faults: {},
      input: {
        tasks: [
          {
            agent: { type: 'shell' },
            work: { kind: 'command', command: { kind: 'script', script: 'npm test' } },
            priority: 'high',
            delayMs: 1_500,
            env: { CI: '1' },
          },
        ],
      },
    });
  });

  it('names one agent when one was chosen, and gives it a prompt', () => {
    const { input } = readTask({ ...emptyTask, kind: 'prompt', prompt: 'Mend it', target: 'id:claude' });
    expect(input?.tasks[0]).toMatchObject({
      agent: { id: 'claude' },
      work: { kind: 'prompt', prompt: 'Mend it', config: {} },
    });
  });

  it('says at each field what is wrong with it', () => {
    const { input, faults } = readTask({ ...emptyTask, delaySeconds: -1 });
    expect(input).toBeNull();
    expect(faults).toEqual({
      work: 'It must not be empty.',
      target: 'Choose an agent or a type of agents.',
      delaySeconds: 'It must not be negative.',
    });
  });

  it('refuses secrets by the contract’s own rule, with the name of the variable', () => {
    const { faults } = readTask({ ...form, env: [{ name: 'API_TOKEN', value: 'abcdefghijkl' }] });
    expect(faults.env).toBe(`API_TOKEN ${storedSecretMessage}.`);
  });

  it('misses no variable: names twice, and values without a name', () => {
    const twice = [
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
    ];
    expect(readTask({ ...form, env: twice }).faults.env).toBe('A is named twice.');
    expect(readTask({ ...form, env: [{ name: '', value: '2' }] }).faults.env).toBe('A value has no name.');
    expect(readTask({ ...form, env: [{ name: '', value: '' }] }).faults).toEqual({});
  });

  it('puts a refusal of the engine at its field, however the path is written', () => {
    const error = { type: 'invalidInput', message: 'It does not exist.', remedy: 'Make it.' } as const;
    const said = 'It does not exist. Make it.';
    expect(refusedField({ ...error, field: 'tasks.0.folder' })).toEqual({ folder: said });
    expect(
      refusedField({ ...error, message: 'tasks.0.folder: /x does not exist.', field: 'tasks.0.folder' }).folder,
    ).toBe('/x does not exist. Make it.');
    expect(refusedField({ ...error, field: 'tasks[0].agent.id' })).toEqual({ target: said });
    expect(refusedField({ ...error, field: 'tasks' })).toEqual({});
    expect(refusedField(error)).toEqual({});
  });
});

function agent(id: string, type: string, protocol: 'acp' | 'shell'): AgentView {
  // Only what the choice looks at.
  return { id, state: 'idle', definition: { title: id, type, protocol } } as AgentView;
}

it('commands go to shells and prompts to the others; a type is offered when several share it', () => {
  const agents = [agent('shell', 'shell', 'shell'), agent('one', 'coder', 'acp'), agent('two', 'coder', 'acp')];
  expect(targetsFor('command', agents).map(({ value }) => value)).toEqual(['id:shell']);
  expect(targetsFor('prompt', agents).map(({ value }) => value)).toEqual(['type:coder', 'id:one', 'id:two']);
});
