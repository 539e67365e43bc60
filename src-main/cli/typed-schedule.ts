import { resolve } from 'node:path';
import type { ApiClient, ApiInput } from '../contract/api.ts';
import type { ScheduleId } from '../contract/ids.ts';
import { scheduleIdSchema } from '../contract/ids.ts';
import { invalidInput } from '../contract/invalid-input.ts';
import type { ScheduleDefinition, Timing } from '../contract/schedule.ts';
import { scheduleDefinitionSchema } from '../contract/schedule.ts';
import { parsePriority } from './commands/run-workflow.ts';
import type { TaskOptions } from './commands/submit.ts';
import { readTask } from './commands/submit.ts';
import { badInput, expectOk, RefusedError } from './refused.ts';
import { readInputs, workflowReference } from './workflow-inputs.ts';

/** What says when a schedule is due. */
export interface TimingOptions {
  readonly cron?: string;
  readonly every?: string;
  readonly at?: string;
  readonly timeZone?: string;
}

/** What says what a schedule starts, and how. */
export interface ScheduleOptions extends TimingOptions, TaskOptions {
  readonly workflow?: string;
  readonly input: readonly string[];
  readonly inputFile?: string;
  readonly overlap?: string;
  readonly catchUp?: string;
}

/** @throws RefusedError for what is no id. */
export function readScheduleId(text: string): ScheduleId {
  const parsed = scheduleIdSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw badInput(
    `${JSON.stringify(text)} is no schedule's id.`,
    'Use a short lower-case name; see signalbox schedules.',
  );
}

/** The timing that was typed. */
export function readTiming({ cron, every, at, timeZone }: TimingOptions): Timing {
  const kinds = [cron, every, at].filter((option) => option !== undefined).length;
  if (kinds !== 1) {
    throw badInput(
      kinds === 0 ? 'It is not said when.' : 'More than one time is said.',
      'Give one of --cron "0 6 * * *", --every 30m and --at 2027-01-31T06:00.',
    );
  }
  if (timeZone !== undefined && cron === undefined) {
    throw badInput('--time-zone is for --cron.', 'Leave it out, or write a zone into --at: 2027-01-31T06:00+01:00.');
  }
  if (every !== undefined) return { kind: 'interval', everyMs: lengthOf(every) };
  if (at !== undefined) return { kind: 'once', at: momentOf(at) };
  return { kind: 'cron', expression: cron ?? '', ...(timeZone === undefined ? {} : { timeZone }) };
}

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function lengthOf(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const length = unitsMs[unit];
  if (length !== undefined) return Number(amount) * length;
  throw badInput(`${JSON.stringify(text)} is no length of time.`, 'Write a number with its unit: 90s, 30m, 6h or 1d.');
}

function momentOf(text: string): number {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw badInput(`${JSON.stringify(text)} is no time.`, 'Write it as 2027-01-31T06:00, in the time of this machine.');
}

/** The definition that was typed. Whether it can be started is the engine's to say. */
export async function readSchedule(
  client: ApiClient,
  id: string,
  words: readonly string[],
  options: ScheduleOptions,
  cwd: string,
): Promise<ScheduleDefinition> {
  const parsed = scheduleDefinitionSchema.safeParse({
    id: readScheduleId(id),
    title: options.title ?? id,
    timing: readTiming(options),
    start: await readStart(client, words, options, cwd),
    overlap: options.overlap,
    catchUp: options.catchUp,
  });
  if (parsed.success) return parsed.data;
  throw new RefusedError(invalidInput(`The schedule ${JSON.stringify(id)}`, parsed.error));
}

type Start = ApiInput<'saveSchedule'>['start'];

async function readStart(
  client: ApiClient,
  words: readonly string[],
  options: ScheduleOptions,
  cwd: string,
): Promise<Start> {
  const { workflow } = options;
  if (workflow === undefined) {
    const task = readTask(words, options, cwd);
    if (task !== null) return { kind: 'task', task };
  }
  if (workflow === undefined || words.length > 0) {
    throw badInput(
      'It is not clear what it is to start.',
      'Give --workflow NAME, or --command -- PROGRAM, --script, or --agent TYPE --prompt TEXT.',
    );
  }
  const reference = workflowReference(workflow, cwd);
  const found = expectOk(await client.getWorkflow({ workflow: reference }));
  const typed = { pairs: options.input, file: options.inputFile };
  return {
    kind: 'run',
    workflow: reference,
    inputs: await readInputs(typed, found.definition?.inputs ?? [], cwd),
    priority: parsePriority(options.priority),
    ...(options.folder === undefined ? {} : { folder: resolve(cwd, options.folder) }),
  };
}
