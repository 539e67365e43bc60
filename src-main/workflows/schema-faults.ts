import type { z } from 'zod';
import { nearestName } from '../core/nearest-name.ts';
import type { Fault, Path } from './fault.ts';
import { collectFaults, errorAt, nameOf, remedyFor } from './fault.ts';

type Issue = z.core.$ZodIssue;

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  record: 'a map',
  object: 'a map',
};

/** Everything wrong with the shape of a value: all of it, in sentences, each at its path. */
export function findSchemaFaults(schema: z.ZodType, value: unknown, at: Path = []): readonly Fault[] {
  const parsed = schema.safeParse(value, { error: sentenceFor });
  return parsed.success ? [] : collectFaults(parsed.error.issues, (issue) => toFaults(issue, at));
}

/** The end of a sentence that starts with the name of the value. The schema's own sentences come before these. */
function sentenceFor(issue: z.core.$ZodRawIssue): string | undefined {
  const found = describe(issue.input);
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${kinds[issue.expected] ?? issue.expected}, but ${found}`;
    case 'invalid_value':
      return issue.input === undefined ? 'is missing' : oneOf(issue.values.map(String), issue.input);
    case 'too_small':
      return `must ${bound('at least', issue.minimum, issue.origin)}`;
    case 'too_big':
      return `must ${bound('at most', issue.maximum, issue.origin)}`;
    case 'invalid_union':
      return issue.input === undefined ? 'is missing' : `has a value that cannot be used here: it ${found}`;
    default:
      return undefined;
  }
}

function describe(value: unknown): string {
  if (value === null || value === undefined) {
    return 'has no value';
  }
  if (typeof value === 'object') {
    return Array.isArray(value) ? 'is a list' : 'is a map';
  }
  return typeof value === 'string' ? `is the text ${JSON.stringify(shorten(value))}` : `is ${String(value)}`;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function oneOf(values: readonly string[], input: unknown): string {
  const nearest = typeof input === 'string' ? nearestName(input, values) : null;
  return `must be one of ${values.join(', ')}, but ${describe(input)}${nearest === null ? '' : `; did you mean "${nearest}"?`}`;
}

function bound(words: string, limit: number | bigint, origin: string): string {
  const units: Readonly<Record<string, string>> = { string: 'characters', array: 'items', record: 'entries' };
  const unit = units[origin];
  if (unit !== undefined && words === 'at least' && limit === 1) {
    return 'not be empty';
  }
  return unit === undefined ? `be ${words} ${limit}` : `have ${words} ${limit} ${unit}`;
}

function toFaults(issue: Issue, above: Path): readonly Fault[] {
  const path = [...above, ...issue.path.filter((step) => typeof step !== 'symbol')];
  switch (issue.code) {
    case 'unrecognized_keys':
      return collectFaults(issue.keys, (key) => [unknownKey([...path, key], key, issue.message.split(' '))]);
    case 'invalid_key':
      return [errorAt(path, `${nameOf(path)} ${issue.issues[0]?.message}`, { atKey: true })];
    case 'invalid_union': {
      const branch = nearestBranch(issue.errors);
      return branch === null
        ? [errorAt(path, `${nameOf(path)} ${issue.message}`)]
        : branch.flatMap((inner) => toFaults(inner, path));
    }
    default:
      return [errorAt(path, `${nameOf(path)} ${issue.message}`)];
  }
}

function unknownKey(path: Path, key: string, known: readonly string[]): Fault {
  const message = `Unknown key "${key}"; ${remedyFor(key, 'known', known)}`;
  return errorAt(path, message, { atKey: true });
}

/**
 * The alternative that was most likely meant: one whose kind of value is right, with the fewest faults, where an
 * unknown key counts most. Null when the value is of no kind that any alternative takes.
 */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  let nearest: readonly Issue[] | null = null;
  for (const branch of branches) {
    if (!branch.some(isOtherKind) && (nearest === null || weight(branch) < weight(nearest))) {
      nearest = branch;
    }
  }
  return nearest;
}

function isOtherKind({ code, path, message, ...issue }: Issue): boolean {
  const isWholeNumber = 'expected' in issue && issue.expected === 'int';
  return code === 'invalid_type' && path.length === 0 && !isWholeNumber && !isOwnSentence(message);
}

/** Durations say what is wrong with a number too, which is better than to say that a map would do. */
function isOwnSentence(message: string): boolean {
  return message.startsWith('must have a unit') || message.startsWith('must not be negative');
}

function weight(branch: readonly Issue[]): number {
  return branch.reduce((sum, issue) => sum + weightOf(issue), 0);
}

function weightOf(issue: Issue): number {
  if (issue.code === 'unrecognized_keys') {
    return 3 * issue.keys.length;
  }
  // A list of words is what was meant only when no other alternative takes this kind of value.
  return issue.code === 'invalid_value' && issue.path.length === 0 ? 1_000 : 1;
}
