import type { ASTNode, ParseResult } from '@marcbachmann/cel-js';
import { TypeError as CelTypeError, Environment, EvaluationError, ParseError } from '@marcbachmann/cel-js';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';

/** Longest source of one expression, in UTF-16 code units. */
const maxExpressionLength = 2_000;

/** What is wrong with an expression, and where: an offset into its source in UTF-16 code units. */
export interface ExpressionFault {
  readonly message: string;
  readonly offset: number;
}

/** Macros that run their body once for each item. */
const loops = ['all', 'exists', 'exists_one', 'filter', 'map'];

/**
 * The functions an expression may call. Regular expressions are left out, because one can take for ever; so are
 * `cel.bind`, with which a short expression doubles a value again and again, and everything about time and bytes.
 */
const functions = [
  ...loops,
  ...['has', 'size', 'string', 'int', 'double', 'bool', 'dyn', 'contains', 'startsWith', 'endsWith', 'lowerAscii'],
  ...['upperAscii', 'trim', 'indexOf', 'lastIndexOf', 'substring', 'split', 'join'],
];

const environment = new Environment({
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 400, maxDepth: 40, maxListElements: 200, maxMapEntries: 200 },
})
  .registerVariable('inputs', 'map<string, dyn>')
  .registerVariable('stages', 'map<string, dyn>')
  .registerVariable('run', 'map<string, string>');

/** Reads and type-checks an expression; nothing is evaluated. */
export function parseExpression(source: string): Result<ParseResult, ExpressionFault> {
  if (source.length > maxExpressionLength) {
    return err({
      message: `The expression has ${source.length} characters; at most ${maxExpressionLength} are allowed`,
      offset: maxExpressionLength,
    });
  }
  if (source.trim() === '') {
    return err({ message: 'The expression is empty', offset: 0 });
  }
  try {
    const parsed = environment.parse(source);
    const refused = findRefusedCall(parsed.ast);
    if (refused !== null) {
      return err(refused);
    }
    const { error } = parsed.check();
    return error === undefined ? ok(parsed) : err(asFault(error));
  } catch (error) {
    return err(asFault(error));
  }
}

/** What the library threw, as a fault: its own sentence without the source picture that it adds for terminals. */
export function asFault(error: unknown): ExpressionFault {
  if (error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError) {
    return { message: explain(error.code, error.summary), offset: error.range?.start ?? 0 };
  }
  // Texts that grow too long and values that are nested too deep end in errors of the JavaScript engine.
  return { message: `It takes too much: ${String(error)}`, offset: 0 };
}

function explain(code: string, summary: string): string {
  if (code === 'unknown_variable') {
    return `${summary}; an expression may use inputs, stages and run`;
  }
  return summary.replace('Unexpected token: EOF', 'The expression ends too early');
}

function findRefusedCall(ast: ASTNode): ExpressionFault | null {
  for (const node of nodesOf(ast)) {
    if ((node.op === 'call' || node.op === 'rcall') && !functions.includes(node.args[0])) {
      const message = `Unknown function: ${node.args[0]}; known are ${functions.toSorted().join(', ')}`;
      return { message, offset: node.pos };
    }
  }
  return null;
}

/** A node and everything below it, parents first. */
export function nodesOf(ast: ASTNode): readonly ASTNode[] {
  const nodes = [ast];
  for (let index = 0; index < nodes.length; index += 1) {
    nodes.push(...childrenOf((nodes[index] as ASTNode).args));
  }
  return nodes;
}

/** The nodes among a node's operands, which hold names and literals too. */
function childrenOf(operand: unknown): readonly ASTNode[] {
  if (Array.isArray(operand)) {
    return operand.flatMap(childrenOf);
  }
  return isNode(operand) ? [operand] : [];
}

function isNode(operand: unknown): operand is ASTNode {
  return typeof operand === 'object' && operand !== null && 'op' in operand;
}

/** The longest list (or map) and the longest text an expression can reach. */
export interface ScopeSize {
  readonly longestList: number;
  readonly longestText: number;
}

/**
 * An upper bound of what an expression costs, in node evaluations: loops multiply what is inside them by the longest
 * list there can be, and texts cost by their length. 0 for an expression without a loop, which is always cheap.
 */
export function estimateCost(ast: ASTNode, size: ScopeSize): number {
  const depth = loopDepth(ast);
  if (depth === 0) {
    return 0;
  }
  const nodes = nodesOf(ast);
  const uses = (...names: readonly string[]) =>
    nodes.some(({ op, args }) => names.includes(op) || (op === 'rcall' && names.includes(args[0])));
  const sums = nodes.filter(({ op }) => op === '+').length + 1;
  const split = uses('split') ? size.longestText : 0;
  const length = sums * (size.longestList + split + nodes.length);
  // Lists of lists, which only `map` makes, are compared item by item.
  const exponent = depth + (uses('map') && uses('==', '!=', 'in') ? 1 : 0);
  return nodes.length * length ** exponent * (1 + (sums * size.longestText) / 1_000);
}

function loopDepth(node: ASTNode): number {
  const inner = childrenOf(node.args).reduce((deepest, child) => Math.max(deepest, loopDepth(child)), 0);
  return node.op === 'rcall' && loops.includes(node.args[0]) ? inner + 1 : inner;
}
