import type { TaskFacts } from '../builtin/task-facts.ts';

const SHOWN_VARIABLES = /^(SIGNALBOX_|TRACEPARENT$|TMPDIR$)/;

/**
 * What the agent was given, as outputs: whoever tests an engine compares it with what was sent.
 * `environment` holds only the variables that the engine sets, never the rest of a person's environment.
 */
export function echoOutputs(task: TaskFacts, workspace: string): Record<string, unknown> {
  const { inputs, outputs, config, taskId, attemptId, attemptNumber, workflow, stage, traceparent } = task;
  const environment = Object.entries(process.env).filter(([name]) => SHOWN_VARIABLES.test(name));
  return {
    inputs,
    outputs,
    config,
    taskId,
    attemptId,
    attemptNumber,
    workflow,
    stage,
    traceparent,
    workspace,
    pid: process.pid,
    environment: Object.fromEntries(environment),
  };
}
