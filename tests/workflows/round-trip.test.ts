import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { gateOperators } from '../../src-main/contract/policies.ts';
import { failurePolicies } from '../../src-main/contract/workflow.ts';
import { parseWorkflow } from '../../src-main/workflows/parse-workflow.ts';

const text = fc.string({ minLength: 1, maxLength: 40 }).filter((value) => !value.includes('${{'));
const amount = fc.integer({ min: 1, max: 500 });

const body = fc.record(
  {
    title: text,
    env: fc.dictionary(fc.stringMatching(/^[A-Z]{1,8}$/), text),
    folder: text,
    timeout: fc.record({ run: amount.map((minutes) => `${minutes}m`), stop: amount.map((ms) => `${ms}ms`) }),
    retry: fc.record({ attempts: fc.integer({ min: 1, max: 100 }), delay: amount.map((seconds) => `${seconds}s`) }),
    gates: fc.uniqueArray(
      fc.record({
        output: fc.stringMatching(/^[a-z]{1,8}$/),
        operator: fc.constantFrom(...gateOperators),
        value: fc.oneof(text, fc.integer(), fc.boolean()),
        level: fc.constantFrom('blocking', 'warning'),
      }),
      { maxLength: 3, selector: JSON.stringify },
    ),
    outputs: fc.array(text, { maxLength: 3 }),
    onFailure: fc.constantFrom(...failurePolicies),
    run: fc.array(text, { minLength: 1, maxLength: 4 }),
  },
  { requiredKeys: ['run'] },
);

const files = fc
  .record({ name: fc.constant('w'), stages: fc.array(body, { minLength: 1, maxLength: 5 }) })
  .map((file) => ({
    ...file,
    stages: file.stages.map((stage, index) => ({ name: `s${index}`, ...stage })),
  }));

test('what a file says arrives in its definition, in whatever style of YAML it is written', () => {
  fc.assert(
    fc.property(files, (file) => {
      const styles = [stringify(file), stringify(file, { collectionStyle: 'flow' }), JSON.stringify(file, null, 1)];
      const [block, ...others] = styles.map((source) => parseWorkflow(source));
      expect(block?.problems).toEqual([]);
      for (const other of others) {
        expect(other).toEqual(block);
      }
      expect(block?.definition?.stages).toMatchObject(
        file.stages.map((stage, index) => ({
          name: stage.name,
          needs: index === 0 ? [] : [`s${index - 1}`],
          action: { kind: 'run', command: { kind: 'argv', argv: stage.run } },
          env: stage.env ?? {},
          retry: { maxAttempts: stage.retry?.attempts ?? 3 },
          outputs: stage.outputs ?? [],
          onFailure: stage.onFailure ?? 'stop',
          gates: (stage.gates ?? []).map((gate) => ({ kind: 'output', ...gate })),
        })),
      );
    }),
    { numRuns: 100 },
  );
}, 30_000);

test('a definition that is written down again as JSON stays the same', () => {
  const source = 'name: w\nstages: {a: {run: x}, b: {approval: Go?}, c: {agent: t, prompt: p}}';
  const { definition } = parseWorkflow(source);
  expect(JSON.parse(JSON.stringify(definition))).toEqual(definition);
});
