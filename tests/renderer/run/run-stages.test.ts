import { expect, it } from 'vitest';
import type { AgentState } from '../../../src-main/contract/states.ts';
import type { RunWork } from '../../../src-renderer/api/fold-run-work.ts';
import { graphStages } from '../../../src-renderer/features/run/run-stages.ts';
import { workText } from '../../../src-renderer/features/run/work-text.ts';
import { runningTask, runRow, stageRow, stageSpec, workflowOf } from '../../support/samples.ts';

const { task, attempt } = runningTask({ stage: 'build' });
const work: RunWork = {
  run: runRow({
    stages: [
      stageRow('build', { state: 'running', taskId: task.id, startedAt: 1_000 }),
      stageRow('test', { needs: ['build'], taskId: runningTask().task.id }),
      stageRow('kept', { state: 'completed', inherited: true, startedAt: 1, endedAt: 1 }),
    ],
  }),
  definition: workflowOf([stageSpec('build', { title: 'Build it' }), stageSpec('test'), stageSpec('kept')]),
  tasks: [task],
  attempts: [{ ...attempt, stage: 'build', number: 2 }],
  approvals: [],
  lastSeq: 1,
};

it('R63 draws every stage with its state, how long it takes and which attempt it is', () => {
  const stages = graphStages(work, { agents: new Map(), asking: new Set(), now: 13_000 });
  expect(stages).toMatchObject([
    {
      name: 'build',
      title: 'Build it',
      kind: 'agent',
      state: 'running',
      attempt: 2,
      progressText: '12 s',
      isStuck: false,
    },
    { name: 'test', needs: ['build'], state: 'pending', word: 'Queued' },
    { name: 'kept', state: 'completed', progressText: 'kept' },
  ]);
});

it('shows which stage asks, and which one is stuck because its agent is in trouble', () => {
  const agents = new Map<string, AgentState>([[attempt.agentId, 'unhealthy']]);
  const [build] = graphStages(work, { agents, asking: new Set(['build']), now: 13_000 });
  expect(build).toMatchObject({ word: 'Asks you', isStuck: true });
});

it('writes the work of a task as a person would, so that it can be copied', () => {
  expect(workText({ kind: 'prompt', prompt: 'do it', config: {} })).toBe('do it');
  expect(workText({ kind: 'command', command: { kind: 'script', script: 'a; b' } })).toBe('a; b');
  const argv = ['npm', 'run', "it's", ''];
  expect(workText({ kind: 'command', command: { kind: 'argv', argv } })).toBe("npm run 'it'\\''s' ''");
});
