import { resolve } from 'node:path';
import type { ProjectView } from '../../contract/api-projects.ts';
import { answer } from '../answer.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import type { Cell, Paint } from '../paint.ts';
import { cell, createPaint } from '../paint.ts';
import { projectAround } from '../project-here.ts';
import { exitCodes, expectOk } from '../refused.ts';
import { plainText } from '../safe-text.ts';
import { renderTable } from '../table.ts';
import type { ReasonOptions } from './change-work.ts';

/** `signalbox projects list`. */
export function listProjects(context: CliContext, options: CommonOptions): Promise<number> {
  return answer(
    context,
    options,
    async (client) => expectOk(await client.listProjects({})),
    ({ projects }) => {
      if (projects.length === 0) return ['No project is trusted. Trust one with: signalbox projects trust FOLDER'];
      const rows = projects.map((project): Cell[] => [
        faultsOf(project) === 0 ? { text: '✓', tone: 'good' } : { text: '✗', tone: 'bad' },
        cell(project.name, 'strong'),
        { text: String(project.workflows.length), tone: 'plain' },
        { text: String(project.agents.length), tone: 'plain' },
        cell(project.isThere ? project.folder : `${project.folder} (not there now)`, 'muted'),
      ]);
      const columns = [
        { title: '' },
        { title: 'project' },
        { title: 'workflows', align: 'right' },
        { title: 'agents', align: 'right' },
        { title: 'folder', flexible: true },
      ] as const;
      const paint = createPaint(context.terminal.colour);
      return renderTable({ columns, rows, paint, width: context.terminal.columns });
    },
  );
}

/** `signalbox projects show`: what a project brings, or would bring. Exit code 2 when there is a fault in it. */
export async function showProject(
  context: CliContext,
  typed: string | undefined,
  options: CommonOptions,
): Promise<number> {
  const folder = await folderOf(context, typed);
  return answer(
    context,
    options,
    async (client) => expectOk(await client.inspectProject({ folder })),
    (project) => projectLines(project, createPaint(context.terminal.colour)),
    (project) => (faultsOf(project) === 0 ? exitCodes.done : exitCodes.badInput),
  );
}

/** `signalbox projects trust`. */
export async function trustProject(
  context: CliContext,
  typed: string | undefined,
  options: CommonOptions,
): Promise<number> {
  const folder = await folderOf(context, typed);
  return answer(
    context,
    options,
    async (client) => expectOk(await client.trustProject({ folder })),
    (project) => projectLines(project, createPaint(context.terminal.colour)),
  );
}

/** `signalbox projects forget`. */
export async function forgetProject(
  context: CliContext,
  typed: string | undefined,
  options: ReasonOptions,
): Promise<number> {
  const folder = await folderOf(context, typed);
  const reason = options.reason ?? 'forgotten in a terminal';
  return answer(
    context,
    options,
    async (client) => expectOk(await client.forgetProject({ folder, reason })),
    () => [`${plainText(folder)} is not trusted any more. Nothing of it is used.`],
  );
}

/** What was typed, or else the project that the command is given in. */
async function folderOf({ cwd }: CliContext, typed: string | undefined): Promise<string> {
  return typed === undefined ? ((await projectAround(cwd)) ?? cwd) : resolve(cwd, typed);
}

function faultsOf({ problems, workflows }: ProjectView): number {
  const all = [...problems.map(({ problem }) => problem), ...workflows.flatMap((workflow) => workflow.problems)];
  return all.filter(({ severity }) => severity === 'error').length;
}

function projectLines(project: ProjectView, paint: Paint): string[] {
  const { folder, name, trusted, isThere, workflows, agents, settings } = project;
  const trust = trusted
    ? paint('good', 'trusted')
    : `${paint('attention', 'not trusted')}: nothing of it is used before: signalbox projects trust ${plainText(folder)}`;
  return [
    `${paint('strong', plainText(name))}  ${trust}`,
    `  ${paint('muted', plainText(folder))}`,
    ...(isThere ? [] : ['  It has no .signalbox folder now.']),
    ...workflows.map((workflow) => `  workflow  ${plainText(workflow.name)}  ${plainText(workflow.title)}`),
    ...agents.map(({ id, type, command }) => `  agent     ${id} (${type}): ${plainText(command.join(' '))}`),
    ...(settings === null ? [] : [`  settings  ${plainText(settingsWords(settings))}`]),
    ...faultLines(project, paint),
  ];
}

function settingsWords({ $schema: _, ...settings }: NonNullable<ProjectView['settings']>): string {
  return JSON.stringify(settings);
}

function faultLines({ problems, workflows }: ProjectView, paint: Paint): string[] {
  const ofWorkflows = workflows.flatMap(({ path, problems: faults }) => faults.map((problem) => ({ path, problem })));
  return [...problems, ...ofWorkflows].map(({ path, problem: { severity, line, column, message } }) => {
    const word = severity === 'error' ? paint('bad', '✗ error') : paint('attention', '◆ warning');
    return `${plainText(path)}:${line}:${column}: ${word}: ${plainText(message)}`;
  });
}
