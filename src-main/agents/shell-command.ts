import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from '../contract/workflow.ts';

/**
 * The program and arguments of a command that a task carries. A script goes to the system's shell word for word;
 * inputs never become part of it, they reach it as environment variables and as a file.
 *
 * POSIX: `-e` ends the script at the first command that fails, as a reader of a workflow file expects.
 * Windows: `cmd.exe` runs only the first line of a `/c` argument, so that the script goes into a file of the
 * attempt's private folder; `/d` skips start-up commands of the registry.
 *
 * @param folder the attempt's private folder, absolute
 * @throws when the script's file cannot be written
 */
export async function shellCommand(
  command: Command,
  folder: string,
  platform: NodeJS.Platform = process.platform,
): Promise<readonly string[]> {
  if (command.kind === 'argv') return command.argv;
  if (platform !== 'win32') return ['/bin/sh', '-e', '-c', command.script];
  const file = join(folder, 'script.cmd');
  await writeFile(file, `@echo off\r\n${command.script.replaceAll(/\r?\n/g, '\r\n')}\r\n`, { mode: 0o600 });
  return ['cmd.exe', '/d', '/c', file];
}
