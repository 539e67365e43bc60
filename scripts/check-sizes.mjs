/**
 * Fails when a file or a function is longer than its limit. What has to be longer for now is listed in
 * size-exemptions.json, as `path` or `path#function`; the list only shrinks: an entry that is no longer needed fails.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { listSourceFiles, root } from './source-files.mjs';
import { isNode, lineAt, parseSource, walk } from './syntax-tree.mjs';

const MAX_FILE_LINES = 500;
const MAX_FUNCTION_LINES = 80;
const FUNCTIONS = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];
const SUITE_CALLS = ['describe', 'test', 'it'];

/**
 * What is too long in a file: the name for the exemption list and the sentence to print.
 *
 * @param {string} path
 * @param {string} source
 * @returns {{ name: string, message: string }[]}
 */
export function findOversized(path, source) {
  const lines = source.trimEnd().split('\n').length;
  const oversized =
    lines > MAX_FILE_LINES ? [{ name: path, message: `${path}: ${lines} lines, at most ${MAX_FILE_LINES}` }] : [];
  walk(parseSource(path, source).program, (node, parent) => {
    if (!FUNCTIONS.includes(node.type) || holdsTests(node)) {
      return;
    }
    const first = lineAt(source, node.start);
    const length = lineAt(source, node.end) - first + 1;
    if (length > MAX_FUNCTION_LINES) {
      const name = nameOf(node, parent);
      oversized.push({
        name: `${path}#${name}`,
        message: `${path}:${first}: ${name} has ${length} lines, at most ${MAX_FUNCTION_LINES}`,
      });
    }
  });
  return oversized;
}

/**
 * Whether a function only groups tests, as the callback of `describe` does; each test in it is measured by itself.
 *
 * @param {import('./syntax-tree.mjs').SyntaxNode} node
 */
function holdsTests(node) {
  const statements = isNode(node.body) && Array.isArray(node.body.body) ? node.body.body : [];
  return statements.some((statement) => SUITE_CALLS.includes(calledName(statement.expression)));
}

/**
 * The first name of a call, `describe` for `describe.each(rows)(title, body)`; empty for anything else.
 *
 * @param {unknown} node
 * @returns {string}
 */
function calledName(node) {
  if (!isNode(node)) {
    return '';
  }
  return typeof node.name === 'string' ? node.name : calledName(node.callee ?? node.object);
}

/**
 * @param {import('./syntax-tree.mjs').SyntaxNode} node
 * @param {import('./syntax-tree.mjs').SyntaxNode | null} parent
 */
function nameOf(node, parent) {
  const named = [node.id, parent?.id, parent?.key].find((part) => isNode(part) && typeof part.name === 'string');
  return isNode(named) ? String(named.name) : 'a function without a name';
}

function main() {
  const file = 'scripts/size-exemptions.json';
  /** @type {string[]} */
  const exemptions = JSON.parse(readFileSync(join(root, file), 'utf8'));
  const oversized = listSourceFiles(['bin', 'scripts', 'src-main', 'src-preload', 'src-renderer', 'tests']).flatMap(
    (path) => findOversized(path, readFileSync(join(root, path), 'utf8')),
  );
  const problems = [
    ...oversized.filter(({ name }) => !exemptions.includes(name)).map(({ message }) => message),
    ...exemptions
      .filter((exemption) => !oversized.some(({ name }) => name === exemption))
      .map((exemption) => `${file}: ${exemption} is no longer too long; remove the entry`),
  ];
  for (const problem of problems) {
    console.error(problem);
  }
  process.exitCode = problems.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main();
}
