import type { TaskOfTest, TaskResult } from './open-task.ts';

/** Stages of the bundled workflows with the agent that does each, in order. */
export const bundledStages = {
  app: {
    initialization: 'scaffold',
    scaffolding: 'scaffold',
    validation: 'validation',
    e2e_testing: 'e2e',
    integration: 'integration',
    deployment: 'deployment',
    monitoring: 'deployment',
  },
  feature: {
    initialization: 'scaffold',
    implementation: 'scaffold',
    validation: 'validation',
    testing: 'e2e',
    integration: 'integration',
    deployment: 'deployment',
  },
  bugfix: {
    initialization: 'scaffold',
    debugging: 'e2e',
    fixing: 'scaffold',
    validation: 'validation',
    testing: 'e2e',
    deployment: 'deployment',
  },
} as const;

/** Outputs by stage. */
export type WorkflowOutputs = Record<string, Record<string, unknown>>;

/** Runs one task with an agent of a type. */
export type RunTask = (type: string, workspace: string, task: TaskOfTest) => Promise<TaskResult>;

/** Runs a workflow's stages in order, handing the outputs on; ends after the stage `last` when it is given. */
export async function runWorkflow(
  run: RunTask,
  workflow: keyof typeof bundledStages,
  workspace: string,
  inputs: Record<string, unknown>,
  last?: string,
): Promise<WorkflowOutputs> {
  const outputs: WorkflowOutputs = {};
  for (const [stage, type] of Object.entries(bundledStages[workflow])) {
    const result = await run(type, workspace, { workflow, stage, inputs, outputs });
    outputs[stage] = result.outputs ?? {};
    if (stage === last) {
      break;
    }
  }
  return outputs;
}
