import type { ApiClient } from '../contract/api.ts';
import type { CliContext, CommonOptions, Reached } from './cli-context.ts';
import { exitCodes } from './refused.ts';
import { safeJson } from './safe-text.ts';

/**
 * The usual command: asks the engine, or makes it store something, and prints what it says: as one JSON document with
 * `--json`, otherwise as lines.
 * @param exitCode by what the engine said; `done` unless given.
 */
export async function answer<T>(
  context: CliContext,
  options: CommonOptions,
  ask: (client: ApiClient, reached: Reached) => Promise<T>,
  render: (value: T) => readonly string[],
  exitCode: (value: T) => number = () => exitCodes.done,
): Promise<number> {
  const reached = await context.reach('idle', options);
  try {
    const value = await ask(reached.client, reached);
    if (options.json === true) context.terminal.printRaw(`${safeJson(value)}\n`);
    else for (const line of render(value)) context.terminal.print(line);
    return exitCode(value);
  } finally {
    await reached.close();
  }
}
