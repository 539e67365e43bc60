import type { Machine } from '../core/ports.ts';
import { detectAgents } from './detect-agents.ts';
import type { ProgramEnvironment } from './find-program.ts';
import { checkAgents, checkDisk, checkGit, checkNode, checkSettings, finding, freeBytesOf } from './machine-checks.ts';
import { measureFolder } from './measure-folder.ts';
import { settingsAtStart } from './settings-kept.ts';

/**
 * The machine that an engine runs on.
 * @param options.env the engine's own environment: agents are found where the engine would start them.
 */
export function createMachine(options: {
  readonly dataFolder: string;
  readonly env: ProgramEnvironment;
  readonly platform: NodeJS.Platform;
  readonly versions: { readonly node: string; readonly napi?: string | undefined };
}): Machine {
  const { dataFolder, env, platform, versions } = options;
  let measuring: ReturnType<Machine['measureDataFolder']> | null = null;
  return {
    detectAgents: () => detectAgents(env, platform),
    check: async () => [
      checkNode(versions),
      finding('data folder', 'ok', dataFolder),
      await checkDisk(dataFolder),
      checkSettings(await settingsAtStart(dataFolder)),
      checkGit(env, platform),
      checkAgents(env, platform),
    ],
    freeBytes: () => freeBytesOf(dataFolder).catch(() => null),
    measureDataFolder() {
      measuring ??= measureFolder(dataFolder).finally(() => {
        measuring = null;
      });
      return measuring;
    },
  };
}
