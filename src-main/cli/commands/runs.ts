import type { ApiInput } from '../../contract/api.ts';
import { nameSchema } from '../../contract/ids.ts';
import { isRunEnded, isTaskEnded, runStates, taskStates } from '../../contract/states.ts';
import { answer, withoutEngine } from '../answer.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import type { Cell } from '../paint.ts';
import { cell, createPaint, stateCell } from '../paint.ts';
import { badInput, expectOk } from '../refused.ts';
import { shortId } from '../short-ids.ts';
import { renderTable } from '../table.ts';
import { agoWords, durationWords } from '../time-words.ts';

export interface ListOptions extends CommonOptions {
  readonly state: readonly string[];
  readonly limit?: string;
  readonly after?: string;
}

export interface RunListOptions extends ListOptions {
  readonly workflow?: string;
}

const maxPage = 1_000;
const usualPage = 30;

/** `--limit`, `--after` and `--state` as the contract has them. */
export function readPage<S extends string>(options: ListOptions, states: readonly S[]) {
  const limit = Number(options.limit ?? usualPage);
  if (!Number.isInteger(limit) || limit < 1 || limit > maxPage) {
    throw badInput(`--limit ${options.limit} is not possible.`, `Use a whole number from 1 to ${maxPage}.`);
  }
  const unknown = options.state.find((state) => !(states as readonly string[]).includes(state));
  if (unknown !== undefined) throw badInput(`There is no state ${unknown}.`, `Use one of: ${states.join(', ')}.`);
  return {
    limit,
    ...(options.after === undefined ? {} : { after: options.after }),
    ...(options.state.length === 0 ? {} : { states: options.state as readonly S[] as S[] }),
  };
}

/** `signalbox runs`. */
export function listRuns(context: CliContext, options: RunListOptions): Promise<number> {
  const query: ApiInput<'listRuns'> = readPage(options, runStates);
  if (options.workflow !== undefined) {
    const name = nameSchema.safeParse(options.workflow);
    if (!name.success)
      throw badInput(`${JSON.stringify(options.workflow)} is no workflow's name.`, 'See signalbox workflows.');
    query.workflow = name.data;
  }
  return answer(
    context,
    options,
    async (client) => expectOk(await client.listRuns(query)),
    ({ runs, next }, reached) => {
      if (runs.length === 0) return ['No runs. Start one with: signalbox run WORKFLOW, or see signalbox workflows'];
      const now = context.now();
      const rows = runs.map((run): Cell[] => [
        stateCell(run.state),
        cell(shortId(run.id)),
        cell(run.workflow, 'strong'),
        { text: `${run.progress} %`, tone: 'plain' },
        cell(run.waitingFor ?? run.currentStages.join(', ')),
        cell(agoWords(now, run.createdAt), 'muted'),
        cell(run.startedAt === null ? '' : durationWords((run.endedAt ?? now) - run.startedAt), 'muted'),
        cell(run.failure?.message ?? '', 'bad'),
      ]);
      const columns = [
        { title: 'state' },
        { title: 'run' },
        { title: 'workflow' },
        { title: 'done', align: 'right' },
        { title: 'stage', flexible: true },
        { title: 'created' },
        { title: 'time', align: 'right' },
        { title: 'failure', flexible: true },
      ] as const;
      const isOpen = runs.some(({ state }) => !isRunEnded(state));
      return [...table(context, columns, rows), ...moreLine(next, 'runs'), ...withoutEngine(reached, isOpen)];
    },
  );
}

/** `signalbox tasks`. */
export function listTasks(context: CliContext, options: ListOptions): Promise<number> {
  const query = readPage(options, taskStates);
  return answer(
    context,
    options,
    async (client) => expectOk(await client.listTasks(query)),
    ({ tasks, next }, reached) => {
      if (tasks.length === 0) return ['No tasks. Queue one with: signalbox submit --command -- PROGRAM'];
      const now = context.now();
      const rows = tasks.map((task): Cell[] => [
        stateCell(task.state),
        cell(shortId(task.id)),
        cell(task.title),
        cell(task.runId === null ? '' : shortId(task.runId), 'muted'),
        cell(task.agentId ?? task.agentRef, 'muted'),
        cell(task.priority, 'muted'),
        { text: String(task.attempts), tone: 'plain' },
        cell(agoWords(now, task.createdAt), 'muted'),
        cell(task.failure?.message ?? '', 'bad'),
      ]);
      const columns = [
        { title: 'state' },
        { title: 'task' },
        { title: 'title', flexible: true },
        { title: 'run' },
        { title: 'agent' },
        { title: 'priority' },
        { title: 'attempts', align: 'right' },
        { title: 'created' },
        { title: 'failure', flexible: true },
      ] as const;
      const isOpen = tasks.some(({ state }) => !isTaskEnded(state));
      return [...table(context, columns, rows), ...moreLine(next, 'tasks'), ...withoutEngine(reached, isOpen)];
    },
  );
}

function table(
  { terminal }: CliContext,
  columns: Parameters<typeof renderTable>[0]['columns'],
  rows: readonly (readonly Cell[])[],
): string[] {
  return renderTable({ columns, rows, paint: createPaint(terminal.colour), width: terminal.columns });
}

function moreLine(next: string | null, command: string): string[] {
  return next === null ? [] : ['', `More: signalbox ${command} --after ${next}`];
}
