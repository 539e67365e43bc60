import { nameSchema } from '../../contract/ids.ts';
import type { Run } from '../../contract/run.ts';
import type { Task } from '../../contract/task.ts';
import { answer } from '../answer.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { createPaint, lookOf } from '../paint.ts';
import { badInput, expectOk } from '../refused.ts';
import { plainText } from '../safe-text.ts';
import { findAnything, findRun, shortId } from '../short-ids.ts';
import { parsePriority } from './run-workflow.ts';

export interface ReasonOptions extends CommonOptions {
  readonly reason?: string;
}

/** Why, when nobody typed a reason. */
const usualReason = 'asked for in the terminal';

/** `signalbox cancel`: a run, or a task that stands alone. */
export function cancelWork(context: CliContext, text: string, options: ReasonOptions): Promise<number> {
  const reason = options.reason ?? usualReason;
  return answer(
    context,
    options,
    async (client) => {
      const found = await findAnything(client, text);
      if (found.noun === 'run') return { run: expectOk(await client.cancelRun({ runId: found.id, reason })) };
      if (found.noun === 'task') return { task: expectOk(await client.cancelTask({ taskId: found.id, reason })) };
      throw badInput('An attempt is not cancelled by itself.', 'Cancel its task or its run.');
    },
    (changed) => changedLines(context, changed, 'is being cancelled'),
  );
}

/** `signalbox pause`: lets what runs end, and starts nothing more of the run. */
export function pauseRun(context: CliContext, text: string, options: ReasonOptions): Promise<number> {
  const reason = options.reason ?? usualReason;
  return answer(
    context,
    options,
    async (client) => ({ run: expectOk(await client.pauseRun({ runId: await findRun(client, text), reason })) }),
    (changed) => changedLines(context, changed, 'pauses once its live stages have ended'),
  );
}

/** `signalbox resume`. */
export function resumeRun(context: CliContext, text: string, options: ReasonOptions): Promise<number> {
  const reason = options.reason ?? usualReason;
  return answer(
    context,
    options,
    async (client) => ({ run: expectOk(await client.resumeRun({ runId: await findRun(client, text), reason })) }),
    (changed) => changedLines(context, changed, 'goes on'),
  );
}

export interface RetryOptions extends CommonOptions {
  readonly stage?: string;
}

/** `signalbox retry`: a new run from the first failed stage, or a dead task back into the queue. */
export function retryWork(context: CliContext, text: string, options: RetryOptions): Promise<number> {
  const stage = options.stage === undefined ? undefined : nameSchema.safeParse(options.stage);
  if (stage !== undefined && !stage.success)
    throw badInput(`${JSON.stringify(options.stage)} is no stage's name.`, 'See signalbox show RUN.');
  return answer(
    context,
    options,
    async (client) => {
      const found = await findAnything(client, text);
      if (found.noun === 'run') {
        const fromStage = stage === undefined ? {} : { fromStage: stage.data };
        return { run: expectOk(await client.rerunRun({ runId: found.id, ...fromStage })) };
      }
      if (stage !== undefined) throw badInput('--stage is for runs.', 'Leave it out for a task.');
      if (found.noun === 'task') return { task: expectOk(await client.requeueTask({ taskId: found.id })) };
      throw badInput('An attempt is not retried by itself.', 'Retry its task or its run.');
    },
    (changed) =>
      'run' in changed && changed.run !== undefined
        ? [
            `Run ${shortId(changed.run.id)} reruns ${shortId(changed.run.rerunOf?.runId ?? '')} from ${changed.run.rerunOf?.fromStage}.`,
            `See it with: signalbox show ${shortId(changed.run.id)}`,
          ]
        : changedLines(context, changed, 'is queued again'),
  );
}

/** `signalbox priority`. */
export function setPriority(context: CliContext, text: string, level: string, options: CommonOptions): Promise<number> {
  const priority = parsePriority(level);
  return answer(
    context,
    options,
    async (client) => {
      const found = await findAnything(client, text);
      if (found.noun !== 'task') throw badInput(`${text} is no task.`, 'See signalbox tasks.');
      return { task: expectOk(await client.setTaskPriority({ taskId: found.id, priority })) };
    },
    (changed) => changedLines(context, changed, `has the priority ${priority}`),
  );
}

function changedLines(
  { terminal }: CliContext,
  changed: { readonly run?: Run; readonly task?: Task },
  what: string,
): string[] {
  const row = changed.run ?? changed.task;
  if (row === undefined) return [];
  const name =
    changed.run === undefined ? `Task ${shortId(row.id)}` : `Run ${shortId(row.id)} of ${changed.run.workflow}`;
  const { mark, tone } = lookOf(row.state);
  const paint = createPaint(terminal.colour);
  return [`${paint(tone, mark)} ${plainText(name)} ${what} ${paint('muted', `(${row.state})`)}`];
}
