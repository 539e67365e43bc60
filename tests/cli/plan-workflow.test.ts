import { expect, test } from 'vitest';
import type { ApiOutput } from '../../src-main/contract/api.ts';
import { err, ok } from '../../src-main/contract/result.ts';
import { createFakeCli } from './fake-context.ts';

const stage = { needs: [], rank: 0, agents: ['shell'], waitingBecause: null };
const stages = [
  { ...stage, name: 'build', work: 'npm run build\n  --all' },
  { ...stage, name: 'ship', needs: ['build'], rank: 1, agents: [], work: 'Ship it?', waitingBecause: 'it waits' },
] as ApiOutput<'planRun'>['stages'];
const definition = { inputs: [{ name: 'count', type: 'integer', required: true }] };

const cliWith = (refusal: ApiOutput<'planRun'>['refusal'], asked: unknown[] = []) =>
  createFakeCli({
    handlers: {
      getWorkflow: () => ok({ definition }) as never,
      planRun: (input) => {
        asked.push(input);
        return ok({ stages, refusal });
      },
    },
  });

test('run --dry-run says what every stage would do, and starts nothing', async () => {
  const asked: unknown[] = [];
  const cli = cliWith(null, asked);
  expect(await cli.run('run', 'app', '--dry-run', '-i', 'count=3', '--folder', 'sub')).toBe(0);
  expect(asked).toEqual([{ workflow: 'app', inputs: { count: 3 }, folder: '/work/sub' }]);
  expect(cli.reaches).toEqual(['idle']);
  expect(cli.lines()).toEqual([
    'order  stage  agents  work                 would wait',
    '    1  build  shell   npm run build --all',
    '    2  ship           Ship it?             it waits',
    '',
    '✓ The run would be started. Nothing was.',
  ]);
});

test('R74 run --dry-run ends with the code and the reason of the refusal that a start would meet', async () => {
  const refusal = { type: 'invalidInput', message: 'count is missing', remedy: 'Give count', field: 'inputs.count' };
  const cli = cliWith(refusal as ApiOutput<'planRun'>['refusal']);
  expect(await cli.run('run', 'app', '--dry-run')).toBe(2);
  expect(cli.printed.out).toContain('✗ The run would be refused: count is missing\n  Give count');
});

test('run --dry-run of a workflow that is not there has no stages', async () => {
  const refusal = { type: 'notFound', message: 'There is no workflow ap.', remedy: 'Use app.' } as const;
  const handlers = { getWorkflow: () => err(refusal), planRun: () => ok({ stages: [], refusal }) };
  const cli = createFakeCli({ handlers });
  expect(await cli.run('run', 'ap', '--dry-run', '--json')).toBe(2);
  expect(JSON.parse(cli.printed.out)).toEqual({ stages: [], refusal });
});
