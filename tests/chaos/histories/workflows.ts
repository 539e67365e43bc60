import { defaultTimeouts } from '../../../src-main/contract/policies.ts';
import type { StageSpec, WorkflowDefinition } from '../../../src-main/contract/workflow.ts';
import { stageSpec, workflowOf } from '../../support/samples.ts';

const retry = { maxAttempts: 2, delayMs: 2_000, maxDelayMs: 60_000, factor: 2, jitter: 0.2 };

function approval(name: string, needs: readonly string[], onTimeout: 'approve' | 'reject'): StageSpec {
  return stageSpec(name, {
    needs: [...needs],
    action: { kind: 'approval', question: 'May it go on?', timeoutMs: 90_000, onTimeout },
  });
}

/** Shapes of workflows that histories start: lines, joins, conditions, policies, gates, questions. */
export const workflows: readonly WorkflowDefinition[] = [
  workflowOf([stageSpec('a', { retry }), stageSpec('b', { needs: ['a'] }), stageSpec('c', { needs: ['b'] })], {
    name: 'line',
  }),
  workflowOf(
    [
      stageSpec('top', { retry }),
      stageSpec('left', { needs: ['top'], onFailure: 'continue' }),
      stageSpec('right', { needs: ['top'], retry, priority: 'high' }),
      stageSpec('join', { needs: ['left', 'right'], outputs: ['score'] }),
    ],
    { name: 'diamond' },
  ),
  workflowOf(
    [
      stageSpec('build', {
        gates: [{ kind: 'command', name: 'check', argv: ['check'], level: 'blocking', timeoutMs: 5_000 }],
      }),
      approval('ask', ['build'], 'approve'),
      stageSpec('ship', { needs: ['ask'] }),
    ],
    { name: 'asking' },
  ),
  workflowOf(
    [
      approval('ask', [], 'reject'),
      stageSpec('ship', { needs: ['ask'], onFailure: 'skip-dependants' }),
      stageSpec('tell', { needs: ['ship'] }),
      stageSpec('aside', {
        timeouts: { ...defaultTimeouts, runMs: 40_000, startMs: 8_000, stopMs: 2_000 },
        onFailure: 'continue',
      }),
    ],
    { name: 'cautious' },
  ),
  workflowOf(
    [
      stageSpec('first', {
        gates: [{ kind: 'output', name: 'good', output: 'score', operator: '>=', value: 3, level: 'blocking' }],
        retry,
        onFailure: 'skip-dependants',
      }),
      stageSpec('maybe', { needs: ['first'], when: 'stages.first.outputs.score > 5' }),
      stageSpec('last', { needs: ['maybe'] }),
      stageSpec('alone', { retry }),
    ],
    { name: 'choosing' },
  ),
];
