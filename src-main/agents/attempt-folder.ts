import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LaunchRequest } from '../core/ports.ts';
import { traceparent } from './trace-context.ts';

/**
 * What an attempt has of its own on disk, readable by this user only: a folder whose files stay as a record, and a
 * temporary folder elsewhere, which goes with the attempt.
 */
export interface AttemptFolder {
  /** Absolute. */
  readonly path: string;
  readonly inputFile: string;
  readonly outputFile: string;
  readonly tempFolder: string;
  /** Makes the folder and writes the input file. May be called again. @throws when the data folder cannot be written. */
  prepare(): Promise<void>;
  /** Deletes the temporary folder; what cannot be deleted is left to the next time, because the attempt has its result. */
  removeTempFolder(): Promise<void>;
}

/** The folder of a request's attempt in the data folder. Nothing is touched before `prepare`. */
export function attemptFolder(dataFolder: string, request: LaunchRequest): AttemptFolder {
  const folder = join(dataFolder, 'attempts', request.attempt.id);
  const inputFile = join(folder, 'input.json');
  const tempFolder = join(temporaryRoot(dataFolder), request.attempt.id);
  return {
    path: folder,
    inputFile,
    outputFile: join(folder, 'outputs.json'),
    tempFolder,
    prepare: async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await mkdir(tempFolder, { recursive: true, mode: 0o700 });
      await writeFile(inputFile, `${JSON.stringify(inputFacts(request))}\n`, { mode: 0o600 });
    },
    removeTempFolder: () => removeFolder(tempFolder),
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
