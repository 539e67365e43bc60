import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { testAgent } from './real-engine.ts';

/** Writes files below the `.signalbox` folder of a project; what is no text is written as JSON. */
export function writeProject(folder: string, files: Readonly<Record<string, unknown>>): void {
  mkdirSync(join(folder, '.signalbox'), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, '.signalbox', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** The file of a test agent of a type; the file's name is its id. */
export function projectAgent(type: string, change: object = {}): object {
  const { id: _, builtin: __, ...file } = testAgent(type, { protocol: 'command' });
  return { ...file, type, ...change };
}
