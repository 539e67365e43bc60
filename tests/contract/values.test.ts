import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { agentDefinitionSchema, agentSchema } from '../../src-main/contract/agent.ts';
import { approvalSchema } from '../../src-main/contract/approval.ts';
import { apiErrorSchema } from '../../src-main/contract/error-schemas.ts';
import { refuse } from '../../src-main/contract/errors.ts';
import { invalidFields } from '../../src-main/contract/invalid-input.ts';
import { logLineSchema } from '../../src-main/contract/log.ts';
import { err, ok } from '../../src-main/contract/result.ts';
import { runSchema } from '../../src-main/contract/run.ts';
import { attemptSchema, taskSchema, taskWorkSchema } from '../../src-main/contract/task.ts';
import { durationMsSchema, jsonObjectSchema, jsonSchema, maxJsonLength } from '../../src-main/contract/values.ts';
import { agentSelectorSchema, maxCommandLength, workflowDefinitionSchema } from '../../src-main/contract/workflow.ts';
import { agentDefinition } from '../support/samples.ts';
import { arbitraryOf } from '../transport/schema-arbitrary.ts';

function faultsOf(schema: z.ZodType, value: unknown): readonly string[] {
  const { error } = schema.safeParse(value);
  return error === undefined ? [] : invalidFields(error).map(({ field, complaint }) => `${field ?? 'it'} ${complaint}`);
}

describe('R22 a value that went through JSON is what it was', () => {
  const through = (schema: z.ZodType, value: unknown) => schema.parse(JSON.parse(JSON.stringify(value)));

  test.each<[string, z.ZodType]>([
    ['a run', runSchema],
    ['a task', taskSchema],
    ['an attempt', attemptSchema],
    ['an agent', agentSchema],
    ['an approval', approvalSchema],
    ['an error', apiErrorSchema],
    ['a log line', logLineSchema],
    ['a workflow', workflowDefinitionSchema],
  ])('%s', (_what, schema) => {
    fc.assert(
      fc.property(arbitraryOf(schema), (any) => {
        const value = schema.parse(any);
        expect(through(schema, value)).toEqual(value);
      }),
      { numRuns: 20 },
    );
  });

  test('any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        fc.pre(!JSON.stringify(value).includes('"__proto__"'));
        const json: unknown = JSON.parse(JSON.stringify(value));
        expect(through(jsonSchema, json)).toEqual(json);
      }),
    );
  });

  test('but for a field that would change what an object inherits from', () => {
    const parsed = jsonObjectSchema.parse(JSON.parse('{"a": 1, "b": {"__proto__": {"c": 2}, "d": 3}, "__proto__": 4}'));
    expect(parsed).toStrictEqual({ a: 1, b: { d: 3 } });
    expect(Object.getPrototypeOf(parsed.b)).toBe(Object.prototype);
  });

  test('texts that other encodings break', () => {
    const texts = {
      emoji: '👩‍👩‍👧',
      zero: '\0',
      half: '\ud83d',
      separators: '\u2028\u2029',
      quotes: '"\\\n',
      rtl: '\u202eabc',
    };
    expect(through(jsonObjectSchema, texts)).toEqual(texts);
  });

  test('1 MiB in one text, 10,000 entries, and 200 levels', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 200; level += 1) deep = level % 2 === 0 ? [deep] : { deep };
    const large = { text: 'ä€😀\n'.repeat(256 * 1_024), list: Array.from({ length: 10_000 }, (_, n) => n), deep };
    expect(through(jsonObjectSchema, large)).toEqual(large);
  });
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a date', new Date(0)],
  ['a number that is none', Number.NaN],
  ['an infinite number', Number.POSITIVE_INFINITY],
  ['a large integer', 1n],
  ['a function', () => 1],
  ['a map', new Map()],
])('R22 what JSON would lose is refused: %s', (_what, value) => {
  expect(jsonObjectSchema.safeParse({ value }).success).toBe(false);
  expect(jsonObjectSchema.safeParse({ list: [value] }).success).toBe(false);
});

test('outputs of 4 MiB are taken, and not one character more', () => {
  const frame = JSON.stringify({ text: '' }).length;
  const most = { text: 'x'.repeat(maxJsonLength - frame) };
  expect(jsonObjectSchema.safeParse(most).success).toBe(true);
  expect(faultsOf(jsonObjectSchema, { text: `${most.text}x` })).toEqual(['it must be at most 4 MiB as JSON']);
});

test.each<[unknown, readonly string[]]>([
  [0, []],
  [30 * 24 * 3_600_000, []],
  [-1, ['it must not be negative']],
  [1.5, ['it must be a whole number of milliseconds']],
  ['5s', ['it must be a number of milliseconds']],
  [30 * 24 * 3_600_000 + 1, ['it must be at most 30 days']],
])('a duration of %j: %j', (value, faults) => {
  expect(faultsOf(durationMsSchema, value)).toEqual(faults);
});

describe('R13 who does the work', () => {
  test('is a type, one agent, or both', () => {
    const selectors = [
      { type: 'worker' },
      { id: 'claude-code' },
      { type: 'worker', id: 'worker', capabilities: ['ts'] },
    ];
    expect(selectors.map((selector) => faultsOf(agentSelectorSchema, selector))).toEqual([[], [], []]);
  });

  test('is never left open', () => {
    expect(faultsOf(agentSelectorSchema, { capabilities: ['ts'] })).toEqual([
      'it must name an agent type or an agent id',
    ]);
  });

  test('must have a program, unless the work brings its own', () => {
    const withoutProgram = (protocol: 'acp' | 'command' | 'shell') => agentDefinition({ protocol, command: [] });
    expect([
      faultsOf(agentDefinitionSchema, withoutProgram('acp')),
      faultsOf(agentDefinitionSchema, withoutProgram('command')),
      faultsOf(agentDefinitionSchema, withoutProgram('shell')),
    ]).toEqual([['command must name a program'], ['command must name a program'], []]);
  });

  test('gets variables whose names a shell knows', () => {
    expect(faultsOf(agentDefinitionSchema, agentDefinition({ env: { 'A=B': 'x' } }))).toEqual([
      'env.A=B is not an allowed name: it must be a variable name',
    ]);
  });
});

describe('a command that could not be started is refused before it is stored', () => {
  const argv = (...parts: string[]) => ({ kind: 'command', command: { kind: 'argv', argv: parts } });
  const script = (text: string) => ({ kind: 'command', command: { kind: 'script', script: text } });
  const long = 'x'.repeat(maxCommandLength);

  test.each<[string, unknown, readonly string[]]>([
    ['the longest arguments', argv('a', long.slice(1)), []],
    ['the longest script', script(long), []],
    ['no argument at all', argv(), ['command.argv must not be empty']],
    [
      'arguments that are too long together',
      argv('a', long),
      ['command.argv must have at most 100000 characters in all; put long text into a file or an input'],
    ],
    [
      'a script that is too long',
      script(`${long}x`),
      ['command.script must have at most 100000 characters; put a longer script into a file and run that'],
    ],
  ])('%s', (_what, work, faults) => {
    expect(faultsOf(taskWorkSchema, work)).toEqual(faults);
  });
});

test('a refusal is an error value with what happened, what to do, and where', () => {
  expect([refuse('notFound', 'No run.', 'List them.'), refuse('refused', 'No.', 'Wait.', { field: 'runId' })]).toEqual([
    { ok: false, error: { type: 'notFound', message: 'No run.', remedy: 'List them.' } },
    { ok: false, error: { type: 'refused', message: 'No.', remedy: 'Wait.', field: 'runId' } },
  ]);
});

test('an outcome is a value or an error, and says which', () => {
  expect([ok(1), err('no')]).toEqual([
    { ok: true, value: 1 },
    { ok: false, error: 'no' },
  ]);
});
