import { describe, expect, it } from 'vitest';
import { mustFailure, mustOutputs, mustRow, mustStage, mustWorkflow } from '../../src-main/core/must-row.ts';
import { openEngine } from '../support/engine.ts';
import { runRow, stageRow, stageSpec, workflowOf } from '../support/samples.ts';

describe('what must be there and is not is a defect, told with the name of what misses it', () => {
  it('a row, or the version of a workflow', async () => {
    const { reads } = (await openEngine()).store;
    const run = runRow();
    expect(() => mustRow(reads, 'agent', 'nobody')).toThrow('agent nobody has no row');
    expect(() => mustWorkflow(reads, run)).toThrow(`run ${run.id} names a workflow version that is not stored`);
  });

  it('a stage of a workflow, the outputs of what completed, the failure of what did not', () => {
    expect(() => mustStage(workflowOf([stageSpec('a')]), 'b')).toThrow('workflow sample has no stage b');
    expect(() => mustOutputs(stageRow('a'))).toThrow('a completed without outputs');
    expect(() => mustOutputs({ id: runRow().id, outputs: null })).toThrow(/^run_\w+ completed without outputs$/);
    expect(() => mustFailure(stageRow('a'))).toThrow('a ended badly without a failure');
  });
});
