import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A process's environment, as `process.env` gives it. */
export type ProgramEnvironment = Readonly<Record<string, string | undefined>>;

/** The path of a program as a shell would find it; null when there is none. Nothing is started to look. */
export function findProgram(name: string, env: ProgramEnvironment, platform: NodeJS.Platform): string | null {
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter((folder) => folder !== '');
  const endings = platform === 'win32' ? (env.PATHEXT ?? '.COM;.EXE;.BAT;.CMD').split(';') : [''];
  for (const folder of folders) {
    for (const ending of endings) {
      const path = join(folder, name + ending.toLowerCase());
      if (isProgram(path)) return path;
    }
  }
  return null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
