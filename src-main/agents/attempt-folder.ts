import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LaunchRequest } from '../core/ports.ts';
import { traceparent } from './trace-context.ts';

/**
 * What an attempt has of its own on disk, readable by this user only. It goes with the attempt: what is worth keeping
 * (the result, the log) is kept elsewhere with its secrets redacted, and these files hold them in the clear.
 */
export interface AttemptFolder {
  /** Absolute. */
  readonly path: string;
  readonly inputFile: string;
  readonly outputFile: string;
  readonly tempFolder: string;
  /** Makes the folder and writes the input file. May be called again. @throws when the data folder cannot be written. */
  prepare(): Promise<void>;
  /**
   * Deletes it, but not before the last of the task's gates has run: their commands may read the outputs. What cannot
   * be deleted is left to the next start, because the attempt has its result.
   * @param gate the command of the gate that has just run; null: the attempt itself.
   */
  removeAfter(gate: readonly string[] | null): Promise<void>;
}

/** The folder of a request's attempt in the data folder. Nothing is touched before `prepare`. */
export function attemptFolder(dataFolder: string, request: LaunchRequest): AttemptFolder {
  const folder = join(temporaryRoot(dataFolder), request.attempt.id);
  const inputFile = join(folder, 'input.json');
  const tempFolder = join(folder, 'tmp');
  const lastGate = request.task.spec.gates.findLast((gate) => gate.kind === 'command')?.argv ?? null;
  return {
    path: folder,
    inputFile,
    outputFile: join(folder, 'outputs.json'),
    tempFolder,
    prepare: async () => {
      await mkdir(tempFolder, { recursive: true, mode: 0o700 });
      await writeFile(inputFile, `${JSON.stringify(inputFacts(request))}\n`, { mode: 0o600 });
    },
    removeAfter: (gate) => removeFolder(lastGate === null || gate === lastGate ? folder : tempFolder),
  };
}

/** Where everything temporary is. Nothing in it outlives the engine that made it, so that the next one deletes it whole. */
export function temporaryRoot(dataFolder: string): string {
  return join(dataFolder, 'tmp');
}

/** Deletes a folder with everything in it; one that is still in use is left. */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 }).catch(() => undefined);
}

/** What a command reads from `SIGNALBOX_INPUT`. The names are those of `_meta.signalbox` of an ACP session. */
function inputFacts({ task, attempt, workflow }: LaunchRequest) {
  const { work, title, inputs, earlierOutputs } = task.spec;
  return {
    task: {
      ...taskFacts({ task, attempt, workflow }),
      title,
      ...(work.kind === 'prompt' ? { prompt: work.prompt } : {}),
    },
    inputs,
    outputs: earlierOutputs,
    config: work.kind === 'prompt' ? work.config : {},
  };
}

/** Which task and attempt this is, for every protocol. */
export function taskFacts({ task, attempt, workflow }: Pick<LaunchRequest, 'task' | 'attempt' | 'workflow'>) {
  return {
    runId: task.runId,
    taskId: task.id,
    attemptId: attempt.id,
    attemptNumber: attempt.number,
    workflow,
    stage: task.stage,
    traceparent: traceparent(task, attempt.id),
  };
}
