import { realpathSync } from 'node:fs';
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

/**
 * The data folder, when a start without `--data` and SIGNALBOX_DATA would not find it.
 * @param dataFolder from {@link prepareApplicationFolder}.
 * @returns null when it is the usual one.
 */
export function unusualFolder(dataFolder: string): string | null {
  const { env, platform } = process;
  const usual = chooseDataFolder({
    option: undefined,
    env: { ...env, SIGNALBOX_DATA: undefined },
    platform,
    home: homedir(),
  });
  return realPath(usual) === dataFolder ? null : dataFolder;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Other options are Chromium's, and none of ours. */
function dataOption(argv: readonly string[]): string | undefined {
  const { values } = parseArgs({ args: [...argv], options: { data: { type: 'string' } }, strict: false });
  return typeof values.data === 'string' ? values.data : undefined;
}
