import type { Document, Node, Range } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Problem } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { err, ok } from '../contract/result.ts';
import type { Fault, Path } from './fault.ts';

/** Largest workflow file, in bytes. */
export const maxFileBytes = 1_000_000;
/** How often the aliases of a file may repeat what an anchor holds, aliases inside of it included. */
const maxAliasCount = 1_000;
/** Largest content once aliases are expanded, in UTF-16 code units of its JSON. */
const maxExpandedLength = 4_000_000;
/** Deepest nesting of lists and maps. */
const maxDepth = 64;

/** A YAML file that was read: its content as plain values, and where each of them stands. */
export interface YamlFile {
  readonly content: unknown;
  readonly warnings: readonly Problem[];
  /** Line and column of a fault, from 1: of its path, or of the nearest thing above it that exists. */
  locate(fault: Pick<Fault, 'path' | 'offset' | 'atKey'>): { readonly line: number; readonly column: number };
}

/** Reads the text of a YAML file. Never throws; the problems are all syntax errors, or the first limit exceeded. */
export function readYaml(text: string): Result<YamlFile, readonly Problem[]> {
  if (Buffer.byteLength(text) > maxFileBytes) {
    return refuseFile(`The file is larger than ${maxFileBytes / 1_000} kB; move long texts into files of their own`);
  }
  const lines = new LineCounter();
  const read = attempt(() =>
    parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true, logLevel: 'error' }),
  );
  if (!read.ok) {
    return refuseFile('The file is nested too deep');
  }
  const document = read.value;
  const toProblem = (severity: Problem['severity']) => (error: { message: string; pos: [number, number] }) => ({
    severity,
    message: explain(error.message),
    ...position(lines, error.pos[0]),
    path: '',
  });
  if (document.errors.length > 0) {
    return err(withoutRepeats(document.errors.map(toProblem('error'))));
  }
  const content = attempt(() => document.toJS({ maxAliasCount }) as unknown);
  if (!content.ok) {
    return err([aliasProblem(document, content.error, lines)]);
  }
  const limit = findLimit(content.value);
  if (limit !== null) {
    return refuseFile(limit);
  }
  const locate: YamlFile['locate'] = (fault) =>
    position(
      lines,
      offsetOf(
        fault,
        text,
        findNode(fault.path, document.contents, (alias) => alias.resolve(document)),
      ),
    );
  return ok({ content: content.value, warnings: document.warnings.map(toProblem('warning')), locate });
}

/** The parser says the same once for every bracket that is left open. */
function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function refuseFile(message: string): Result<never, readonly Problem[]> {
  return err([{ severity: 'error', message, line: 1, column: 1, path: '' }]);
}

/** The parser recurses, so that hostile input can end it with an error of any kind. */
function attempt<T>(read: () => T): Result<T, string> {
  try {
    return ok(read());
  } catch (error) {
    return err(String(error));
  }
}

/** Why the aliases of a document could not be followed, from what the library threw. */
function aliasProblem(document: Document.Parsed, thrown: string, lines: LineCounter): Problem {
  const [, missing] = /Unresolved alias .*: (.*)$/.exec(thrown) ?? [];
  let offset = 0;
  visit(document, {
    Alias: (_key, alias) => {
      offset = alias.source === missing ? (alias.range?.[0] ?? 0) : offset;
      return offset === 0 ? undefined : visit.BREAK;
    },
  });
  const message =
    missing === undefined
      ? 'The aliases of the file repeat too much; write what they stand for out in full'
      : `There is no anchor "${missing}" before this alias; write &${missing} in front of what it stands for`;
  return { severity: 'error', message, ...position(lines, offset), path: '' };
}

/** Why the content cannot be worked with, null when it can. A value may contain itself, by an alias. */
function findLimit(content: unknown): string | null {
  const waiting = [{ value: content, depth: 1 }];
  let length = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    length += typeof value === 'string' ? value.length : 8;
    if (depth > maxDepth) {
      return `The file is nested more than ${maxDepth} levels deep`;
    }
    if (length > maxExpandedLength) {
      return 'The file is too large once its aliases are written out';
    }
    if (typeof value === 'object' && value !== null) {
      for (const item of Object.values(value)) {
        waiting.push({ value: item, depth: depth + 1 });
      }
    }
  }
  return null;
}

/** The parser's own sentences, with the remedy where it has none. */
function explain(message: string): string {
  if (message.startsWith('Source contains multiple documents')) {
    return 'The file holds more than one document; write each workflow into a file of its own';
  }
  return /tab/i.test(message) && /indent/i.test(message) ? `${message}: replace each tab by spaces` : message;
}

function position(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

interface Found {
  readonly node: Node | null;
  readonly key: Node | null;
  /** Whether the whole path exists, and not only the beginning of it. */
  readonly complete: boolean;
}

function findNode(path: Path, top: Node | null, resolve: (alias: Alias) => Node | undefined): Found {
  let found: Found = { node: top, key: null, complete: true };
  for (const step of path) {
    const owner = isAlias(found.node) ? (resolve(found.node) ?? null) : found.node;
    const next = childOf(owner, step);
    if (next === null) {
      return { ...found, complete: false };
    }
    found = { ...next, complete: true };
  }
  return found;
}

type Alias = Extract<Node, { source: string; resolve: unknown }>;

function childOf(owner: Node | null, step: string | number): Pick<Found, 'node' | 'key'> | null {
  if (isMap(owner)) {
    const pair = owner.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
    return pair === undefined ? null : { node: pair.value as Node | null, key: pair.key as Node };
  }
  const item = isSeq(owner) && typeof step === 'number' ? owner.items[step] : undefined;
  return item === undefined ? null : { node: item as Node, key: null };
}

function offsetOf(fault: Pick<Fault, 'offset' | 'atKey'>, text: string, found: Found): number {
  const { node, key, complete } = found;
  const atKey = key !== null && (fault.atKey === true || !complete || isEmpty(node));
  const range: Range | null | undefined = atKey ? key.range : node?.range;
  const start = range?.[0] ?? 0;
  return !atKey && complete && isScalar(node) && typeof node.value === 'string' && fault.offset !== undefined
    ? offsetInScalar(node.value, text.slice(start, range?.[1]), fault.offset) + start
    : start;
}

function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/**
 * Where an offset of a scalar's value stands in its source. The line of the value is looked for in the source, which
 * also finds it behind a quote or an indentation; a line that was folded or has escapes is not there: then the start.
 */
function offsetInScalar(value: string, source: string, offset: number): number {
  const lineStart = value.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = value.indexOf('\n', lineStart);
  const line = value.slice(lineStart, lineEnd === -1 ? undefined : lineEnd);
  const indent = line.length - line.trimStart().length;
  const needle = line.trim();
  let at = source.indexOf(needle);
  for (let seen = value.indexOf(needle); at !== -1 && seen < lineStart; seen = value.indexOf(needle, seen + 1)) {
    at = source.indexOf(needle, at + 1);
  }
  return needle === '' || at === -1 ? 0 : at + Math.max(0, offset - lineStart - indent);
}
