import type { ApiClient, ApiOutput } from '../../contract/api.ts';
import type { RunId } from '../../contract/ids.ts';
import type { Run } from '../../contract/run.ts';
import type { Json, JsonObject } from '../../contract/values.ts';
import { answer, withoutEngine } from '../answer.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import type { Cell, Paint } from '../paint.ts';
import { cell, createPaint, lookOf, stateCell } from '../paint.ts';
import { gateWords } from '../progress-lines.ts';
import { badInput, expectOk } from '../refused.ts';
import { plainText } from '../safe-text.ts';
import { findAnything, shortId } from '../short-ids.ts';
import { renderTable } from '../table.ts';
import { agoWords, durationWords } from '../time-words.ts';

type TaskView = ApiOutput<'getTask'>;

interface RunView {
  readonly run: Run;
  readonly stuck: ApiOutput<'getRunWork'>['attempts'];
}

/** `signalbox show`: everything about one run or one task. */
export function showWork(context: CliContext, text: string, options: CommonOptions): Promise<number> {
  return answer(
    context,
    options,
    async (client): Promise<RunView | TaskView> => {
      const found = await findAnything(client, text);
      if (found.noun === 'run') return lookAtRun(client, found.id);
      if (found.noun === 'task') return expectOk(await client.getTask({ taskId: found.id }));
      throw badInput('An attempt has no page of its own.', 'Show its task, or its log with: signalbox logs ATTEMPT');
    },
    (value, reached) => {
      const row = 'run' in value ? value.run : value.task;
      const lines = 'run' in value ? runLines(context, value) : taskLines(context, value);
      return [...lines, ...withoutEngine(reached, row.endedAt === null)];
    },
  );
}

/** The run, and of what its tasks did last what is stuck, or got stuck for a person to look at. */
async function lookAtRun(client: ApiClient, runId: RunId): Promise<RunView> {
  const { run, attempts } = expectOk(await client.getRunWork({ runId }));
  const last = new Map(attempts.map((attempt) => [attempt.taskId, attempt]));
  return { run, stuck: [...last.values()].filter(({ stuck }) => stuck !== null) };
}

function runLines({ terminal, now }: CliContext, { run, stuck }: RunView): string[] {
  const paint = createPaint(terminal.colour);
  const width = terminal.columns;
  const at = now();
  return [
    titleLine(run.state, `${run.workflow}  run ${run.id}`, paint),
    ...facts(paint, width, [
      ['progress', `${run.progress} %`],
      ['waiting for', run.waitingFor],
      ...stuck.map((attempt) => [`stage ${attempt.stage}`, stuckWords(attempt)] as const),
      ['created', agoWords(at, run.createdAt)],
      ['time', run.startedAt === null ? null : durationWords((run.endedAt ?? at) - run.startedAt)],
      ['priority', run.priority],
      ['folder', run.folder],
      ['rerun of', run.rerunOf === null ? null : `${run.rerunOf.runId} from ${run.rerunOf.fromStage}`],
      ['pause asked', run.pauseRequestedAt === null ? null : agoWords(at, run.pauseRequestedAt)],
      [
        'cancel asked',
        run.cancelRequestedAt === null ? null : `${agoWords(at, run.cancelRequestedAt)}: ${run.cancelReason}`,
      ],
      ['failure', run.failure?.message ?? null],
      ['what to do', run.failure?.remedy ?? null],
      ['trace', run.traceId],
    ]),
    '',
    paint('strong', 'stages'),
    ...stageTable(run, paint, width, at),
    ...values('inputs', run.inputs, paint, width),
    ...run.stages.flatMap((stage) =>
      stage.outputs === null ? [] : values(`outputs of ${stage.name}`, stage.outputs, paint, width),
    ),
  ];
}

function stageTable(run: Run, paint: Paint, width: number, at: number): string[] {
  const rows = run.stages.map((stage): Cell[] => [
    stateCell(stage.state),
    cell(stage.name),
    cell(stage.taskId === null ? '' : shortId(stage.taskId), 'muted'),
    cell(stage.startedAt === null ? '' : durationWords((stage.endedAt ?? at) - stage.startedAt), 'muted'),
    cell(stage.gates.map(gateWords).join(', '), 'muted'),
    cell(
      stage.failure?.message ?? stage.reason ?? (stage.inherited ? 'taken over' : ''),
      stage.failure === null ? 'muted' : 'bad',
    ),
  ]);
  const columns = [
    { title: 'state' },
    { title: 'stage' },
    { title: 'task' },
    { title: 'time', align: 'right' },
    { title: 'gates', flexible: true },
    { title: 'note', flexible: true },
  ] as const;
  return renderTable({ columns, rows, paint, width, indent: 2 });
}

function taskLines({ terminal, now }: CliContext, { task, attempts, waitingBecause }: TaskView): string[] {
  const paint = createPaint(terminal.colour);
  const width = terminal.columns;
  const at = now();
  const { spec } = task;
  return [
    titleLine(task.state, `${plainText(spec.title)}  task ${task.id}`, paint),
    ...facts(paint, width, [
      ['waits because', waitingBecause],
      ['run', task.runId === null ? null : `${task.runId}, stage ${task.stage}`],
      ['agent', task.agentId ?? spec.selector.id ?? spec.selector.type ?? null],
      ['work', workWords(task)],
      ['folder', spec.folder],
      ['priority', task.priority],
      ['created', agoWords(at, task.createdAt)],
      ['time', task.startedAt === null ? null : durationWords((task.endedAt ?? at) - task.startedAt)],
      [
        'failure',
        task.failure === null ? null : `${task.failure.message} (${task.failure.category}, ${task.failure.class})`,
      ],
      ['what to do', task.failure?.remedy ?? null],
      ['trace', task.traceId],
    ]),
    ...attemptTable(attempts, paint, width, at),
    ...values('inputs', spec.inputs, paint, width),
    ...(task.outputs === null ? [] : values('outputs', task.outputs, paint, width)),
  ];
}

function workWords({ spec }: TaskView['task']): string {
  if (spec.work.kind === 'prompt') return spec.work.prompt;
  const { command } = spec.work;
  return command.kind === 'script' ? command.script : command.argv.join(' ');
}

function attemptTable(attempts: TaskView['attempts'], paint: Paint, width: number, at: number): string[] {
  if (attempts.length === 0) return [];
  const rows = attempts.map((attempt): Cell[] => [
    stateCell(attempt.state),
    cell(`#${attempt.number}`),
    cell(attempt.agentId),
    cell(attempt.id, 'muted'),
    cell(attempt.startedAt === null ? '' : durationWords((attempt.endedAt ?? at) - attempt.startedAt), 'muted'),
    cell(attempt.process === null ? '' : `process ${attempt.process.pid}`, 'muted'),
    cell(attempt.exit === null ? '' : exitWords(attempt.exit), 'muted'),
    cell(attempt.failure?.message ?? stuckWords(attempt), 'bad'),
  ]);
  const columns = [
    { title: 'state' },
    { title: '' },
    { title: 'agent' },
    { title: 'attempt' },
    { title: 'time', align: 'right' },
    { title: 'process' },
    { title: 'end' },
    { title: 'failure', flexible: true },
  ] as const;
  return ['', paint('strong', 'attempts'), ...renderTable({ columns, rows, paint, width, indent: 2 })];
}

/** What the watchdog found; empty for an attempt that does something. */
function stuckWords({ stuck }: Pick<TaskView['attempts'][number], 'stuck'>): string {
  return stuck === null ? '' : `stuck (${stuck.rung}): ${stuck.evidence}`;
}

function exitWords({ code, signal, stopReason }: NonNullable<TaskView['attempts'][number]['exit']>): string {
  return [code === null ? '' : `exit ${code}`, signal ?? '', stopReason ?? ''].filter((part) => part !== '').join(', ');
}

function titleLine(state: string, text: string, paint: Paint): string {
  const { mark, tone } = lookOf(state);
  return `${paint(tone, `${mark} ${state}`)}  ${paint('strong', text)}`;
}

function facts(paint: Paint, width: number, pairs: readonly (readonly [string, string | null])[]): string[] {
  const rows = pairs.flatMap(([name, value]) => (value === null ? [] : [[cell(name, 'muted'), cell(value)]]));
  const columns = [{ title: '' }, { title: '', flexible: true }];
  return renderTable({ columns, rows, paint, width, indent: 2, titled: false });
}

function values(title: string, object: JsonObject, paint: Paint, width: number): string[] {
  const rows = Object.entries(object).map(([name, value]) => [cell(name, 'muted'), cell(valueText(value))]);
  if (rows.length === 0) return [];
  const columns = [{ title: '' }, { title: '', flexible: true }];
  return ['', paint('strong', title), ...renderTable({ columns, rows, paint, width, indent: 2, titled: false })];
}

function valueText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
