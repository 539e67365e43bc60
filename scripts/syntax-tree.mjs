/** Reading TypeScript as a tree, with the parser that Vite brings along. */
import { parseSync } from 'vite';

/**
 * A node of the tree, in ESTree's shape.
 *
 * @typedef {{ type: string, start: number, end: number } & Record<string, unknown>} SyntaxNode
 */

/**
 * @param {string} path used for its extension and in the error
 * @param {string} source
 */
export function parseSource(path, source) {
  const result = parseSync(path, source);
  const [problem] = result.errors;
  if (problem !== undefined) {
    throw new Error(`${path} does not parse: ${problem.message}`);
  }
  return result;
}

/**
 * Calls `visit` for every node, parents first.
 *
 * @param {unknown} value
 * @param {(node: SyntaxNode, parent: SyntaxNode | null) => void} visit
 * @param {SyntaxNode | null} [parent]
 */
export function walk(value, visit, parent = null) {
  if (Array.isArray(value)) {
    for (const item of value) {
      walk(item, visit, parent);
    }
    return;
  }
  if (!isNode(value)) {
    return;
  }
  visit(value, parent);
  for (const child of Object.values(value)) {
    walk(child, visit, value);
  }
}

/**
 * @param {unknown} value
 * @returns {value is SyntaxNode}
 */
export function isNode(value) {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/**
 * The line, counted from 1, of a position in the source.
 *
 * @param {string} source
 * @param {number} offset
 */
export function lineAt(source, offset) {
  return source.slice(0, offset).split('\n').length;
}
