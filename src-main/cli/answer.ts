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
  render: (value: T, reached: Reached) => readonly string[],
  exitCode: (value: T) => number = () => exitCodes.done,
): Promise<number> {
  const reached = await context.reach('idle', options);
  try {
    const value = await ask(reached.client, reached);
    if (options.json === true) context.terminal.printRaw(`${safeJson(value)}\n`);
    else for (const line of render(value, reached)) context.terminal.print(line);
    return exitCode(value);
  } finally {
    await reached.close();
  }
}

/** What to add where work is shown that is under way by its rows, while there is no engine that could do it. */
export function withoutEngine({ role }: Reached, isOpen: boolean): readonly string[] {
  if (role !== 'idle' || !isOpen) return [];
  return ['', 'No engine is running: what is open goes on with the next one. Start one with: signalbox engine'];
}
