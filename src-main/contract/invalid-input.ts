import type { z } from 'zod';
import type { ApiError } from './errors.ts';

/** One thing that is wrong with a value, in words. `field` is its dotted path, null for the value as a whole. */
export interface InvalidField {
  readonly path: readonly PropertyKey[];
  readonly field: string | null;
  /** Continues a sentence whose subject is the field: "must not be empty". */
  readonly complaint: string;
}

type Issue = z.core.$ZodIssue;

/** How many faults one error names; the rest are counted. */
const namedFaults = 3;

/** What is wrong with a value that did not fit its schema, fault by fault, in the order in which zod found them. */
export function invalidFields(error: z.ZodError): readonly InvalidField[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [invalidField(issue.path, complaintOf(issue))];
    return issue.keys.map((key) => invalidField([...issue.path, key], 'is not known'));
  });
}

/**
 * Turns what zod found into the one error that every interface shows.
 * @param subject what was not valid, as the sentence's beginning: "The input of startRun".
 */
export function invalidInput(subject: string, error: z.ZodError): ApiError {
  const faults = invalidFields(error);
  const named = faults.slice(0, namedFaults).map(({ field, complaint }) => `${field ?? 'it'} ${complaint}`);
  const more = faults.length - named.length;
  const first = faults[0]?.field ?? null;
  return {
    type: 'invalidInput',
    message: `${subject} is not valid: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
    remedy: first === null ? 'Correct it and try again.' : `Correct ${first} and try again.`,
    ...(first === null ? {} : { field: first }),
  };
}

function invalidField(path: readonly PropertyKey[], complaint: string): InvalidField {
  return { path, field: dottedPath(path), complaint };
}

/** A path as people write it: `tasks[0].retry.maxAttempts`; null for the value itself. */
function dottedPath(path: readonly PropertyKey[]): string | null {
  if (path.length === 0) return null;
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    // A field may be called "", which a sentence would not show.
    const name = part === '' ? '""' : String(part);
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

function complaintOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeComplaint(issue);
    case 'too_small':
    case 'too_big':
      return issue.message.startsWith('must ') ? issue.message : sizeComplaint(issue);
    case 'invalid_value':
      return `must be ${listChoices(issue.values)}`;
    case 'invalid_union':
      return unionComplaint(issue);
    case 'invalid_key':
      return `is not an allowed name: it ${issue.issues.map(({ message }) => message).join(', ')}`;
    default:
      return issue.message.startsWith('must ') ? issue.message : `has the wrong form (${issue.message})`;
  }
}

function typeComplaint(issue: z.core.$ZodIssueInvalidType): string {
  if (issue.message.endsWith('received undefined')) return 'is missing';
  if (issue.message.startsWith('must ')) return issue.message;
  return `must be ${typeWords[issue.expected] ?? issue.expected}`;
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

function sizeComplaint(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const least = issue.code === 'too_small';
  const limit = least ? issue.minimum : issue.maximum;
  const unit = sizeUnits[issue.origin];
  if (unit !== undefined && least && limit === 1) return 'must not be empty';
  if (unit !== undefined) return `must have at ${least ? 'least' : 'most'} ${limit} ${unit}`;
  if (issue.inclusive === false) return `must be ${least ? 'more' : 'less'} than ${limit}`;
  return `must be at ${least ? 'least' : 'most'} ${limit}`;
}

const sizeUnits: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' };

function unionComplaint(issue: z.core.$ZodIssueInvalidUnion): string {
  const { options } = issue as { options?: readonly z.core.util.Primitive[] };
  return options === undefined ? 'has none of the allowed forms' : `must be ${listChoices(options)}`;
}

function listChoices(values: readonly z.core.util.Primitive[]): string {
  const words = values.map((value) => (typeof value === 'string' ? value : String(value)));
  return words.length === 1 ? String(words[0]) : `one of ${words.join(', ')}`;
}
