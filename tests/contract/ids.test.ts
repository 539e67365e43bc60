import { describe, expect, test } from 'vitest';
import {
  agentIdSchema,
  approvalIdSchema,
  attemptIdSchema,
  nameSchema,
  permissionIdSchema,
  permissionRuleIdSchema,
  runIdSchema,
  taskIdSchema,
  traceIdSchema,
  workflowHashSchema,
} from '../../src-main/contract/ids.ts';

const ulid = '01jd3v7k8m9npqrstvwxyz0123';

describe.each([
  ['run', runIdSchema],
  ['task', taskIdSchema],
  ['attempt', attemptIdSchema],
  ['approval', approvalIdSchema],
  ['permission', permissionIdSchema],
  ['rule', permissionRuleIdSchema],
] as const)('the id of a %s', (prefix, schema) => {
  test('is its prefix and 26 characters of Crockford base 32', () => {
    expect(schema.parse(`${prefix}_${ulid}`)).toBe(`${prefix}_${ulid}`);
  });

  test.each([
    ['nothing', ''],
    ['another prefix', `other_${ulid}`],
    ['no prefix', ulid],
    ['a character too few', `${prefix}_${ulid.slice(1)}`],
    ['a character too many', `${prefix}_${ulid}0`],
    ['a letter that looks like a digit', `${prefix}_${ulid.slice(1)}l`],
    ['capital letters', `${prefix}_${ulid.toUpperCase()}`],
    ['a line behind it', `${prefix}_${ulid}\n`],
    ['a path', `${prefix}_../../../../../../etc/passwd`],
  ])('is refused as %s, and the error shows its form', (_what, value) => {
    expect(schema.safeParse(value).error?.issues[0]?.message).toBe(
      `must look like ${prefix}_ followed by 26 characters`,
    );
  });
});

describe.each([
  ['a name', nameSchema],
  ['the id of an agent', agentIdSchema],
] as const)('%s', (_what, schema) => {
  test.each(['a', 'build', 'e2e_testing', 'claude-code', 'x1-y2_z3', 'constructor', 'a'.repeat(64)])(
    'may be %s',
    (name) => {
      expect(schema.parse(name)).toBe(name);
    },
  );

  test.each([
    ['', 'nothing'],
    ['Build', 'a capital letter'],
    ['1st', 'a digit first'],
    ['-a', 'a separator first'],
    ['a-', 'a separator last'],
    ['a--b', 'two separators'],
    ['a b', 'a space'],
    ['ä', 'another letter'],
    ['a/../b', 'a path'],
    ['__proto__', 'a part of JavaScript'],
    ['a\n', 'a line behind it'],
    ['a'.repeat(65), '65 characters'],
  ])('may not be %j: %s', (name) => {
    expect(schema.safeParse(name).error?.issues[0]?.message).toBe(
      'must be lower-case letters, digits, "-" or "_", start with a letter, and have at most 64 characters',
    );
  });
});

test.each([
  ['a hash', workflowHashSchema, '0123456789abcdef'.repeat(4), true],
  ['a short hash', workflowHashSchema, 'abc', false],
  ['a hash in capitals', workflowHashSchema, 'A'.repeat(64), false],
  ['a trace id', traceIdSchema, '4bf92f3577b34da6a3ce929d0e0e4736', true],
  ['the trace id of no trace', traceIdSchema, '0'.repeat(32), false],
  ['a short trace id', traceIdSchema, '1'.repeat(31), false],
] as const)('%s is valid: %#', (_what, schema, value, valid) => {
  expect(schema.safeParse(value).success).toBe(valid);
});
