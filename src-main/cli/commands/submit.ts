import { resolve } from 'node:path';
import type { ApiInput } from '../../contract/api.ts';
import { nameSchema } from '../../contract/ids.ts';
import type { TaskWork } from '../../contract/task.ts';
import type { CliContext, Reached } from '../cli-context.ts';
import { badInput, exitCodes, expectOk } from '../refused.ts';
import { safeJson } from '../safe-text.ts';
import { shortId } from '../short-ids.ts';
import { waitForTask } from '../watch-task.ts';
import type { RunOptions } from './run-workflow.ts';
import { parsePriority, startRun, watchToEnd } from './run-workflow.ts';

/** What says what a task is. */
export interface TaskOptions {
  readonly command?: boolean;
  readonly script?: string;
  readonly agent?: string;
  readonly prompt?: string;
  readonly title?: string;
  readonly folder?: string;
  readonly priority?: string;
}

export interface SubmitOptions extends RunOptions, TaskOptions {
  readonly wait?: boolean;
}

type NewTask = ApiInput<'enqueueTasks'>['tasks'][number];

/** `signalbox submit`: stores a run or a task and hands it to the living engine, if there is one. */
export async function submit(context: CliContext, words: readonly string[], options: SubmitOptions): Promise<number> {
  const task = readTask(words, options, context.cwd);
  const reached = await context.reach(options.wait === true ? 'work' : 'idle', options);
  try {
    if (task !== null) return await submitTask(context, reached, task, options);
    const run = await startRun(context, reached, words[0] ?? '', options);
    if (options.wait === true) return await watchToEnd(context, options, reached, run);
    if (options.json === true) context.terminal.printRaw(`${safeJson({ run })}\n`);
    else tellSubmitted(context, reached, `Run ${shortId(run.id)} of ${run.workflow}`, run.id);
    await reached.close();
    return exitCodes.done;
  } catch (error) {
    await reached.close();
    throw error;
  }
}

async function submitTask(
  context: CliContext,
  reached: Reached,
  task: NewTask,
  options: SubmitOptions,
): Promise<number> {
  const { taskIds } = expectOk(await reached.client.enqueueTasks({ tasks: [task] }));
  const [taskId] = taskIds;
  if (taskId === undefined) throw new Error('the engine stored a task and named none');
  if (options.wait === true) return waitForTask(context, options, reached, taskId);
  if (options.json === true) context.terminal.printRaw(`${safeJson({ taskId })}\n`);
  else tellSubmitted(context, reached, `Task ${shortId(taskId)}`, taskId);
  await reached.close();
  return exitCodes.done;
}

function tellSubmitted({ terminal }: CliContext, reached: Reached, what: string, id: string): void {
  if (reached.role === 'guest') {
    terminal.print(`${what} is with the engine of process ${reached.pid}.`);
  } else {
    terminal.print(`${what} is stored. No engine is running: it starts with the next one.`);
    terminal.print('Start an engine with: signalbox engine (or submit with --wait)');
  }
  terminal.print(`See it with: signalbox show ${shortId(id)}`);
}

/**
 * The task that was typed. @returns null when the words name a workflow.
 */
export function readTask(words: readonly string[], options: TaskOptions, cwd: string): NewTask | null {
  const { command, script, agent, prompt } = options;
  const kinds = [command === true, script !== undefined, prompt !== undefined].filter(Boolean).length;
  if (kinds > 1)
    throw badInput('More than one kind of work is given.', 'Give one of --command, --script and --prompt.');
  if (kinds === 0) {
    if (words.length === 1 && words[0] !== '') return null;
    throw badInput(
      'It is not clear what to submit.',
      'Name one workflow, or use --command -- PROGRAM, --script or --agent TYPE --prompt TEXT.',
    );
  }
  if (command !== true && words.length > 0) throw badInput(`${JSON.stringify(words[0])} is too much.`, 'Leave it out.');
  const common = {
    folder: resolve(cwd, options.folder ?? '.'),
    priority: parsePriority(options.priority),
    ...(options.title === undefined ? {} : { title: options.title }),
  };
  return { ...common, agent: selectorOf(agent, prompt), work: workOf(words, script, prompt) };
}

function workOf(words: readonly string[], script: string | undefined, prompt: string | undefined): TaskWork {
  if (prompt !== undefined) return { kind: 'prompt', prompt, config: {} };
  if (script !== undefined) return { kind: 'command', command: { kind: 'script', script } };
  if (words.length === 0) throw badInput('The command is missing.', 'Write it after two dashes: --command -- npm test');
  return { kind: 'command', command: { kind: 'argv', argv: [...words] } };
}

function selectorOf(agent: string | undefined, prompt: string | undefined): NewTask['agent'] {
  if (agent === undefined && prompt !== undefined) {
    throw badInput(
      'Nobody is named who is to read the prompt.',
      'Name an agent type with --agent; see signalbox agents.',
    );
  }
  const type = nameSchema.safeParse(agent ?? 'shell');
  if (!type.success) throw badInput(`${JSON.stringify(agent)} is no agent type.`, 'See signalbox agents.');
  return { type: type.data };
}
