import { expect, test } from 'vitest';
import { defaultRetryPolicy, defaultTimeouts } from '../../src-main/contract/policies.ts';
import { agentStage, definitionOf, stageOf } from './read-workflow.ts';

/** A file that says everything there is to say. */
const full = `
name: full
title: Full
description: Everything there is
timeout: 10m
retry: { attempts: 2, delay: 2m }
onFailure: continue
inputs:
  name: string
  mode: { type: choice, choices: [fast, safe], default: fast, description: How }
stages:
  - name: ask
    title: Ask first
    approval: { question: "Build \${{ inputs.name }}?", timeout: 1h, onTimeout: approve }
    when: \${{ inputs.mode == "safe" }}
  - name: build
    needs: []
    agent: { type: claude, id: claude-1, capabilities: [edit] }
    prompt: Build \${{ inputs.name }}
    with: { model: large, deep: [1, { a: "\${{ inputs.mode }}" }] }
    env: { LEVEL: 3, QUIET: true, NAME: "\${{ inputs.name }}" }
    folder: sub/\${{ inputs.name }}
    timeout: { start: 5s, idle: 0s, stop: 500ms }
    retry: { maxDelay: 3m, factor: 1.5, jitter: 0 }
    gates:
      - coverage >= 80.5
      - state != 'bad state'
      - { output: report.ok, operator: ==, value: true, level: warning, name: report }
      - { run: [npm, run, lint], level: warning, timeout: 30s }
    outputs: [coverage, state]
    onFailure: skip-dependants
    priority: high
  - name: after
    needs: build
    when: true
    approval: Go on?
`;

test('gets every default filled in', () => {
  expect(definitionOf('name: w\nstages:\n  build:\n    run: [npm, test]\n  deploy:\n    run: ./deploy.sh')).toEqual({
    name: 'w',
    inputs: [],
    stages: [
      {
        name: 'build',
        needs: [],
        action: { kind: 'run', command: { kind: 'argv', argv: ['npm', 'test'] } },
        env: {},
        timeouts: defaultTimeouts,
        retry: defaultRetryPolicy,
        gates: [],
        outputs: [],
        onFailure: 'stop',
      },
      expect.objectContaining({
        name: 'deploy',
        needs: ['build'],
        action: { kind: 'run', command: { kind: 'script', script: './deploy.sh' } },
      }),
    ],
  });
});

test('may say everything', () => {
  const [ask, build, after] = definitionOf(full).stages;
  expect(definitionOf(full)).toMatchObject({
    title: 'Full',
    description: 'Everything there is',
    inputs: [
      { name: 'name', type: 'string', required: true },
      {
        name: 'mode',
        type: 'choice',
        choices: ['fast', 'safe'],
        default: 'fast',
        description: 'How',
        required: false,
      },
    ],
  });
  expect(ask).toMatchObject({
    title: 'Ask first',
    action: { kind: 'approval', question: `Build \${{ inputs.name }}?`, timeoutMs: 3_600_000, onTimeout: 'approve' },
    when: 'inputs.mode == "safe"',
    timeouts: { ...defaultTimeouts, runMs: 600_000 },
    retry: { ...defaultRetryPolicy, maxAttempts: 2, delayMs: 120_000, maxDelayMs: 120_000 },
    onFailure: 'continue',
  });
  expect(build).toEqual({
    name: 'build',
    needs: [],
    action: {
      kind: 'agent',
      agent: { type: 'claude', id: 'claude-1', capabilities: ['edit'] },
      prompt: 'Build ${{ inputs.name }}',
      with: { model: 'large', deep: [1, { a: '${{ inputs.mode }}' }] },
    },
    env: { LEVEL: '3', QUIET: 'true', NAME: '${{ inputs.name }}' },
    folder: 'sub/${{ inputs.name }}',
    timeouts: { startMs: 5_000, runMs: 600_000, idleMs: 0, stopMs: 500 },
    retry: { maxAttempts: 2, delayMs: 120_000, maxDelayMs: 180_000, factor: 1.5, jitter: 0 },
    gates: [
      {
        kind: 'output',
        name: 'coverage >= 80.5',
        output: 'coverage',
        operator: '>=',
        value: 80.5,
        level: 'blocking',
      },
      {
        kind: 'output',
        name: 'state != bad state',
        output: 'state',
        operator: '!=',
        value: 'bad state',
        level: 'blocking',
      },
      { kind: 'output', name: 'report', output: 'report.ok', operator: '==', value: true, level: 'warning' },
      { kind: 'command', name: 'npm run lint', argv: ['npm', 'run', 'lint'], level: 'warning', timeoutMs: 30_000 },
    ],
    outputs: ['coverage', 'state'],
    onFailure: 'skip-dependants',
    priority: 'high',
  });
  expect(after).toMatchObject({
    needs: ['build'],
    when: 'true',
    action: { kind: 'approval', question: 'Go on?', onTimeout: 'reject' },
  });
});

test.each([
  ['a == 1', 1],
  ['a == -1.5e3', -1_500],
  ['a == true', true],
  ['a == false', false],
  ['a == "true"', 'true'],
  ["a == ' x '", ' x '],
  ['a == some words', 'some words'],
  ['a=="', '"'],
])('reads the gate %s', (gate, value) => {
  expect(stageOf(agentStage(`gates: [${JSON.stringify(gate)}]`)).gates).toMatchObject([{ output: 'a', value }]);
});

test('shortens a gate name that would be too long', () => {
  const text = agentStage(`gates: [{ run: [${'x'.repeat(300)}] }, "a == ${'y'.repeat(300)}"]`);
  expect(stageOf(text).gates.map(({ name }) => name.length)).toEqual([200, 200]);
});

test('may use anchors, and names each need once', () => {
  const text = `name: w
stages:
- { name: a, run: &command [npm, test], env: &env { CI: 1 } }
- { name: b, run: *command, env: *env, needs: [a, a] }`;
  expect(definitionOf(text).stages[1]).toMatchObject({
    needs: ['a'],
    env: { CI: '1' },
    action: { command: { argv: ['npm', 'test'] } },
  });
});

test('may start with a byte order mark, and have Windows line ends', () => {
  expect(stageOf(`\uFEFF${agentStage('timeout: 5s').replaceAll('\n', '\r\n')}`).timeouts.runMs).toBe(5_000);
});

test('is the same definition whether its stages are a list or a map', () => {
  const list = 'name: w\nstages:\n  - {name: a, run: x}\n  - {name: b, run: y}';
  const map = 'name: w\nstages:\n  a: {run: x}\n  b: {run: y}';
  expect(definitionOf(list)).toEqual(definitionOf(map));
});
