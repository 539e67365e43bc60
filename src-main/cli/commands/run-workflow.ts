import type { ApiInput, ApiOutput } from '../../contract/api.ts';
import type { Run } from '../../contract/run.ts';
import { prioritySchema } from '../../contract/values.ts';
import type { CliContext, CommonOptions, Reached } from '../cli-context.ts';
import { tellParked, tellResumed } from '../other-work.ts';
import { createPaint } from '../paint.ts';
import { findTyped } from '../project-here.ts';
import { badInput, exitCodes, expectOk } from '../refused.ts';
import { summarizeRun } from '../run-summary.ts';
import { createRunView } from '../run-views.ts';
import { safeJson } from '../safe-text.ts';
import { shortId } from '../short-ids.ts';
import type { WatchEnd } from '../watch-run.ts';
import { watchRun } from '../watch-run.ts';
import { readInputs } from '../workflow-inputs.ts';
import { planWorkflow } from './plan-workflow.ts';

export interface RunOptions extends CommonOptions {
  readonly input: readonly string[];
  readonly inputFile?: string;
  readonly folder?: string;
  readonly priority?: string;
  readonly dryRun?: boolean;
}

/** `signalbox run`: starts a run and stays until it has ended; with `--dry-run` it only says what it would do. */
export async function runWorkflow(context: CliContext, workflow: string, options: RunOptions): Promise<number> {
  if (options.dryRun === true) return planWorkflow(context, workflow, options);
  const reached = await context.reach('work', options);
  try {
    await tellResumed(context, reached);
    const run = await startRun(context, reached, workflow, options);
    return await watchToEnd(context, options, reached, run);
  } catch (error) {
    await reached.close();
    throw error;
  }
}

/** Starts a run of what was typed. */
export async function startRun(
  context: CliContext,
  reached: Reached,
  workflow: string,
  options: RunOptions,
): Promise<Run> {
  const { reference, found, folder } = await findTyped(context, reached.client, workflow, options.folder);
  const typed = { pairs: options.input, file: options.inputFile };
  const inputs = await readInputs(typed, expectOk(found).definition?.inputs ?? [], context.cwd);
  const input: ApiInput<'startRun'> = {
    workflow: reference,
    inputs,
    priority: parsePriority(options.priority),
    // Should the answer be lost, asking again does not start a second run.
    requestId: crypto.randomUUID(),
    ...(folder === undefined ? {} : { folder }),
  };
  return expectOk(await reached.client.startRun(input));
}

/** One of the priorities; normal when none was typed. */
export function parsePriority(text: string | undefined): ApiOutput<'getRun'>['priority'] {
  const parsed = prioritySchema.safeParse(text ?? 'normal');
  if (parsed.success) return parsed.data;
  throw badInput(`There is no priority ${JSON.stringify(text)}.`, `Use one of: ${prioritySchema.options.join(', ')}.`);
}

/** Shows a run until it has ended, says what came out, and closes the engine. @returns the exit code. */
export async function watchToEnd(
  context: CliContext,
  options: CommonOptions,
  reached: Reached,
  run: Run,
  more: (run: Run) => readonly string[] = () => [],
): Promise<number> {
  const json = options.json === true;
  const view = createRunView(context, json);
  const end = await watchRun({ context, options, reached, runId: run.id, view });
  const last = end.run ?? run;
  if (json) context.terminal.printRaw(`${safeJson({ run: last })}\n`);
  else if (end.leave === 'no') {
    const paint = createPaint(context.terminal.colour);
    context.terminal.print();
    for (const line of [...summarizeRun(last, paint, context.terminal.columns), ...more(last)])
      context.terminal.print(line);
  }
  if (end.leave === 'no') await tellParked(context, end.reached);
  else tellLeft(context, end, last);
  await end.reached.close({ graceMs: end.leave === 'atOnce' ? 0 : closeGraceMs });
  if (end.signal !== null) return exitCodes[end.signal];
  return last.state === 'completed' ? exitCodes.done : exitCodes.failed;
}

const closeGraceMs = 5_000;

/** What becomes of a run that is not waited for any more. */
function tellLeft({ terminal }: CliContext, { reached, signal, leave }: WatchEnd, run: Run): void {
  const name = `run ${shortId(run.id)}`;
  if (reached.role === 'guest') {
    terminal.note(`Leaving ${name} to the engine of process ${reached.pid}.`);
  } else if (leave === 'atOnce') {
    terminal.note(`Stopped at once. The cancelling of ${name} is stored; the next engine completes it.`);
  } else {
    terminal.note(`${signal}: ${name} is parked. The next engine goes on with it; start one with: signalbox engine`);
  }
}
