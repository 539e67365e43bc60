import { expect, it } from 'vitest';
import { workflowHashSchema } from '../../src-main/contract/ids.ts';
import { openEngine, sample } from '../support/engine.ts';
import { stageSpec } from '../support/samples.ts';

const replaces = workflowHashSchema.parse('a'.repeat(64));
const refusal = { type: 'refused', message: 'It is bundled.', remedy: 'Copy it.' } as const;

it('a file that was saved is answered as it is now', async () => {
  const engine = await openEngine();
  const saved = await engine.call('saveWorkflow', { name: 'sample', source: 'text', replaces: null });
  expect(saved).toMatchObject({ name: 'sample', hash: expect.any(String), definition: { name: 'sample' } });
  expect(await engine.call('deleteWorkflow', { name: 'sample', replaces })).toEqual({});
});

it('a change that is refused changes nothing, and is on record', async () => {
  const engine = await openEngine({ refuseFiles: refusal });
  const refused = { ok: false, error: refusal };
  expect(await engine.attempt('saveWorkflow', { name: 'app', source: 'text', replaces })).toEqual(refused);
  expect(await engine.attempt('deleteWorkflow', { name: 'app', replaces })).toEqual(refused);
  expect(engine.events('command.refused').map(({ command, error }) => [command, error])).toEqual([
    ['saveWorkflow', refusal],
    ['deleteWorkflow', refusal],
  ]);
});

it('has the versions that runs were started from, and the text of each', async () => {
  const engine = await openEngine({ workflows: [sample(stageSpec('a'))] });
  expect(await engine.call('listWorkflowVersions', {})).toEqual({ versions: [], next: null });
  const { workflowHash: hash } = await engine.call('startRun', { workflow: 'sample', inputs: {} });
  const registeredAt = engine.clock.now();
  expect(await engine.call('listWorkflowVersions', { workflow: 'sample' })).toEqual({
    versions: [{ hash, name: 'sample', origin: 'bundled', registeredAt }],
    next: null,
  });
  expect(await engine.call('getWorkflowVersion', { hash })).toMatchObject({
    name: 'sample',
    registeredAt,
    definition: { stages: [{ name: 'a' }] },
  });
  expect(await engine.attempt('getWorkflowVersion', { hash: replaces })).toMatchObject({
    error: { type: 'notFound', field: 'hash' },
  });
});

it('a workflow with errors is shown without a definition, and with its hash', async () => {
  const engine = await openEngine({ broken: [] });
  expect(await engine.call('getWorkflow', { workflow: 'broken' })).toMatchObject({
    definition: null,
    hash: '0'.repeat(64),
  });
});
