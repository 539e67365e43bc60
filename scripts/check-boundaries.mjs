/** Fails when a file imports what its room may not, or when a pure room asks for the time or for chance. */
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RESERVED, ROOMS } from './rooms.mjs';
import { listSourceFiles, root } from './source-files.mjs';
import { isNode, lineAt, parseSource, walk } from './syntax-tree.mjs';

/** Ways to get the time or a random number without being given one. */
const IMPURE_MEMBERS = ['Date.now', 'Math.random', 'performance.now', 'crypto.randomUUID'];

/**
 * One sentence per violation, with file and line; empty when the file keeps to its room.
 *
 * @param {string} path path of the repository, with forward slashes
 * @param {string} source
 * @returns {string[]}
 */
export function findViolations(path, source) {
  const room = ROOMS.find(({ files }) => matches(files, path));
  if (room === undefined) {
    return [`${path}: belongs to no room; place its folder in scripts/rooms.mjs`];
  }
  const { program } = parseSource(path, source);
  /** @type {string[]} */
  const violations = [];
  walk(program, (node) => {
    const at = () => `${path}:${lineAt(source, node.start)}`;
    const specifier = importedBy(node);
    if (specifier === null) {
      violations.push(`${at()}: imports a computed name, which no rule can check`);
    } else if (specifier !== undefined && !isAllowed(room, path, specifier)) {
      violations.push(`${at()}: ${room.name} may not import ${specifier}`);
    }
    const impurity = room.pure ? impurityOf(node) : undefined;
    if (impurity !== undefined) {
      violations.push(`${at()}: ${room.name} may not use ${impurity}; take it from a port or a parameter`);
    }
  });
  return violations;
}

/**
 * What a node imports: the name as written, null for a name computed at run time, undefined for any other node.
 *
 * @param {import('./syntax-tree.mjs').SyntaxNode} node
 * @returns {string | null | undefined}
 */
function importedBy(node) {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ImportExpression':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'TSImportType':
      return isNode(node.source) ? literal(node.source) : undefined;
    case 'CallExpression':
      return isNamed(node.callee, 'require') && Array.isArray(node.arguments) ? literal(node.arguments[0]) : undefined;
    default:
      return undefined;
  }
}

/** @param {unknown} node */
function literal(node) {
  return isNode(node) && node.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
}

/**
 * @param {unknown} node
 * @param {string} name
 */
function isNamed(node, name) {
  return isNode(node) && node.type === 'Identifier' && node.name === name;
}

/**
 * @param {import('./rooms.mjs').Room} room
 * @param {string} importer
 * @param {string} specifier
 */
function isAllowed(room, importer, specifier) {
  const target = resolveTarget(importer, specifier);
  const allowed = RESERVED.includes(target) ? room.mayImport.filter((entry) => entry !== 'node:') : room.mayImport;
  return matches([...room.files, ...allowed], target);
}

/**
 * @param {string} importer
 * @param {string} specifier
 */
function resolveTarget(importer, specifier) {
  if (specifier.startsWith('.')) {
    return posix.join(posix.dirname(importer), specifier);
  }
  return isBuiltin(specifier) && !specifier.startsWith('node:') ? `node:${specifier}` : specifier;
}

/**
 * Whether the target is one of the entries or lies below one.
 *
 * @param {string[]} entries
 * @param {string} target
 */
function matches(entries, target) {
  return entries.some((entry) => target === entry || target.startsWith(/[/:]$/.test(entry) ? entry : `${entry}/`));
}

/**
 * @param {import('./syntax-tree.mjs').SyntaxNode} node
 * @returns {string | undefined}
 */
function impurityOf(node) {
  if (node.type === 'MemberExpression' && isNode(node.object) && isNode(node.property)) {
    const member = `${node.object.name}.${node.property.name}`;
    return IMPURE_MEMBERS.includes(member) ? member : undefined;
  }
  const hasNoArguments = Array.isArray(node.arguments) && node.arguments.length === 0;
  if (node.type === 'NewExpression' && isNamed(node.callee, 'Date') && hasNoArguments) {
    return 'new Date()';
  }
  return node.type === 'CallExpression' && isNamed(node.callee, 'Date') ? 'Date()' : undefined;
}

function main() {
  const violations = listSourceFiles(['src-main', 'src-preload', 'src-renderer']).flatMap((path) =>
    findViolations(path, readFileSync(join(root, path), 'utf8')),
  );
  for (const violation of violations) {
    console.error(violation);
  }
  process.exitCode = violations.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main();
}
