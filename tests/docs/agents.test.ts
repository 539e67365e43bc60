import { expect, test } from 'vitest';
import { agentDefinitionSchema } from '../../src-main/contract/agent.ts';
import { parseWorkflow } from '../../src-main/workflows/parse-workflow.ts';
import { blocks, readText, section } from './documents.ts';

const document = section(readText('docs/writing-agents.md'), '## Pointing a stage at a real AI agent');

test('the definition of a real agent is valid', () => {
  const [definition = ''] = blocks(document, 'json');
  expect(agentDefinitionSchema.safeParse(JSON.parse(definition)).success).toBe(true);
});

test('the stage that names it is sound', () => {
  const [stage = ''] = blocks(document, 'yaml');
  expect(parseWorkflow(`name: w\ninputs: { feature: string }\nstages:\n${stage}`).problems).toEqual([]);
});
