import { expect } from 'vitest';
import type { StageSpec, WorkflowDefinition } from '../../src-main/contract/workflow.ts';
import { parseWorkflow } from '../../src-main/workflows/parse-workflow.ts';

/** A sound file with these lines as the body of its only stage, which starts in line 4. */
export const stage = (...lines: readonly string[]) =>
  ['name: w', 'stages:', '  - name: a', ...lines.map((line) => `    ${line}`)].join('\n');
/** The same for a stage that an agent does. */
export const agentStage = (...lines: readonly string[]) => stage('agent: claude', 'prompt: Do it', ...lines);

/** What was found, as an editor would list it. */
export function problemsOf(text: string, agentTypes: readonly string[] | null = null): readonly string[] {
  const { problems, definition } = parseWorkflow(text, agentTypes);
  expect(definition === null).toBe(problems.some(({ severity }) => severity === 'error'));
  return problems.map(({ severity, line, column, path, message }) => {
    const kind = severity === 'error' ? '' : 'warning: ';
    return `${line}:${column} ${path === '' ? '-' : path}: ${kind}${message}`;
  });
}

/** The definition of a file without problems. */
export function definitionOf(text: string): WorkflowDefinition {
  const { definition, problems } = parseWorkflow(text);
  expect(problems).toEqual([]);
  return definition as WorkflowDefinition;
}

/** The first stage of a file without problems. */
export function stageOf(text: string): StageSpec {
  return definitionOf(text).stages[0] as StageSpec;
}
