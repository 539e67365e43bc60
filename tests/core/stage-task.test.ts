import { describe, expect, it, test } from 'vitest';
import { defaultTimeouts } from '../../src-main/contract/policies.ts';
import type { Run } from '../../src-main/contract/run.ts';
import { taskSpecSchema } from '../../src-main/contract/task.ts';
import type { StageSpec } from '../../src-main/contract/workflow.ts';
import { scopeOf, selectorOf, stageFolder, stageTask } from '../../src-main/core/stage-task.ts';
import { runRow, stageRow, stageSpec } from '../support/samples.ts';

/** A run whose `build` has completed, whose `lint` has failed, and whose `test` needs both; `docs` stands apart. */
function sampleRun(): Run {
  return runRow({
    inputs: { name: 'calculator-app', files: ['a', 'b'] },
    stages: [
      stageRow('build', { state: 'completed', outputs: { artefact: 'app.tgz' } }),
      stageRow('lint', { state: 'failed', needs: ['build'] }),
      stageRow('docs', { state: 'completed', outputs: { pages: 3 } }),
      stageRow('test', { needs: ['lint'] }),
    ],
  });
}

const run = sampleRun();
const scriptAction: StageSpec['action'] = {
  kind: 'run',
  command: { kind: 'script', script: 'echo ${{ inputs.name }}' },
};
const prompting = (prompt: string, withConfig = {}): StageSpec['action'] => ({
  kind: 'agent',
  agent: { type: 'coder', capabilities: ['ts'] },
  prompt,
  with: withConfig,
});
const running = (...argv: string[]): StageSpec['action'] => ({ kind: 'run', command: { kind: 'argv', argv } });
const broken = '${{ inputs.missing }}';
const fault = 'The expression "inputs.missing" could not be evaluated: No such key: missing';

test('R15 a stage sees the inputs, and the stages before it alone', () => {
  expect(scopeOf(run, 'test')).toEqual({
    inputs: run.inputs,
    stages: { build: { state: 'completed', outputs: { artefact: 'app.tgz' } }, lint: { state: 'failed', outputs: {} } },
    run: { id: run.id, folder: '/work' },
  });
});

describe('the task of a stage', () => {
  it('has its templates filled in, and everything else as the stage has it', () => {
    const gates: StageSpec['gates'] = [{ kind: 'command', name: 'x', argv: ['x'], level: 'warning', timeoutMs: 1 }];
    const spec = stageSpec('test', {
      action: prompting('Test ${{ stages.build.outputs.artefact }}', { files: '${{ inputs.files }}' }),
      env: { NAME: '${{ inputs.name }}', PLAIN: 'x' },
      folder: 'apps/${{ inputs.name }}',
      gates,
      outputs: ['coverage'],
    });
    const task = stageTask(run, spec);
    expect(task).toEqual({
      ok: true,
      value: {
        title: 'sample / test',
        selector: { type: 'coder', capabilities: ['ts'] },
        work: { kind: 'prompt', prompt: 'Test app.tgz', config: { files: ['a', 'b'] } },
        folder: '/work/apps/calculator-app',
        env: { NAME: 'calculator-app', PLAIN: 'x' },
        inputs: run.inputs,
        earlierOutputs: { build: { artefact: 'app.tgz' }, lint: {} },
        gates,
        requiredOutputs: ['coverage'],
        retry: spec.retry,
        timeouts: defaultTimeouts,
        needs: [],
        onNeedFailed: 'block',
      },
    });
    expect(task.ok && taskSpecSchema.safeParse(task.value).success).toBe(true);
  });

  it('is a command for the shell agent, with each argument filled in by itself', () => {
    const action = running('tar', '-xf', '${{ stages.build.outputs.artefact }}', '${{ inputs.name }}; rm -rf /');
    expect(stageTask(run, stageSpec('test', { action }))).toMatchObject({
      ok: true,
      value: {
        selector: { type: 'shell', capabilities: [] },
        work: {
          kind: 'command',
          command: { kind: 'argv', argv: ['tar', '-xf', 'app.tgz', 'calculator-app; rm -rf /'] },
        },
        folder: '/work',
      },
    });
  });

  it('leaves a script word for word, so that no input can become part of it', () => {
    expect(stageTask(run, stageSpec('test', { action: scriptAction }))).toMatchObject({
      ok: true,
      value: { work: { kind: 'command', command: { kind: 'script', script: 'echo ${{ inputs.name }}' } } },
    });
  });

  test.each<[string, Partial<StageSpec>, string]>([
    ['the prompt', { action: prompting(broken) }, `stage test: ${fault}`],
    ['the configuration', { action: prompting('go', { deep: [broken] }) }, `stage test: ${fault}`],
    ['an argument', { action: running('echo', broken) }, `stage test: ${fault}`],
    ['a variable', { env: { NAME: broken } }, `env of stage test: ${fault}`],
    ['the folder', { folder: broken }, `folder of stage test: ${fault}`],
    [
      'a prompt of nothing',
      { action: prompting('${{ inputs.name.substring(0, 0) }}') },
      'stage test: the prompt is empty once its templates are filled in',
    ],
    [
      'a command that is too long',
      { action: running('echo', `\${{ inputs.name }}${'x'.repeat(99_990)}`) },
      'stage test: the command has more than 100000 characters once its templates are filled in',
    ],
    [
      'a folder that is too long',
      { folder: 'x/'.repeat(2_048) },
      'folder of stage test: the folder that it was filled to is longer than 4096 characters',
    ],
    [
      'a folder that leaves the run',
      { folder: '${{ inputs.name }}/../..' },
      "folder of stage test: the folder calculator-app/../.. leaves the run's folder",
    ],
  ])('is a fatal failure that names the place: %s', (_what, change, message) => {
    expect(stageTask(run, stageSpec('test', change))).toEqual({
      ok: false,
      error: {
        category: 'expression',
        class: 'fatal',
        message,
        remedy: 'Correct the expression in the workflow file, then start a new run.',
      },
    });
  });

  it('is not there for an approval', () => {
    const action: StageSpec['action'] = { kind: 'approval', question: 'Ship it?', onTimeout: 'reject' };
    expect(() => stageTask(run, stageSpec('release', { action }))).toThrow(
      'stage release is an approval and has no task',
    );
  });
});

test('a stage that runs a command asks for the agent type shell', () => {
  expect(selectorOf({ kind: 'run', command: { kind: 'argv', argv: ['ls'] } })).toEqual({
    type: 'shell',
    capabilities: [],
  });
});

describe('I10 the folder of a stage', () => {
  test.each<[string | undefined, string]>([
    [undefined, '/work'],
    ['', '/work'],
    ['apps', '/work/apps'],
    ['apps/..hidden/..', ''],
    ['a..b/c', '/work/a..b/c'],
    ['..', ''],
    ['apps\\..\\..', ''],
    ['/srv/repository', '/srv/repository'],
    ['C:\\repository', 'C:\\repository'],
    ['c:/repository', 'c:/repository'],
    ['\\\\server\\share', '\\\\server\\share'],
  ])('named %j is %j', (folder, expected) => {
    const refused = { ok: false, error: `the folder ${folder} leaves the run's folder` };
    const given = folder === undefined ? undefined : { template: folder, filled: folder };
    expect(stageFolder('/work', given)).toEqual(expected === '' ? refused : { ok: true, value: expected });
  });

  test.each([
    ['${{ inputs.repository }}', '/srv/repository', true],
    ['${{ stages.build.outputs.folder }}', '/srv/repository', false],
    ['${{ stages.build.outputs.folder }}', '/workshop', false],
    ['${{ stages.build.outputs.folder }}', '/work', true],
    ['${{ stages.build.outputs.folder }}', '/work/app', true],
  ])('that %s fills to %s is allowed: %s', (template, filled, allowed) => {
    expect(stageFolder('/work', { template, filled }).ok).toBe(allowed);
  });
});
