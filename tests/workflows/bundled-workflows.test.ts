import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findAgentType, knownAgentTypes } from '../../src-main/agents/builtin/agent-types.ts';
import type { StageSpec, WorkflowDefinition } from '../../src-main/contract/workflow.ts';
import { fillTemplate } from '../../src-main/core/expressions.ts';
import { parseInputs } from '../../src-main/core/inputs.ts';
import { parseWorkflow } from '../../src-main/workflows/parse-workflow.ts';
import { bundledStages } from '../agents/builtin/run-workflow.ts';

const names = ['app', 'feature', 'bugfix'] as const;

function load(name: string): WorkflowDefinition {
  const text = readFileSync(join(import.meta.dirname, `../../resources/workflows/${name}.yaml`), 'utf8');
  const { definition, problems } = parseWorkflow(text, knownAgentTypes());
  expect(problems).toEqual([]);
  return definition as WorkflowDefinition;
}

function agentOf({ action }: StageSpec): string | undefined {
  return action.kind === 'agent' ? action.agent.type : undefined;
}

describe.each(names)('the bundled workflow %s', (name) => {
  test('R13 has the stages and agents that are written down, each after the one before it', () => {
    const { stages } = load(name);
    expect(stages.map((stage) => [stage.name, agentOf(stage), stage.needs])).toEqual(
      Object.entries(bundledStages[name]).map(([stage, agent], index, all) => [
        stage,
        agent,
        all.slice(Math.max(0, index - 1), index).map(([before]) => before),
      ]),
    );
  });

  test('R13 every stage is work that its built-in agent knows', () => {
    for (const stage of load(name).stages) {
      expect(Object.keys(findAgentType(agentOf(stage) ?? '')?.work ?? {})).toContain(`${name}/${stage.name}`);
    }
  });

  test('R13 without the agent type of a stage it is refused, and no other takes its place', () => {
    const text = readFileSync(join(import.meta.dirname, `../../resources/workflows/${name}.yaml`), 'utf8');
    const { definition, problems } = parseWorkflow(text, ['scaffold']);
    expect(definition).toBeNull();
    expect(problems[0]?.message).toMatch(
      /^There is no agent of the type "(validation|e2e)"; known types are scaffold$/,
    );
  });

  test('its prompts can be filled in', () => {
    const { stages } = load(name);
    const scope = {
      inputs: { name: 'calc', requirements: 'add', repository: '/app', operation: 'power', description: null },
      stages: { debugging: { state: 'completed', outputs: { operation: 'add', file: 'src/add.mjs' } } },
      run: { id: 'run', folder: '/work' },
    };
    for (const { action } of stages) {
      const prompt = action.kind === 'agent' ? fillTemplate(action.prompt, scope) : null;
      expect(prompt).toMatchObject({ ok: true, value: expect.not.stringContaining('${{') });
    }
  });
});

test('R58 errors block every validation, coverage blocks the tests of app, response time warns of its deployment', () => {
  const gates = names.flatMap((name) =>
    load(name).stages.flatMap((stage) => stage.gates.map((gate) => [name, stage.name, gate.name, gate.level])),
  );
  expect(gates).toEqual([
    ['app', 'validation', 'errors == 0', 'blocking'],
    ['app', 'e2e_testing', 'coverage >= 80', 'blocking'],
    ['app', 'monitoring', 'p95Ms < 500', 'warning'],
    ['feature', 'validation', 'errors == 0', 'blocking'],
    ['bugfix', 'validation', 'errors == 0', 'blocking'],
  ]);
});

describe('inputs of the bundled workflows', () => {
  test.each([
    ['app', { name: 'calculator-app', requirements: 'add and subtract' }, null],
    ['app', { name: 'calculator-app', requirements: ' ' }, 'requirements cannot be empty'],
    ['app', { name: 'calculator-app' }, 'requirements is missing'],
    ['app', { requirements: 'add' }, 'name is missing'],
    ['feature', { repository: '/app', operation: 'squareRoot' }, null],
    ['feature', { repository: 'app', operation: 'power' }, 'repository is "app", which is not an absolute path'],
    ['feature', { repository: '/app' }, 'operation is missing'],
    ['bugfix', { repository: '/app' }, null],
    ['bugfix', { repository: '/app', description: 'add is wrong' }, null],
  ])('%s with %j: %s', (name, inputs, fault) => {
    const parsed = parseInputs(load(name).inputs, inputs);
    expect(parsed.ok ? null : parsed.error.message).toBe(fault);
  });

  test.each(['My App', '../x', '-a', 'a--b', 'a_b', 'x'.repeat(64), 'a\nb'])('app refuses the name %j', (name) => {
    expect(parseInputs(load('app').inputs, { name, requirements: 'add' })).toMatchObject({
      ok: false,
      error: { field: 'inputs.name' },
    });
  });
});
