import fc from 'fast-check';
import { expect, test } from 'vitest';
import { problemSchema } from '../../src-main/contract/error-schemas.ts';
import { workflowDefinitionSchema } from '../../src-main/contract/workflow.ts';
import { parseWorkflow } from '../../src-main/workflows/parse-workflow.ts';
import { stage } from './read-workflow.ts';

test('problems come in the order of the file, and at most a hundred of them', () => {
  const text = stage('agent: x', ...Array.from({ length: 300 }, (_, index) => `wrong_${index}: 1`));
  const { problems } = parseWorkflow(text);
  expect(problems).toHaveLength(101);
  expect(problems.at(-1)?.message).toBe('There are more problems from here on');
  const lines = problems.map(({ line }) => line);
  expect(lines).toEqual(lines.toSorted((a, b) => a - b));
});

const fragments = fc.constantFrom(
  ...['name: w', 'stages:', 'inputs:', '  - name: a', '    agent: x', '    prompt: ${{ inputs.x }}', '    run: [a]'],
  ...[
    '  a: {type: choice}',
    '    needs: [a, b]',
    '    when: "1 +"',
    '    retry: {attempts: x}',
    '    gates: [a >= 1, {}]',
  ],
  ...[
    '&a',
    '*a',
    '- - -',
    '? [a]',
    ': b',
    '!!x',
    '|',
    '>-',
    '"',
    '{',
    '[',
    '}',
    '\t',
    '---',
    '%YAML 1.2',
    '\u0000',
    '<<: *a',
    '__proto__: 1',
  ],
);

test('whatever the text is, it is parsed or its problems are placed in it', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(fragments, { maxLength: 15 }).map((lines) => lines.join('\n')),
    fc.array(fragments, { maxLength: 15 }).map((lines) => lines.join(' ')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const { definition, problems } = parseWorkflow(text, ['x']);
      const lineCount = text.split(/\r\n|\r|\n/).length;
      for (const problem of problems) {
        expect(problemSchema.parse(problem)).toEqual(problem);
        expect(problem.line).toBeLessThanOrEqual(lineCount);
      }
      expect(definition === null || workflowDefinitionSchema.safeParse(definition).success).toBe(true);
      expect(definition === null).toBe(problems.some(({ severity }) => severity === 'error'));
    }),
    { numRuns: 300 },
  );
});

test('a sound file with anything in place of one value is judged without a throw', () => {
  const sound = {
    name: 'w',
    inputs: { x: { type: 'string' } },
    timeout: '1m',
    stages: [{ name: 'a', agent: 'x', prompt: 'p', needs: [], gates: ['a == 1'], env: {}, retry: {}, when: 'true' }],
  };
  const paths = [
    ['name'],
    ['inputs'],
    ['inputs', 'x'],
    ['timeout'],
    ['stages'],
    ['stages', 0],
    ...Object.keys(sound.stages[0] ?? {}).map((key) => ['stages', 0, key]),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 3 }), (path, value) => {
      const file: unknown = structuredClone(sound);
      const owner = path.slice(0, -1).reduce((at, key) => (at as Record<string | number, unknown>)[key], file);
      (owner as Record<string | number, unknown>)[path.at(-1) ?? ''] = value;
      const { definition, problems } = parseWorkflow(JSON.stringify(file), ['x']);
      expect(definition === null).toBe(problems.some(({ severity }) => severity === 'error'));
    }),
    { numRuns: 200 },
  );
});
