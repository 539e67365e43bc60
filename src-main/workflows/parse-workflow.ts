import type { Problem } from '../contract/errors.ts';
import { nameSchema } from '../contract/ids.ts';
import type { WorkflowDefinition } from '../contract/workflow.ts';
import { workflowDefinitionSchema } from '../contract/workflow.ts';
import { checkExpressions } from './check-expressions.ts';
import { checkGraph } from './check-graph.ts';
import { checkInputs } from './check-inputs.ts';
import { checkStages } from './check-stages.ts';
import type { Fault, Path } from './fault.ts';
import { workflowFileSchema } from './file-schema.ts';
import { findSchemaFaults } from './schema-faults.ts';
import { toDefinition } from './to-definition.ts';
import type { WorkflowView } from './workflow-view.ts';
import { asMap, viewWorkflow } from './workflow-view.ts';
import type { YamlFile } from './yaml-file.ts';
import { readYaml } from './yaml-file.ts';

/** How many problems of one file are listed; a file with more is of another kind altogether. */
const maxProblems = 100;

/** What a workflow file's text is worth: its definition, null when there are errors, and everything found in it. */
export interface ParsedWorkflow {
  /** The name that the file gives itself, null when it has none that can be used; there also when there are errors. */
  readonly name: string | null;
  readonly definition: WorkflowDefinition | null;
  readonly problems: Problem[];
}

/**
 * Reads the text of a workflow file and fills in its defaults. Finds all problems and not only the first, each with
 * line, column and path, in the order of the file. Never throws, whatever the text is.
 *
 * @param agentTypes the agent types there are, to refuse others; null when that cannot be known
 */
export function parseWorkflow(text: string, agentTypes: readonly string[] | null = null): ParsedWorkflow {
  const read = readYaml(text);
  if (!read.ok) {
    return { name: null, definition: null, problems: inOrder(read.error) };
  }
  const file = read.value;
  if (file.content === null) {
    const message = 'The file is empty; a workflow needs at least a name and stages';
    return { name: null, definition: null, problems: [{ severity: 'error', message, line: 1, column: 1, path: '' }] };
  }
  const name = nameSchema.safeParse(asMap(file.content).name).data ?? null;
  const view = viewWorkflow(file.content);
  const faults = [
    ...findSchemaFaults(workflowFileSchema, file.content),
    ...checkInputs(view),
    ...checkStages(view, agentTypes),
    ...checkGraph(view),
    ...checkExpressions(view),
  ];
  const problems = [...file.warnings, ...faults.map((fault) => toProblem(fault, file, view))];
  if (problems.some(({ severity }) => severity === 'error')) {
    return { name, definition: null, problems: inOrder(problems) };
  }
  const draft = toDefinition(workflowFileSchema.parse(file.content));
  const definition = workflowDefinitionSchema.safeParse(draft);
  if (definition.success) {
    return { name, definition: definition.data, problems: inOrder(problems) };
  }
  // The contract knows limits of whole values, such as all arguments of a command together, that the file has not.
  const refused = findSchemaFaults(workflowDefinitionSchema, draft).map((fault) =>
    toProblem({ ...fault, path: toFilePath(fault.path, view) }, file, view),
  );
  return { name, definition: null, problems: inOrder([...problems, ...refused]) };
}

function inOrder(problems: readonly Problem[]): Problem[] {
  const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const last = sorted[maxProblems];
  return last === undefined
    ? sorted
    : [...sorted.slice(0, maxProblems), { ...last, message: 'There are more problems from here on', path: '' }];
}

function toProblem(fault: Fault, file: YamlFile, view: WorkflowView): Problem {
  const { severity, message } = fault;
  return { severity, message, ...file.locate(fault), path: showPath(fault.path, view) };
}

/** The dotted path, with the names of stages in place of their numbers. */
function showPath(path: Path, view: WorkflowView): string {
  const [top, index, ...rest] = path;
  const name = top === 'stages' && typeof index === 'number' ? view.stages[index]?.name : null;
  return (typeof name === 'string' ? [top, name, ...rest] : path).join('.');
}

/** A definition lists its stages, a file may have them by name. Further down the two are built differently. */
function toFilePath([top, index]: Path, view: WorkflowView): Path {
  const stage = top === 'stages' && typeof index === 'number' ? view.stages[index] : undefined;
  return stage?.path ?? [];
}
