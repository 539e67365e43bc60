import { statSync } from 'node:fs';
import type { ErrorClass, Failure } from '../../contract/errors.ts';
import type { SpawnRequest } from '../agent-host.ts';

interface Explanation {
  readonly class: ErrorClass;
  readonly message: (program: string) => string;
  readonly remedy: string;
}

const busy: Pick<Explanation, 'class'> = { class: 'transient' };

const explanations: Readonly<Record<string, Explanation>> = {
  ENOENT: {
    class: 'fatal',
    message: (program) => `The program ${program} was not found.`,
    remedy: 'Install it, or correct the command; a program without a path is looked for in the folders of PATH.',
  },
  EACCES: {
    class: 'fatal',
    message: (program) => `The program ${program} may not be executed by this user.`,
    remedy: 'Make the file executable (chmod +x), or name the interpreter in front of it.',
  },
  ENOEXEC: {
    class: 'fatal',
    message: (program) => `The file ${program} is no program that this system can execute.`,
    remedy: 'Check that it was built for this system, or name its interpreter in front of it.',
  },
  E2BIG: {
    class: 'fatal',
    message: (program) => `The arguments and the environment for ${program} are longer than the system allows.`,
    remedy: 'Put long text into a file or an input instead of the command.',
  },
  EMFILE: {
    ...busy,
    message: (program) => `The program ${program} could not be started: too many files are open.`,
    remedy: 'Raise the limit of open files (ulimit -n), or lower the number of slots.',
  },
  ENOMEM: {
    ...busy,
    message: (program) => `The program ${program} could not be started: there is not enough memory.`,
    remedy: 'Close other programs, or lower the number of slots.',
  },
  EAGAIN: {
    ...busy,
    message: (program) => `The program ${program} could not be started: the limit of processes is reached.`,
    remedy: 'Raise the limit of processes (ulimit -u), or lower the number of slots.',
  },
  ETXTBSY: {
    ...busy,
    message: (program) => `The program ${program} is being written to at this moment.`,
    remedy: 'Try again when its installation or build has finished.',
  },
};

/** Why a process could not be started, for a person. */
export function spawnFailure(error: unknown, request: Pick<SpawnRequest, 'argv' | 'cwd'>): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const program = request.argv[0] ?? '';
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') {
    const folder = folderFailure(request.cwd);
    if (folder !== null) {
      return folder;
    }
  }
  const known = explanations[code === 'ENFILE' ? 'EMFILE' : code];
  return {
    category: 'spawn',
    class: known?.class ?? 'unknown',
    message: known?.message(program) ?? `The program ${program} could not be started: ${reasonOf(error)}.`,
    remedy: known?.remedy ?? 'Run the command in a terminal to see why it does not start.',
  };
}

/** The system reports a missing working folder as if the program were missing. */
function folderFailure(cwd: string): Failure | null {
  const failure = (message: string): Failure => ({
    category: 'folder',
    class: 'fatal',
    message,
    remedy: 'Create the folder, or choose another working folder.',
  });
  try {
    return statSync(cwd).isDirectory() ? null : failure(`The working folder ${cwd} is no folder.`);
  } catch {
    return failure(`The working folder ${cwd} does not exist, or may not be entered.`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
