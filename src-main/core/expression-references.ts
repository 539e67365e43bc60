import type { ASTNode } from '@marcbachmann/cel-js';
import { nodesOf, parseExpression } from './expression-language.ts';

const roots = ['inputs', 'stages', 'run'] as const;

/** A name that an expression takes from its scope: `inputs.name`, `stages["e2e-testing"]`, `run.id`. */
export interface ExpressionReference {
  readonly root: (typeof roots)[number];
  readonly name: string;
  /** Where the name is written, in UTF-16 code units from the start of the expression. */
  readonly offset: number;
}

/**
 * What an expression refers to, in the order of writing; empty for an expression that is not valid. A name that is
 * itself computed (`inputs[run.id]`) cannot be known beforehand, and is left out.
 */
export function findReferences(source: string): readonly ExpressionReference[] {
  const parsed = parseExpression(source);
  if (!parsed.ok) {
    return [];
  }
  return nodesOf(parsed.value.ast)
    .flatMap((node) => asReference(node) ?? [])
    .toSorted((a, b) => a.offset - b.offset);
}

function asReference(node: ASTNode): ExpressionReference | null {
  if (node.op === '.') {
    const [owner, name] = node.args;
    return withRoot(owner, name, node.pos);
  }
  if (node.op === '[]') {
    const [owner, index] = node.args;
    return index.op === 'value' && typeof index.args === 'string' ? withRoot(owner, index.args, index.pos) : null;
  }
  return null;
}

function withRoot(owner: ASTNode, name: string, offset: number): ExpressionReference | null {
  const root = roots.find((candidate) => owner.op === 'id' && owner.args === candidate);
  return root === undefined ? null : { root, name, offset };
}
