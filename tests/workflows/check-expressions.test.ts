import { expect, test } from 'vitest';
import { problemsOf, stage } from './read-workflow.ts';

const two = (...lines: readonly string[]) =>
  ['name: w', 'inputs: {name: string}', 'stages:', '  e2e-tests: {run: x}', '  b:', '    agent: claude', ...lines]
    .join('\n')
    .concat('\n  last: {run: x}\n');

test.each<[string, string, readonly string[]]>([
  [
    'a syntax error, in a plain text',
    two('    prompt: Do ${{ inputs.name + }} now'),
    ['7:34 stages.b.prompt: The expression "inputs.name +" is not valid: The expression ends too early'],
  ],
  [
    'an unknown input, in the third line of a block',
    two('    prompt: |', '      first', '        second ${{ inputs.name }}', '      third ${{ inputs.nmae }}'),
    ['10:24 stages.b.prompt: There is no input "nmae"; did you mean "name"? inputs are name'],
  ],
  [
    'the second of two equal lines',
    two('    prompt: |', '      do ${{ inputs.x }}', '      do ${{ inputs.x }}'),
    [
      '8:21 stages.b.prompt: There is no input "x"; inputs are name',
      '9:21 stages.b.prompt: There is no input "x"; inputs are name',
    ],
  ],
  [
    'a folded text, whose lines are not those of the file',
    two('    prompt: >', '      do', '      ${{ inputs.x }}'),
    ['7:13 stages.b.prompt: There is no input "x"; inputs are name'],
  ],
  [
    'a quoted condition',
    two('    prompt: x', '    when: "inputs.name == 1 +"'),
    ['8:30 stages.b.when: The expression "inputs.name == 1 +" is not valid: The expression ends too early'],
  ],
  [
    'a condition that is none',
    two('    prompt: x', '    when: ${{ size(inputs.name) }}'),
    [
      '8:14 stages.b.when: The expression "size(inputs.name)" is not valid: A condition must give true or false, but this gives a int',
    ],
  ],
  [
    'a variable that is not there',
    two('    prompt: ${{ name }}'),
    [
      '7:17 stages.b.prompt: The expression "name" is not valid: Unknown variable: name; an expression may use inputs, stages and run',
    ],
  ],
  [
    'an open template',
    two('    prompt: go ${{ inputs.name }'),
    ['7:16 stages.b.prompt: This "${{" has no closing "}}"'],
  ],
  [
    'a stage that comes later',
    two('    prompt: ${{ stages.last.state }}'),
    ['7:24 stages.b.prompt: The stage "last" does not have to end before "b"; add it to the needs of "b"'],
  ],
  [
    'the stage itself',
    two('    prompt: ${{ stages.b.state }}'),
    ['7:24 stages.b.prompt: The stage "b" cannot use its own outputs; they are there only once it has ended'],
  ],
  [
    'a stage name with a hyphen',
    two('    prompt: ${{ stages.e2e-tests.state }}'),
    ['7:17 stages.b.prompt: A name with a hyphen has to be quoted: write stages["e2e-tests"]'],
  ],
  [
    'a stage that is not there',
    two('    prompt: ${{ stages["e3e-tests"].state }}'),
    ['7:24 stages.b.prompt: There is no stage "e3e-tests"; did you mean "e2e-tests"? stages are e2e-tests, b, last'],
  ],
  [
    'a fact of the run',
    two('    prompt: ${{ run.name }}'),
    ['7:21 stages.b.prompt: A run has no "name"; known are id and folder'],
  ],
  [
    'every place that takes templates',
    two(
      '    prompt: x',
      '    with: {a: ["${{ inputs.a }}"]}',
      '    env: {A: "${{ inputs.b }}"}',
      '    folder: ${{ inputs.c }}',
      '  c: {run: [echo, "${{ inputs.d }}"]}',
      '  d: {approval: "${{ inputs.e }}"}',
      '  e: {approval: {question: "${{ inputs.f }}"}}',
    ),
    ['a', 'b', 'c', 'd', 'e', 'f'].map(
      (name) => expect.stringContaining(`There is no input "${name}"`) as unknown as string,
    ),
  ],
])('%s', (_what, text, problems) => {
  expect(problemsOf(text)).toEqual(problems);
});

test('a workflow without inputs says so', () => {
  expect(problemsOf(stage('agent: x', 'prompt: ${{ inputs.a }}'))).toEqual([
    '5:24 stages.a.prompt: There is no input "a"; the workflow has no inputs',
  ]);
});

test('a long expression is shortened in the message', () => {
  const [problem] = problemsOf(stage('agent: x', `prompt: \${{ ${'y'.repeat(300)} }}`));
  expect(problem).toContain(`The expression "${'y'.repeat(100)}…" is not valid`);
});
