import type { ApiInput, ApiOutput } from '../../contract/api.ts';
import { answer } from '../answer.ts';
import type { CliContext } from '../cli-context.ts';
import type { Cell, Paint } from '../paint.ts';
import { cell, createPaint } from '../paint.ts';
import { findTyped } from '../project-here.ts';
import { exitCodeOf, exitCodes, expectOk } from '../refused.ts';
import { plainText } from '../safe-text.ts';
import { renderTable } from '../table.ts';
import { readInputs } from '../workflow-inputs.ts';
import type { RunOptions } from './run-workflow.ts';

type Plan = ApiOutput<'planRun'>;

/**
 * `signalbox run --dry-run`: what a run would do, without starting it. Needs no engine that works. The exit code is the
 * one that the start would be refused with, so that a script can ask beforehand.
 */
export function planWorkflow(context: CliContext, workflow: string, options: RunOptions): Promise<number> {
  return answer(
    context,
    options,
    async (client): Promise<Plan> => {
      const { reference, found, folder } = await findTyped(context, client, workflow, options.folder);
      const specs = found.ok ? (found.value.definition?.inputs ?? []) : [];
      const typed = { pairs: options.input, file: options.inputFile };
      const input: ApiInput<'planRun'> = {
        workflow: reference,
        inputs: await readInputs(typed, specs, context.cwd),
        ...(folder === undefined ? {} : { folder }),
      };
      return expectOk(await client.planRun(input));
    },
    (plan) => planLines(plan, createPaint(context.terminal.colour), context.terminal.columns),
    ({ refusal }) => (refusal === null ? exitCodes.done : exitCodeOf(refusal)),
  );
}

function planLines({ stages, refusal }: Plan, paint: Paint, width: number): string[] {
  const rows = stages.map((stage): Cell[] => [
    { text: String(stage.rank + 1), tone: 'muted' },
    cell(stage.name, 'strong'),
    cell(stage.agents.join(', ')),
    cell(stage.work.replaceAll(/\s+/g, ' ')),
    cell(stage.waitingBecause ?? '', 'muted'),
  ]);
  const columns = [
    { title: 'order', align: 'right' },
    { title: 'stage' },
    { title: 'agents' },
    { title: 'work', flexible: true },
    { title: 'would wait', flexible: true },
  ] as const;
  const table = stages.length === 0 ? [] : [...renderTable({ columns, rows, paint, width }), ''];
  if (refusal === null) return [...table, `${paint('good', '✓')} The run would be started. Nothing was.`];
  return [
    ...table,
    `${paint('bad', '✗')} The run would be refused: ${plainText(refusal.message)}`,
    `  ${plainText(refusal.remedy)}`,
  ];
}
