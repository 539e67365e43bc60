import type { ApiError } from '../contract/errors.ts';
import type { TaskId } from '../contract/ids.ts';
import { isTaskEnded } from '../contract/states.ts';
import type { Task } from '../contract/task.ts';
import type { CliContext, CommonOptions, Reached, Signal } from './cli-context.ts';
import { createPaint, lookOf } from './paint.ts';
import { exitCodes, expectOk, RefusedError } from './refused.ts';
import { plainText, safeJson } from './safe-text.ts';
import { shortId } from './short-ids.ts';
import { durationWords } from './time-words.ts';

/**
 * Waits until a task has ended, says how, and closes the engine. Ctrl-C cancels the task, a second one stops at once.
 * @returns the exit code.
 */
export async function waitForTask(
  context: CliContext,
  options: CommonOptions,
  reached: Reached,
  taskId: TaskId,
): Promise<number> {
  const seen: { signal: Signal | null } = { signal: null };
  const { promise: left, resolve: leave } = Promise.withResolvers<'left'>();
  const stopListening = context.onSignal((signal) => {
    const isFirst = seen.signal === null;
    seen.signal = signal;
    if (signal !== 'SIGINT' || !isFirst) leave('left');
    else {
      context.terminal.note('Cancelling the task. Ctrl-C again stops at once.');
      void reached.client.cancelTask({ taskId, reason: 'Ctrl-C in the terminal' });
    }
  });
  const ended = await Promise.race([taskEnd(reached, taskId), left]);
  stopListening();
  if (ended !== 'left') tellTask(context, options, ended);
  else tellLeft(context, seen.signal, taskId);
  await reached.close();
  if (seen.signal !== null) return exitCodes[seen.signal];
  return ended !== 'left' && ended.state === 'completed' ? exitCodes.done : exitCodes.failed;
}

function tellLeft({ terminal }: CliContext, signal: Signal | null, taskId: TaskId): void {
  const what = signal === 'SIGINT' ? 'Its cancelling is stored, and completed' : 'It is stored, and continued';
  terminal.note(`Task ${shortId(taskId)} is not waited for. ${what} by the engine that runs, or the next one.`);
}

/** Resolves when the task has ended. @throws RefusedError when it cannot be followed any more. */
async function taskEnd(reached: Reached, taskId: TaskId): Promise<Task> {
  const { promise, resolve, reject } = Promise.withResolvers<Task>();
  const look = async () => {
    const { task } = expectOk(await reached.client.getTask({ taskId }));
    if (isTaskEnded(task.state)) resolve(task);
  };
  const { lastSeq } = expectOk(await reached.client.getStatus({}));
  const feed = expectOk(
    await reached.follow(
      { topic: 'events', afterSeq: lastSeq, taskId },
      { deliver: () => look().catch(reject), ended: (error: ApiError) => reject(new RefusedError(error)) },
    ),
  );
  await look();
  return promise.finally(() => feed.stop());
}

function tellTask({ terminal }: CliContext, { json }: CommonOptions, task: Task): void {
  if (json === true) {
    terminal.printRaw(`${safeJson({ task })}\n`);
    return;
  }
  const paint = createPaint(terminal.colour);
  const { mark, tone } = lookOf(task.state);
  const time = task.startedAt === null ? '' : ` in ${durationWords((task.endedAt ?? task.startedAt) - task.startedAt)}`;
  terminal.print(
    `${paint(tone, `${mark} ${plainText(task.spec.title)} ${task.state}`)}${time}  ${paint('muted', task.id)}`,
  );
  if (task.failure !== null) terminal.print(`  ${paint('bad', plainText(task.failure.message))}`);
  if (task.failure?.remedy !== undefined) terminal.print(`    ${plainText(task.failure.remedy)}`);
  terminal.print(paint('muted', `Its log: signalbox logs ${shortId(task.id)}`));
}
