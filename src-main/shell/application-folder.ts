import { homedir } from 'node:os';
import { parseArgs } from 'node:util';
import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { chooseDataFolder, prepareDataFolder } from '../engine/data-folder.ts';

/** The data folder of this start, made ready: that of `--data`, or as the terminal chooses it. */
export function prepareApplicationFolder(argv: readonly string[]): Promise<Result<string, ApiError>> {
  const { env, platform } = process;
  return prepareDataFolder(chooseDataFolder({ option: dataOption(argv), env, platform, home: homedir() }));
}

/** Other options are Chromium's, and none of ours. */
function dataOption(argv: readonly string[]): string | undefined {
  const { values } = parseArgs({ args: [...argv], options: { data: { type: 'string' } }, strict: false });
  return typeof values.data === 'string' ? values.data : undefined;
}
