import type { ExpressionReference } from '../core/expression-references.ts';
import { findReferences } from '../core/expression-references.ts';
import { scanTemplates } from '../core/expression-templates.ts';
import { checkExpression } from '../core/expressions.ts';
import { ancestorsOf } from '../core/stage-graph.ts';
import type { Fault, Path } from './fault.ts';
import { collectFaults, errorAt, remedyFor } from './fault.ts';
import type { StageView, WorkflowView } from './workflow-view.ts';
import { asList, asMap } from './workflow-view.ts';

/** What the expressions of one stage may refer to. */
interface Scope {
  readonly stage: StageView;
  readonly inputs: readonly string[];
  readonly stages: readonly string[];
  readonly ancestors: readonly string[];
}

/** Every condition and template of every stage: syntax, types, and whether what it refers to is there by then. */
export function checkExpressions(view: WorkflowView): readonly Fault[] {
  const nodes = view.stages.map(({ name, needs }) => ({ name: name ?? '', needs }));
  const inputs = Object.keys(view.inputs);
  const stages = nodes.map(({ name }) => name).filter((name) => name !== '');
  return collectFaults(view.stages, (stage) => {
    const scope = { stage, inputs, stages, ancestors: ancestorsOf(nodes, stage.name ?? '') };
    return [
      ...checkCondition(scope),
      ...collectFaults(templatesOf(stage), ([path, text]) => checkTemplates(path, text, scope)),
    ];
  });
}

/** The texts of a stage that may hold templates, with their paths. */
function templatesOf({ path, raw }: StageView): readonly (readonly [Path, string])[] {
  const question = typeof raw.approval === 'string' ? {} : { question: asMap(raw.approval).question };
  return [
    ...textsIn([...path, 'prompt'], raw.prompt),
    ...textsIn([...path, 'with'], raw.with),
    ...textsIn([...path, 'run'], asList(raw.run)),
    ...textsIn([...path, 'env'], asMap(raw.env)),
    ...textsIn([...path, 'folder'], raw.folder),
    ...textsIn([...path, 'approval'], typeof raw.approval === 'string' ? raw.approval : question),
  ];
}

function textsIn(path: Path, value: unknown): readonly (readonly [Path, string])[] {
  if (typeof value === 'string') {
    return [[path, value]];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => textsIn([...path, index], item));
  }
  return Object.entries(asMap(value)).flatMap(([key, item]) => textsIn([...path, key], item));
}

/** A condition is an expression already; one that was written as a template is taken as what is inside. */
export function conditionOf(written: string): { readonly source: string; readonly offset: number } {
  const [template] = scanTemplates(written).templates;
  return template !== undefined && template.start === 0 && template.end === written.trimEnd().length
    ? { source: template.expression, offset: template.offset }
    : { source: written, offset: 0 };
}

function checkCondition(scope: Scope): readonly Fault[] {
  const { path, raw } = scope.stage;
  if (typeof raw.when !== 'string') {
    return [];
  }
  const { source, offset } = conditionOf(raw.when);
  return checkSource([...path, 'when'], source, offset, scope, 'condition');
}

function checkTemplates(path: Path, text: string, scope: Scope): readonly Fault[] {
  const { templates, unclosedAt } = scanTemplates(text);
  const faults = collectFaults(templates, ({ expression, offset }) =>
    checkSource(path, expression, offset, scope, 'value'),
  );
  return unclosedAt === null
    ? faults
    : [...faults, errorAt(path, `This "\${{" has no closing "}}"`, { offset: unclosedAt })];
}

function checkSource(
  path: Path,
  source: string,
  start: number,
  scope: Scope,
  use: 'value' | 'condition',
): readonly Fault[] {
  const hyphenated = findHyphenated(source, scope);
  if (hyphenated !== null) {
    return [errorAt(path, hyphenated.message, { offset: start + hyphenated.offset })];
  }
  const fault = checkExpression(source, use);
  if (fault !== null) {
    return [
      errorAt(path, `The expression "${shorten(source.trim())}" is not valid: ${fault.message}`, {
        offset: start + fault.offset,
      }),
    ];
  }
  return findReferences(source).flatMap((reference) => {
    const message = checkReference(reference, scope);
    return message === null ? [] : [errorAt(path, message, { offset: start + reference.offset })];
  });
}

/** `stages.e2e-tests` is a subtraction to CEL, and what it then complains about helps nobody. */
function findHyphenated(source: string, { inputs, stages }: Scope): { message: string; offset: number } | null {
  for (const [root, names] of [['inputs', inputs] as const, ['stages', stages] as const]) {
    const name = names.find((candidate) => candidate.includes('-') && source.includes(`${root}.${candidate}`));
    if (name !== undefined) {
      const message = `A name with a hyphen has to be quoted: write ${root}["${name}"]`;
      return { message, offset: source.indexOf(`${root}.${name}`) };
    }
  }
  return null;
}

function shorten(source: string): string {
  return source.length > 100 ? `${source.slice(0, 100)}…` : source;
}

function checkReference({ root, name }: ExpressionReference, scope: Scope): string | null {
  switch (root) {
    case 'inputs':
      return scope.inputs.includes(name) ? null : unknown('input', name, scope.inputs);
    case 'run':
      return name === 'id' || name === 'folder' ? null : `A run has no "${name}"; known are id and folder`;
    case 'stages':
      return checkStageReference(name, scope);
  }
}

function checkStageReference(name: string, { stage, stages, ancestors }: Scope): string | null {
  if (ancestors.includes(name)) {
    return null;
  }
  if (name === stage.name) {
    return `The stage "${name}" cannot use its own outputs; they are there only once it has ended`;
  }
  if (stages.includes(name)) {
    return `The stage "${name}" does not have to end before "${stage.name ?? ''}"; add it to the needs of "${stage.name ?? ''}"`;
  }
  return unknown('stage', name, stages);
}

function unknown(what: 'input' | 'stage', name: string, known: readonly string[]): string {
  const remedy = known.length === 0 ? `the workflow has no ${what}s` : remedyFor(name, `${what}s`, known);
  return `There is no ${what} "${name}"; ${remedy}`;
}
