import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { ApiOutput } from '../../contract/api.ts';
import { answer } from '../answer.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import type { Cell } from '../paint.ts';
import { cell, createPaint } from '../paint.ts';
import { problemLines } from '../problem-lines.ts';
import { findTyped, folderHere } from '../project-here.ts';
import { badInput, exitCodes, expectOk } from '../refused.ts';
import { plainText } from '../safe-text.ts';
import { renderTable } from '../table.ts';

/** `signalbox workflows list`. */
export function listWorkflows(context: CliContext, options: CommonOptions): Promise<number> {
  return answer(
    context,
    options,
    async (client) => {
      const folder = await folderHere(context, client);
      return expectOk(await client.listWorkflows(folder === undefined ? {} : { folder }));
    },
    ({ workflows }) => {
      const rows = workflows.map((workflow): Cell[] => {
        const errors = workflow.problems.filter(({ severity }) => severity === 'error').length;
        return [
          errors > 0 ? { text: '✗', tone: 'bad' } : { text: '✓', tone: 'good' },
          cell(workflow.name, 'strong'),
          { text: String(workflow.stages), tone: 'plain' },
          cell(workflow.origin, 'muted'),
          cell(
            errors > 0 ? `${errors} faults, see signalbox workflows show ${workflow.name}` : workflow.title,
            errors > 0 ? 'bad' : 'plain',
          ),
        ];
      });
      const columns = [
        { title: '' },
        { title: 'workflow' },
        { title: 'stages', align: 'right' },
        { title: 'origin' },
        { title: 'title', flexible: true },
      ] as const;
      const paint = createPaint(context.terminal.colour);
      return renderTable({ columns, rows, paint, width: context.terminal.columns });
    },
  );
}

/** `signalbox workflows show`. */
export function showWorkflow(context: CliContext, name: string, options: CommonOptions): Promise<number> {
  return answer(
    context,
    options,
    async (client) => expectOk((await findTyped(context, client, name, undefined)).found),
    (found) => workflowLines(context, found),
  );
}

function workflowLines({ terminal }: CliContext, workflow: ApiOutput<'getWorkflow'>): string[] {
  const paint = createPaint(terminal.colour);
  const width = terminal.columns;
  const inputs = (workflow.definition?.inputs ?? []).map((input): Cell[] => [
    cell(input.name, 'strong'),
    cell(input.type, 'muted'),
    cell(input.required ? 'required' : defaultWords(input.default), 'muted'),
    cell(input.description ?? ''),
  ]);
  const stages = (workflow.definition?.stages ?? []).map((stage): Cell[] => [
    cell(stage.name, 'strong'),
    cell(actionWords(stage.action), 'muted'),
    cell(stage.needs.length === 0 ? '' : `needs ${stage.needs.join(', ')}`, 'muted'),
    cell(stage.gates.map(({ name }) => name).join(', ')),
  ]);
  const plain = [{ title: '' }, { title: '' }, { title: '' }, { title: '', flexible: true }];
  const table = (rows: readonly Cell[][]) =>
    renderTable({ columns: plain, rows, paint, width, indent: 2, titled: false });
  return [
    `${paint('strong', workflow.name)}  ${plainText(workflow.title)}`,
    `  ${paint('muted', `${workflow.origin}, ${plainText(workflow.path)}`)}`,
    ...(workflow.description === '' ? [] : [`  ${plainText(workflow.description)}`]),
    ...problemLines(workflow.problems, workflow.path, paint),
    ...(inputs.length === 0 ? [] : ['', paint('strong', 'inputs'), ...table(inputs)]),
    ...(stages.length === 0 ? [] : ['', paint('strong', 'stages'), ...table(stages)]),
  ];
}

type Stage = NonNullable<ApiOutput<'getWorkflow'>['definition']>['stages'][number];

function actionWords(action: Stage['action']): string {
  if (action.kind === 'approval') return 'approval';
  if (action.kind === 'run') return 'command';
  return `agent ${action.agent.id ?? action.agent.type}`;
}

function defaultWords(value: unknown): string {
  return value === undefined ? 'optional' : `default ${JSON.stringify(value)}`;
}

/** `signalbox workflows validate`: exit code 2 when the file has errors. */
export async function validateWorkflow(context: CliContext, file: string, options: CommonOptions): Promise<number> {
  const path = resolve(context.cwd, file);
  const source = await readFile(path, 'utf8').catch((error: Error) => {
    throw badInput(`The workflow file ${path} cannot be read: ${error.message}.`, 'Correct its name.');
  });
  return answer(
    context,
    options,
    async (client) => expectOk(await client.validateWorkflow({ source, folder: dirname(path) })),
    ({ problems }) => {
      const paint = createPaint(context.terminal.colour);
      if (problems.length === 0) return [`${paint('good', '✓')} ${plainText(path)} is valid.`];
      return problemLines(problems, path, paint);
    },
    ({ problems }) => (problems.some(({ severity }) => severity === 'error') ? exitCodes.badInput : exitCodes.done),
  );
}
