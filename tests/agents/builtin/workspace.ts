import { execFile } from 'node:child_process';
import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder, removeFolder } from '../../support/temporary-folder.ts';
import { runHere } from './run-here.ts';
import { runWorkflow } from './run-workflow.ts';

const run = promisify(execFile);
const made: string[] = [];

/** A new empty folder that `removeWorkspaces` takes away. */
export function makeWorkspace(): string {
  const folder = makeFolder();
  made.push(folder);
  return folder;
}

/** Removes every workspace of the test file; give it to `afterAll`. */
export function removeWorkspaces(): void {
  for (const folder of made.splice(0)) removeFolder(folder);
}

/** Makes one application and returns a function that copies it into a new workspace: cheaper than making it anew. */
export async function prepareApplication(
  name = 'calculator-app',
): Promise<() => Promise<{ workspace: string; repository: string }>> {
  const original = makeWorkspace();
  await runWorkflow(runHere, 'app', original, { name, requirements: 'A calculator' }, 'scaffolding');
  return async () => {
    const workspace = makeWorkspace();
    const repository = join(workspace, name);
    await cp(join(original, name), repository, { recursive: true });
    return { workspace, repository };
  };
}

/** Output of a git command, for looking at what the agents did. */
export async function git(repository: string, ...args: string[]): Promise<string> {
  return (
    await run('git', ['-C', repository, '-c', 'user.name=Test', '-c', 'user.email=test@localhost', ...args])
  ).stdout.trim();
}

/** Output of the application's own program. */
export async function calculate(application: string, name: string, ...args: string[]): Promise<string> {
  return (await run(process.execPath, [join(application, 'bin', `${name}.mjs`), ...args])).stdout.trim();
}

/** Every live process whose environment carries a text, by command line. Linux tells; elsewhere the list is empty. */
export async function processesWith(marker: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.includes(marker)) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      found.push(`${pid} ${command.replaceAll('\0', ' ').trim()}`);
    }
  }
  return found;
}
