import type { ScheduleView } from '../../contract/api-schedules.ts';
import type { Firing } from '../../contract/schedule.ts';
import { answer } from '../answer.ts';
import type { CliContext, CommonOptions, Reached } from '../cli-context.ts';
import type { Cell } from '../paint.ts';
import { cell, createPaint, lookOf, stateCell } from '../paint.ts';
import { badInput, expectOk } from '../refused.ts';
import { plainText } from '../safe-text.ts';
import { shortId } from '../short-ids.ts';
import { renderTable } from '../table.ts';
import { agoWords, dateWords, inWords } from '../time-words.ts';
import type { ScheduleOptions, TimingOptions } from '../typed-schedule.ts';
import { readSchedule, readScheduleId, readTiming } from '../typed-schedule.ts';
import type { ReasonOptions } from './change-work.ts';

const usualReason = 'asked for in the terminal';

/** `signalbox schedules list`. */
export function listSchedules(context: CliContext, options: CommonOptions): Promise<number> {
  return answer(
    context,
    options,
    async (client) => expectOk(await client.listSchedules({})),
    ({ schedules }, reached) => {
      if (schedules.length === 0)
        return ['No schedules. One is made by: signalbox schedules add ID --cron "0 6 * * *" …'];
      const now = context.now();
      const rows = schedules.map((schedule): Cell[] => [
        cell(schedule.id, 'strong'),
        cell(schedule.when),
        cell(startWords(schedule), 'muted'),
        nextCell(schedule, now),
        schedule.lastFiring === null ? cell('') : stateCell(schedule.lastFiring.outcome),
        cell(schedule.lastFiring === null ? '' : agoWords(now, schedule.lastFiring.dueAt), 'muted'),
        cell(schedule.lastFiring?.reason ?? '', 'muted'),
      ]);
      const columns = [
        { title: 'schedule' },
        { title: 'when', flexible: true },
        { title: 'starts', flexible: true },
        { title: 'next' },
        { title: 'last' },
        { title: 'was due' },
        { title: 'because', flexible: true },
      ];
      const { colour, columns: width } = context.terminal;
      return [...renderTable({ columns, rows, paint: createPaint(colour), width }), ...withoutScheduler(reached)];
    },
  );
}

/** What to add where nothing starts anything. */
function withoutScheduler({ role }: Reached): readonly string[] {
  if (role !== 'idle') return [];
  return [
    '',
    'No engine is running: what is due meanwhile is caught up with by the next one. Start one with: signalbox engine',
  ];
}

function nextCell({ enabled, nextAt, waiting }: ScheduleView, now: number): Cell {
  const waits = waiting.length === 0 ? '' : ` (${waiting.length} wait)`;
  if (!enabled) return cell(`off${waits}`, 'muted');
  return cell((nextAt === null ? 'never again' : inWords(now, nextAt)) + waits);
}

function startWords({ definition: { start } }: ScheduleView): string {
  if (start.kind === 'run') return `run ${start.workflow}`;
  const { work, title } = start.task;
  if (title !== undefined) return `task ${title}`;
  if (work.kind === 'prompt') return `task ${work.prompt}`;
  return `task ${work.command.kind === 'script' ? work.command.script : work.command.argv.join(' ')}`;
}

/** `signalbox schedules add`: makes a schedule, or changes the one of the same id. */
export function addSchedule(
  context: CliContext,
  id: string,
  words: readonly string[],
  options: ScheduleOptions & CommonOptions,
): Promise<number> {
  return answer(
    context,
    options,
    async (client) => {
      const definition = await readSchedule(client, id, words, options, context.cwd);
      return { schedule: expectOk(await client.saveSchedule(definition)) };
    },
    ({ schedule }, reached) => [
      `Schedule ${schedule.id} starts ${plainText(startWords(schedule))}: ${schedule.when}.`,
      schedule.nextAt === null
        ? `It is switched off. Switch it on with: signalbox schedules on ${schedule.id}`
        : `Next: ${dateWords(schedule.nextAt)}, ${inWords(context.now(), schedule.nextAt)}.`,
      ...withoutScheduler(reached),
    ],
  );
}

export interface ShowScheduleOptions extends CommonOptions {
  readonly limit?: string;
}

/** `signalbox schedules show`: a schedule with what became of its times. */
export function showSchedule(context: CliContext, id: string, options: ShowScheduleOptions): Promise<number> {
  const scheduleId = readScheduleId(id);
  return answer(
    context,
    options,
    async (client) => {
      const { schedules } = expectOk(await client.listSchedules({}));
      const schedule = schedules.find((other) => other.id === scheduleId);
      if (schedule === undefined) throw badInput(`There is no schedule ${scheduleId}.`, 'See signalbox schedules.');
      const { firings } = expectOk(await client.listFirings({ scheduleId, limit: Number(options.limit ?? 20) }));
      return { schedule, firings };
    },
    ({ schedule, firings }, reached) => [
      ...scheduleLines(schedule, context.now()),
      ...firingLines(context, firings),
      ...withoutScheduler(reached),
    ],
  );
}

function scheduleLines(schedule: ScheduleView, now: number): readonly string[] {
  const { definition, upcoming } = schedule;
  return [
    plainText(`${schedule.id}  ${definition.title}`),
    plainText(`  starts    ${startWords(schedule)}`),
    plainText(`  when      ${schedule.when}`),
    `  overlap   ${definition.overlap}`,
    `  catch-up  ${definition.catchUp}`,
    `  next      ${nextCell(schedule, now).text}`,
    ...upcoming.map((at) => `            ${dateWords(at)}`),
  ];
}

function firingLines(context: CliContext, firings: readonly Firing[]): readonly string[] {
  if (firings.length === 0) return [];
  const rows = firings.map((firing): Cell[] => [
    stateCell(firing.outcome),
    cell(dateWords(firing.dueAt)),
    cell(shortId(firing.runId ?? firing.taskId ?? '')),
    cell(firing.reason ?? '', 'muted'),
  ]);
  const columns = [{ title: 'became' }, { title: 'due' }, { title: 'started' }, { title: 'because', flexible: true }];
  const { colour, columns: width } = context.terminal;
  return ['', ...renderTable({ columns, rows, paint: createPaint(colour), width })];
}

/** `signalbox schedules remove`. */
export function removeSchedule(context: CliContext, id: string, options: ReasonOptions): Promise<number> {
  const scheduleId = readScheduleId(id);
  return answer(
    context,
    options,
    async (client) => expectOk(await client.removeSchedule({ scheduleId, reason: options.reason ?? usualReason })),
    () => [`Schedule ${scheduleId} is removed. What it started goes on.`],
  );
}

/** `signalbox schedules on|off`. */
export function switchSchedule(
  context: CliContext,
  enabled: boolean,
  id: string,
  options: ReasonOptions,
): Promise<number> {
  const scheduleId = readScheduleId(id);
  const reason = options.reason ?? usualReason;
  return answer(
    context,
    options,
    async (client) => ({ schedule: expectOk(await client.switchSchedule({ scheduleId, enabled, reason })) }),
    ({ schedule: { nextAt } }) => [
      nextAt === null
        ? `Schedule ${scheduleId} is switched off.`
        : `Schedule ${scheduleId} is switched on. Next: ${dateWords(nextAt)}.`,
    ],
  );
}

/** `signalbox schedules fire`. */
export function fireSchedule(context: CliContext, id: string, options: CommonOptions): Promise<number> {
  const scheduleId = readScheduleId(id);
  return answer(
    context,
    options,
    async (client) => ({ firing: expectOk(await client.fireSchedule({ scheduleId })) }),
    ({ firing }) => {
      const { mark, tone } = lookOf(firing.outcome);
      const what = firing.runId ?? firing.taskId;
      const words = what === null ? firing.reason : `See it with: signalbox show ${shortId(what)}`;
      return [`${createPaint(context.terminal.colour)(tone, mark)} ${firing.outcome}. ${words}`];
    },
  );
}

export interface PreviewOptions extends CommonOptions, TimingOptions {
  readonly count?: string;
}

/** `signalbox schedules preview`: when something would be due. */
export function previewSchedule(context: CliContext, options: PreviewOptions): Promise<number> {
  const timing = readTiming(options);
  return answer(
    context,
    options,
    async (client) => expectOk(await client.previewSchedule({ timing, count: Number(options.count ?? 5) })),
    ({ when, times }) => [when, ...times.map((at) => `  ${dateWords(at)}  ${inWords(context.now(), at)}`)],
  );
}
