import { expect, test } from 'vitest';
import { agentStage, problemsOf, stage } from './read-workflow.ts';

test.each<[string, string, readonly string[]]>([
  ['missing parts', 'title: x', ['1:1 name: name is missing', '1:1 stages: stages is missing']],
  [
    'a bad name',
    'name: My App\nstages: {a: {run: x}}',
    [
      '1:7 name: name must be lower-case letters, digits, "-" or "_", start with a letter, and have at most 64 characters',
    ],
  ],
  ['no stages, as a map', 'name: w\nstages: {}', ['2:9 stages: stages must not be empty']],
  ['no stages', 'name: w\nstages: []', ['2:9 stages: stages must not be empty']],
  [
    'stages of another kind',
    'name: w\nstages: x',
    ['2:9 stages: stages must be a list of stages, or a map of stages by name'],
  ],
  [
    'an unknown key',
    agentStage('promt: x', 'colour: red'),
    [
      '6:5 stages.a.promt: Unknown key "promt"; did you mean "prompt"? known are name, title, needs, agent, prompt, with, run, approval, when, env, folder, timeout, retry, gates, outputs, onFailure, priority',
      expect.stringMatching(/^7:5 stages\.a\.colour: Unknown key "colour"; known are name/) as unknown as string,
    ],
  ],
  ['a key without value', agentStage('title:'), ['6:5 stages.a.title: title must be text, but has no value']],
  ['a number for a text', agentStage('title: 5'), ['6:12 stages.a.title: title must be text, but is 5']],
  ['a map for a text', agentStage('title: {}'), ['6:12 stages.a.title: title must be text, but is a map']],
  ['an empty prompt', stage('agent: x', 'prompt: ""'), ['5:13 stages.a.prompt: prompt must not be empty']],
  ['a list for a map', agentStage('with: []'), ['6:11 stages.a.with: with must be a map, but is a list']],
  [
    'a number JSON has not',
    agentStage('with: {a: .nan}'),
    ['6:15 stages.a.with.a: a has a value that cannot be used here: it is NaN'],
  ],
  ['a stage that is none', 'name: w\nstages: [7]', ['2:10 stages.0: item 1 of stages must be a map, but is 7']],
  ['a stage without content', 'name: w\nstages: {a: }', ['2:10 stages.a: a must be a map, but has no value']],
  [
    'a stage name as key',
    'name: w\nstages: {A: {run: x}}',
    [
      '2:10 stages.A: A must be lower-case letters, digits, "-" or "_", start with a letter, and have at most 64 characters',
    ],
  ],
  [
    'an agent of another kind',
    stage('agent: 5', 'prompt: x'),
    ['4:12 stages.a.agent: agent must be an agent type, or a map with type or id'],
  ],
  [
    'an agent map without type',
    stage('agent: {}', 'prompt: x'),
    ['4:5 stages.a.agent: agent must have a type or an id'],
  ],
  [
    'a variable name',
    agentStage('env: {1A: x}'),
    ['6:11 stages.a.env.1A: 1A must be letters, digits and "_", and not start with a digit'],
  ],
  [
    'a variable that is a list',
    agentStage('env: {A: []}'),
    ['6:14 stages.a.env.A: A must be text, a number, true or false'],
  ],
  [
    'a policy',
    agentStage('onFailure: skip-dependents'),
    [
      '6:16 stages.a.onFailure: onFailure must be one of stop, continue, skip-dependants, but is the text "skip-dependents"; did you mean "skip-dependants"?',
    ],
  ],
  [
    'a priority',
    agentStage('priority: 1'),
    ['6:15 stages.a.priority: priority must be one of critical, high, normal, low, but is 1'],
  ],
  [
    'retry of another kind',
    agentStage('retry: often'),
    [
      '6:12 stages.a.retry: retry must be a number of attempts, or a map of attempts, delay, maxDelay, factor and jitter',
    ],
  ],
  ['no attempts', agentStage('retry: 0'), ['6:12 stages.a.retry: retry must be at least 1']],
  ['half an attempt', agentStage('retry: 1.5'), ['6:12 stages.a.retry: retry must be a whole number, but is 1.5']],
  [
    'too many attempts',
    agentStage('retry: {attempts: 101}'),
    ['6:23 stages.a.retry.attempts: attempts must be at most 100'],
  ],
  ['outputs', agentStage('outputs: [a, 5]'), ['6:18 stages.a.outputs.1: item 2 of outputs must be text, but is 5']],
  [
    'a title that is too long',
    agentStage(`title: ${'x'.repeat(201)}`),
    ['6:12 stages.a.title: title must have at most 200 characters'],
  ],
  [
    'a value far too long to repeat',
    agentStage(`priority: ${'x'.repeat(500)}`),
    [
      `6:15 stages.a.priority: priority must be one of critical, high, normal, low, but is the text "${'x'.repeat(60)}…"`,
    ],
  ],
  [
    'arguments that are too long together',
    stage(`run: [${'x'.repeat(60_000)}, ${'x'.repeat(60_000)}]`),
    ['3:5 stages.a: argv must have at most 100000 characters in all; put long text into a file or an input'],
  ],
])('%s', (_what, text, problems) => {
  expect(problemsOf(text)).toEqual(problems);
});

test.each([
  ['5', 'must have a unit: write 5ms, 5s, 5m or 5h'],
  ['"5"', 'must have a unit: write 5ms, 5s, 5m or 5h'],
  ['-5', 'must not be negative, but is -5'],
  ['-5s', 'must not be negative, but is -5s'],
  ['1.5h', 'must be a whole number with its unit, such as 500ms, 30s, 10m or 2h'],
  ['5 s', 'must be a whole number with its unit, such as 500ms, 30s, 10m or 2h'],
  ['5d', 'must be a whole number with its unit, such as 500ms, 30s, 10m or 2h'],
  ['721h', 'must be at most 30 days (720h)'],
  ['0s', 'must be more than nothing'],
  ['[]', 'must be a duration such as 10m, or a map of start, run, idle and stop'],
])('the duration %s', (written, message) => {
  expect(problemsOf(agentStage(`timeout: ${written}`))).toEqual([`6:14 stages.a.timeout: timeout ${message}`]);
});

test.each([
  [
    'coverage',
    '6:13 stages.a.gates.0: item 1 of gates must be an output, an operator and a value, such as: coverage >= 80',
  ],
  [
    '5',
    '6:13 stages.a.gates.0: item 1 of gates must be text such as "coverage >= 80", a map of output, operator and value, or a map with run',
  ],
  [
    '{output: a, operator: "<>", value: 1}',
    '6:35 stages.a.gates.0.operator: operator must be one of ==, !=, <, <=, >, >=, but is the text "<>"; did you mean "<"?',
  ],
  ['{output: a, operator: "<", value: []}', '6:47 stages.a.gates.0.value: value must be text, a number, true or false'],
  ['{run: npm test}', '6:19 stages.a.gates.0.run: run must be a list, but is the text "npm test"'],
  [
    '{run: [npm], level: fatal}',
    '6:33 stages.a.gates.0.level: level must be one of blocking, warning, but is the text "fatal"',
  ],
  [
    '{run: ["${{ inputs.x }}"]}',
    "6:20 stages.a.gates.0.run.0: A gate's command takes no templates; it finds inputs in $SIGNALBOX_INPUT_<NAME>",
  ],
])('the gate %s', (gate, problem) => {
  expect(problemsOf(agentStage(`gates: [${gate}]`))).toEqual([problem]);
});
