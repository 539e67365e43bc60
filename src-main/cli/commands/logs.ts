import type { ApiClient } from '../../contract/api.ts';
import type { AttemptId, TaskId } from '../../contract/ids.ts';
import type { LogLine } from '../../contract/log.ts';
import type { Attempt } from '../../contract/task.ts';
import type { CliContext, CommonOptions, Reached, Signal } from '../cli-context.ts';
import { attemptLabel, logLine } from '../log-lines.ts';
import { createPaint } from '../paint.ts';
import { badInput, exitCodes, expectOk } from '../refused.ts';
import { safeJson } from '../safe-text.ts';
import type { Named } from '../short-ids.ts';
import { findAnything } from '../short-ids.ts';

export interface LogOptions extends CommonOptions {
  readonly follow?: boolean;
  readonly stage?: string;
  readonly from?: string;
  readonly times?: boolean;
}

const pageSize = 1_000;
/** How often it is looked for new attempts and lines while following; the engine's events wake it earlier. */
const lookMs = 500;

type LogAttempt = Pick<Attempt, 'id' | 'number' | 'stage'>;

/** `signalbox logs`: what the attempts of a run, of a task, or one attempt printed; with `-f` also what they print. */
export async function showLogs(context: CliContext, text: string, options: LogOptions): Promise<number> {
  const from = readFrom(options.from);
  const reached = await context.reach('idle', options);
  try {
    const named = await findAnything(reached.client, text);
    const reader = new LogPrinter({ context, options, client: reached.client, named, from });
    await reader.printNew();
    if (options.follow === true) return await followLogs(context, reached, reader);
    reader.tellEmpty();
    return exitCodes.done;
  } finally {
    await reached.close();
  }
}

function readFrom(text: string | undefined): number {
  const from = Number(text ?? 1);
  if (Number.isInteger(from) && from >= 1) return from;
  throw badInput(`--from ${text} is no line number.`, 'Lines count from 1.');
}

async function followLogs(context: CliContext, reached: Reached, reader: LogPrinter): Promise<number> {
  if (reached.role !== 'guest') {
    if (!reader.isComplete)
      context.terminal.note('No engine is running, so nothing more is printed. Start one with: signalbox engine');
    return exitCodes.done;
  }
  const seen: { signal: Signal | null } = { signal: null };
  let wake = () => {};
  const stopListening = context.onSignal((signal) => {
    seen.signal = signal;
    wake();
  });
  const stopLooking = context.every(lookMs, () => wake());
  try {
    while (seen.signal === null && !reader.isComplete) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      await reader.printNew();
    }
  } finally {
    stopLooking();
    stopListening();
  }
  return seen.signal === null || seen.signal === 'SIGINT' ? exitCodes.done : exitCodes[seen.signal];
}

interface LogPrinterParts {
  readonly context: CliContext;
  readonly options: LogOptions;
  readonly client: ApiClient;
  readonly named: Named;
  /** The first line wanted of every attempt. */
  readonly from: number;
}

/** Prints every line of every attempt once, however often it is asked. */
class LogPrinter {
  readonly #parts: LogPrinterParts;
  /** By attempt: the number of the next line, and whether there will be more. */
  readonly #read = new Map<AttemptId, { next: number; complete: boolean }>();
  #ended = false;
  #printed = 0;

  constructor(parts: LogPrinterParts) {
    this.#parts = parts;
  }

  /** Whether nothing will be printed any more. */
  get isComplete(): boolean {
    return this.#ended && [...this.#read.values()].every(({ complete }) => complete);
  }

  async printNew(): Promise<void> {
    const attempts = await this.#attempts();
    for (const attempt of attempts) await this.#printAttempt(attempt, attempts.length > 1);
  }

  /** Says so when there was nothing to print. */
  tellEmpty(): void {
    if (this.#printed === 0) this.#parts.context.terminal.note('Nothing is printed in this log.');
  }

  async #attempts(): Promise<readonly LogAttempt[]> {
    const { client, named, options } = this.#parts;
    if (named.noun === 'attempt') {
      // Whether it has ended is told with its lines.
      this.#ended = true;
      return [{ id: named.id, number: 1, stage: null }];
    }
    if (named.noun === 'task') return this.#attemptsOf(named.id);
    const run = expectOk(await client.getRun({ runId: named.id }));
    const stages = run.stages.filter(({ name }) => options.stage === undefined || name === options.stage);
    if (stages.length === 0) {
      throw badInput(
        `The run has no stage ${options.stage}.`,
        `It has: ${run.stages.map(({ name }) => name).join(', ')}.`,
      );
    }
    const attempts: LogAttempt[] = [];
    for (const { taskId } of stages) {
      if (taskId !== null) attempts.push(...(await this.#attemptsOf(taskId)));
    }
    this.#ended = run.endedAt !== null || (options.stage !== undefined && stages[0]?.endedAt != null);
    return attempts;
  }

  async #attemptsOf(taskId: TaskId): Promise<readonly LogAttempt[]> {
    const { task, attempts } = expectOk(await this.#parts.client.getTask({ taskId }));
    this.#ended = task.endedAt !== null;
    return attempts;
  }

  async #printAttempt(attempt: LogAttempt, labelled: boolean): Promise<void> {
    const { client, from } = this.#parts;
    const state = this.#read.get(attempt.id) ?? { next: from, complete: false };
    this.#read.set(attempt.id, state);
    while (!state.complete) {
      const page = expectOk(await client.readLog({ attemptId: attempt.id, from: state.next, limit: pageSize }));
      for (const line of page.lines) this.#print(attempt, line, labelled);
      state.next = (page.lines.at(-1)?.number ?? state.next - 1) + 1;
      state.complete = page.complete && state.next > page.totalLines;
      if (page.lines.length === 0) return;
    }
  }

  #print(attempt: LogAttempt, line: LogLine, labelled: boolean): void {
    const { context, options } = this.#parts;
    const { terminal } = context;
    this.#printed += 1;
    if (options.json === true) {
      terminal.printRaw(`${safeJson({ attemptId: attempt.id, stage: attempt.stage, ...line })}\n`);
      return;
    }
    const label = labelled ? attemptLabel(attempt) : '';
    const look = { paint: createPaint(terminal.colour), colour: terminal.colour, label, times: options.times === true };
    terminal.printRaw(`${logLine(line, look)}\n`);
  }
}
