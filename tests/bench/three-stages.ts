import { stageSpec, workflowOf } from '../support/samples.ts';

/** A workflow of three stages in a row. */
export const threeStages = workflowOf([
  stageSpec('first'),
  stageSpec('second', { needs: ['first'] }),
  stageSpec('third', { needs: ['second'] }),
]);
