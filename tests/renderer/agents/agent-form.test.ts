import { describe, expect, it } from 'vitest';
import { storedSecretMessage } from '../../../src-main/contract/environment.ts';
import { emptyForm, faultsOf, formOf, readForm } from '../../../src-renderer/features/agents/agent-form.ts';
import { agentDefinition } from '../../support/samples.ts';

const valid = { ...emptyForm, id: 'gemini', title: 'Gemini', type: 'gemini', command: ['gemini', '--acp'] };

describe('R74 the form of an agent', () => {
  it('gives the definition that was put into it', () => {
    const definition = agentDefinition({
      env: { MODE: 'fast' },
      repositories: ['/work/a'],
      startTimeoutMs: 45_000,
      idleStopMs: 90_000,
    });
    expect(readForm(formOf(definition))).toEqual({ definition: { ...definition, builtin: false }, faults: null });
    expect(formOf(definition)).toMatchObject({
      startSeconds: 45,
      idleMinutes: 1.5,
      env: [{ name: 'MODE', value: 'fast' }],
    });
  });

  it('has a provider and a watchdog of its own only when they are given', () => {
    const watchdog = { silentMs: 90_000, stepMs: 60_000, upTo: 'stop' } as const;
    const definition = agentDefinition({ provider: 'acme', watchdog });
    expect(formOf(definition)).toMatchObject({ provider: 'acme', hasWatchdog: true, silentMinutes: 1.5 });
    expect(readForm(formOf(definition))).toMatchObject({ definition: { provider: 'acme', watchdog } });
    const read = readForm({ ...formOf(definition), provider: ' ', hasWatchdog: false });
    expect(read).not.toHaveProperty('definition.provider');
    expect(read).not.toHaveProperty('definition.watchdog');
    const faulty = { ...valid, provider: 'Acme Inc', hasWatchdog: true, silentMinutes: '', stepMinutes: 0 } as const;
    expect(readForm(faulty).faults).toMatchObject({
      provider: expect.stringContaining('lower-case'),
      silentMinutes: 'It is missing.',
      stepMinutes: 'It must be at least 1.',
    });
  });

  it('leaves out what is empty, and space around it', () => {
    const read = readForm({
      ...valid,
      id: ' gemini ',
      command: ['gemini', '', ' --acp '],
      env: [{ name: '', value: '' }],
    });
    expect(read).toMatchObject({ definition: { id: 'gemini', command: ['gemini', '--acp'], env: {} } });
  });

  it('names what is wrong at the field where it is', () => {
    const { faults } = readForm({ ...emptyForm, id: 'Has Space', slots: '', startSeconds: 0, idleMinutes: -1 });
    expect(faults).toMatchObject({
      id: expect.stringContaining('lower-case'),
      title: 'It must not be empty.',
      type: expect.any(String),
      slots: 'It is missing.',
      startSeconds: 'It must be at least 1.',
      idleMinutes: 'It must not be negative.',
    });
    expect(readForm({ ...valid, command: [''] }).faults).toEqual({ command: 'It must name a program.' });
  });

  it('refuses to store a secret, and says where it belongs', () => {
    const env = [{ name: 'GEMINI_API_KEY', value: 'abcdefgh12345' }];
    expect(readForm({ ...valid, env }).faults).toEqual({ env: `GEMINI_API_KEY ${storedSecretMessage}.` });
  });

  it('refuses a name that is there twice, and a value without a name', () => {
    const twice = [
      { name: 'A', value: '1' },
      { name: 'A ', value: '2' },
    ];
    expect(readForm({ ...valid, env: twice }).faults).toEqual({ env: 'A is named twice.' });
    expect(readForm({ ...valid, env: [{ name: ' ', value: 'x' }] }).faults).toEqual({ env: 'A value has no name.' });
  });

  it('needs no program for a shell, and drops one', () => {
    expect(readForm({ ...valid, protocol: 'shell' })).toMatchObject({ definition: { command: [] } });
    expect(formOf(agentDefinition({ protocol: 'shell', command: [] })).command).toEqual(['']);
  });

  it('shows a refusal of the engine at its field', () => {
    const error = { type: 'refused', message: 'Agent x is built in.', remedy: 'Use another id.' } as const;
    expect(faultsOf({ ...error, field: 'id' })).toEqual({ id: 'Agent x is built in.' });
    expect(faultsOf({ ...error, field: 'definition.protocol' })).toEqual({ protocol: 'Agent x is built in.' });
    expect(faultsOf({ ...error, field: 'env.TOKEN' })).toEqual({ env: 'Agent x is built in.' });
    expect(faultsOf({ ...error, field: 'elsewhere' })).toEqual({});
    expect(faultsOf(error)).toEqual({});
  });
});
