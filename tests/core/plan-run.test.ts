import { describe, expect, it } from 'vitest';
import type { StageSpec, WorkflowDefinition } from '../../src-main/contract/workflow.ts';
import { openEngine } from '../support/engine.ts';
import { agentDefinition, stageSpec, workflowOf } from '../support/samples.ts';

const prompt = (text: string): StageSpec['action'] => ({
  kind: 'agent',
  agent: { type: 'worker', capabilities: [] },
  prompt: text,
  with: {},
});
const question: StageSpec['action'] = {
  kind: 'approval',
  question: 'Ship ${{ inputs.name }}?',
  onTimeout: 'reject',
};
const argv = (...parts: string[]): StageSpec['action'] => ({ kind: 'run', command: { kind: 'argv', argv: parts } });
const shell = agentDefinition({ id: 'shell', type: 'shell' });
const inputs: WorkflowDefinition['inputs'] = [
  { name: 'name', type: 'string', required: true },
  { name: 'deep', type: 'boolean', required: false, default: false },
  { name: 'base', type: 'folder', required: false },
];

/** The plan of a workflow with these stages, by an engine that has an agent `worker` and one for commands. */
async function plan(
  stages: readonly StageSpec[],
  given: Readonly<Record<string, string | boolean>> = { name: 'app' },
  agents = [agentDefinition(), shell],
) {
  const engine = await openEngine({ workflows: [workflowOf(stages, { inputs })], agents });
  engine.missingPaths.add('/gone');
  return engine.call('planRun', { workflow: 'sample', inputs: given });
}

describe('the plan of a run', () => {
  it('R74 has every stage with its rank, its work in words, and who may do it', async () => {
    const { stages, refusal } = await plan([
      stageSpec('publish', { needs: ['review', 'test'], action: question }),
      stageSpec('build', { action: prompt('Build ${{ inputs.name }}') }),
      stageSpec('test', { needs: ['build'], action: argv('npm', 'test', '--name', 'my ${{ inputs.name }}') }),
      stageSpec('review', { needs: ['build', 'test'], action: prompt('Read ${{ stages.build.outputs.diff }}') }),
      stageSpec('count', { action: { kind: 'run', command: { kind: 'script', script: 'ls | wc -l' } } }),
    ]);
    expect(refusal).toBeNull();
    expect(stages).toEqual([
      {
        name: 'publish',
        needs: ['review', 'test'],
        rank: 3,
        work: 'Ship app?',
        agents: [],
        waitingBecause: 'it needs stages review, test to complete first; it waits for the answer of a person',
      },
      { name: 'build', needs: [], rank: 0, work: 'Build app', agents: ['worker'], waitingBecause: null },
      {
        name: 'test',
        needs: ['build'],
        rank: 1,
        work: 'npm test --name "my app"',
        agents: ['shell'],
        waitingBecause: 'it needs stage build to complete first',
      },
      {
        name: 'review',
        needs: ['build', 'test'],
        rank: 2,
        work: 'Read ${{ stages.build.outputs.diff }}',
        agents: ['worker'],
        waitingBecause: 'it needs stages build, test to complete first',
      },
      { name: 'count', needs: [], rank: 0, work: 'ls | wc -l', agents: ['shell'], waitingBecause: null },
    ]);
  });

  it('says what is skipped, and on what it depends where that is not known yet', async () => {
    const { stages } = await plan([
      stageSpec('deep', { when: 'inputs.deep', action: prompt('Look') }),
      stageSpec('flat', { when: '!inputs.deep', action: prompt('Look') }),
      stageSpec('broken', { when: 'inputs.name', action: prompt('Look') }),
      stageSpec('later', { needs: ['flat'], when: 'stages.flat.state == "completed"', action: prompt('Look') }),
    ]);
    expect(stages.map(({ work }) => work)).toEqual([
      'Nothing: it is skipped, because inputs.deep is false with these inputs.',
      'Look',
      'Look',
      'Only if stages.flat.state == "completed": Look',
    ]);
    expect(stages[0]).toMatchObject({ agents: [], waitingBecause: null });
  });

  it('cuts work that is too long to be read', async () => {
    const { stages } = await plan([stageSpec('a', { action: prompt('x'.repeat(5_000)) })]);
    expect(stages[0]?.work).toHaveLength(2_001);
  });

  it.each([
    ['an input that is missing', {}, /^name is missing/, 'inputs.name'],
    ['an input that there is not', { name: 'app', nome: 'x' }, /^The workflow has no input nome/, 'inputs.nome'],
    ['a path that is gone', { name: 'app', base: '/gone' }, /\/gone does not exist/, 'inputs.base'],
  ])('R74 has the refusal of a start with %s, and the stages all the same', async (_, given, message, field) => {
    const { stages, refusal } = await plan([stageSpec('a', { action: prompt('${{ inputs.name }}') })], given);
    expect(refusal).toMatchObject({ type: 'invalidInput', message: expect.stringMatching(message), field });
    expect(stages).toHaveLength(1);
    expect(stages[0]?.work).toBe('name' in given ? 'app' : '${{ inputs.name }}');
  });

  it('R13 has the refusal of a start that no agent could work for', async () => {
    const { stages, refusal } = await plan([stageSpec('a', { action: argv('true') })], { name: 'x' }, [
      agentDefinition(),
    ]);
    expect(refusal).toMatchObject({ type: 'invalidInput', field: 'stages.a.agent' });
    expect(stages).toMatchObject([{ agents: [], waitingBecause: 'no agent matches agent type shell' }]);
  });

  it('refuses what a start would be refused for: a folder that is gone, and a workflow that is not there', async () => {
    const engine = await openEngine({ workflows: [workflowOf([stageSpec('a')])], broken: [] });
    engine.missingPaths.add('/gone');
    for (const given of [
      { workflow: 'sample', inputs: {}, folder: '/gone' },
      { workflow: 'simple', inputs: {} },
      { workflow: 'broken', inputs: {} },
    ]) {
      const started = await engine.attempt('startRun', given);
      const { refusal } = await engine.call('planRun', given);
      expect({ ok: false, error: refusal }).toEqual(started);
    }
    expect(engine.events('run.created')).toEqual([]);
  });

  it('says why stages would wait: slots are taken, the agent is disabled, the engine is frozen', async () => {
    const engine = await openEngine({
      workflows: [workflowOf([stageSpec('a', { action: prompt('Do it') })])],
      agents: [agentDefinition({ slots: 2 })],
      settings: { slots: { total: 2 } },
    });
    const because = async () => {
      const { stages } = await engine.call('planRun', { workflow: 'sample', inputs: {}, folder: '/there' });
      return stages[0]?.waitingBecause;
    };
    const start = async () => {
      await engine.call('startRun', { workflow: 'sample', inputs: {} });
      await engine.settle();
    };
    await start();
    expect(await because()).toBeNull();
    await start();
    expect(await because()).toBe('all 2 slots are taken');
    (await engine.launch(0)).complete();
    await engine.settle();
    await engine.call('disableAgent', { agentId: agentDefinition().id, reason: 'holiday' });
    expect(await because()).toBe('agent worker is disabled (holiday)');
    await engine.call('freeze', { reason: 'lunch' });
    expect(await because()).toBe('everything is frozen: lunch; agent worker is disabled (holiday)');
  });

  it('names the agent whose own slots are taken', async () => {
    const engine = await openEngine({ workflows: [workflowOf([stageSpec('a', { action: prompt('Do it') })])] });
    await engine.call('startRun', { workflow: 'sample', inputs: {} });
    await engine.settle();
    const { stages } = await engine.call('planRun', { workflow: 'sample', inputs: {} });
    expect(stages[0]?.waitingBecause).toBe('agent worker has no free slot');
  });
});
