import { expect, test } from 'vitest';
import { agentStage, problemsOf, stage } from './read-workflow.ts';

test.each<[string, string, readonly string[]]>([
  ['nothing', stage('title: x'), ['3:5 stages.a: The stage does nothing; give it one of agent, run and approval']],
  [
    'two things',
    agentStage('run: x'),
    ['6:5 stages.a.run: The stage does two things: agent and run; make two stages of it'],
  ],
  [
    'an agent without prompt',
    stage('agent: claude'),
    ['4:5 stages.a.agent: The agent has no prompt; say in one what it has to do'],
  ],
  [
    'a command with prompt',
    stage('run: x', 'prompt: y'),
    ['5:5 stages.a.prompt: "prompt" has no meaning in a stage with run; remove it'],
  ],
  [
    'an approval with gates and time limit',
    stage('approval: Go?', 'gates: [a == 1]', 'timeout: 5s'),
    [
      '5:5 stages.a.gates: "gates" has no meaning in a stage with approval; remove it',
      '6:5 stages.a.timeout: "timeout" has no meaning in a stage with approval; the time to answer is approval.timeout',
    ],
  ],
  [
    'a script with an input',
    stage('run: echo ${{ inputs.user-name }}'),
    ['4:15 stages.a.run: A shell script takes no templates; use $SIGNALBOX_INPUT_<NAME> or a list'],
  ],
  [
    'a script with a broken template',
    stage('run: |', '  cd app', '  echo ${{ x'),
    ['6:12 stages.a.run: A shell script takes no templates; use $SIGNALBOX_INPUT_<NAME> or a list'],
  ],
  [
    'the same gate twice',
    agentStage('gates: [a == 1, a == 1]'),
    ['6:21 stages.a.gates.1: warning: This gate is there twice; remove one of them'],
  ],
])('%s', (_what, text, problems) => {
  expect(problemsOf(text)).toEqual(problems);
});

test('a script is told the variable that holds its input', () => {
  expect(problemsOf(`inputs: {user_name: string}\n${stage('run: echo ${{ inputs.user_name }}')}`)).toEqual([
    '5:15 stages.a.run: A shell script takes no templates; use $SIGNALBOX_INPUT_USER_NAME or a list',
  ]);
});

test('R13 an agent type that does not exist is refused with the nearest one', () => {
  const types = ['scaffold', 'validation'];
  expect([
    problemsOf(stage('agent: scafold', 'prompt: x'), types),
    problemsOf(stage('agent: {type: gpt}', 'prompt: x'), types),
    problemsOf(stage('agent: {id: gpt}', 'prompt: x'), types),
    problemsOf(stage('agent: scaffold', 'prompt: x'), types),
  ]).toEqual([
    [
      '4:12 stages.a.agent: There is no agent of the type "scafold"; did you mean "scaffold"? known types are scaffold, validation',
    ],
    ['4:19 stages.a.agent.type: There is no agent of the type "gpt"; known types are scaffold, validation'],
    [],
    [],
  ]);
});
