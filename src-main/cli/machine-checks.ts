import type { Finding } from '../contract/api-engine.ts';
import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import type { ProcessIdentity } from '../contract/task.ts';
import type { LockHolder } from '../engine/engine-lock.ts';
import { checkAgents, checkDisk, checkGit, checkNode, checkSettings, finding } from '../engine/machine-checks.ts';
import type { SettingsAtStart } from '../engine/settings-kept.ts';

export interface MachineCheckDependencies {
  /** What became of preparing the data folder: its real path, or why it cannot be used. */
  readonly dataFolder: Result<string, ApiError>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly versions: { readonly node: string; readonly napi?: string | undefined };
  readonly settingsAtStart: (dataFolder: string) => Promise<Result<Pick<SettingsAtStart, 'problem'>, ApiError>>;
  /** Who is written in the lock, dead or alive. */
  readonly readLock: (dataFolder: string) => Promise<LockHolder | null>;
  readonly findHolder: (dataFolder: string) => Promise<LockHolder | null>;
  readonly findOrphans: (dataFolder: string) => Promise<readonly ProcessIdentity[]>;
}

/** Everything about the machine that Signalbox depends on, checked one after the other; none of it is changed. */
export async function checkMachine(dependencies: MachineCheckDependencies): Promise<readonly Finding[]> {
  const { dataFolder, env, platform, versions } = dependencies;
  const findings = [checkNode(versions), checkDataFolder(dataFolder)];
  if (dataFolder.ok) {
    findings.push(
      await checkDisk(dataFolder.value),
      checkSettings(await dependencies.settingsAtStart(dataFolder.value)),
      ...(await checkEngine(dependencies, dataFolder.value)),
    );
  }
  return [...findings, checkGit(env, platform), checkAgents(env, platform)];
}

function checkDataFolder(dataFolder: Result<string, ApiError>): Finding {
  if (dataFolder.ok) return finding('data folder', 'ok', dataFolder.value);
  return finding('data folder', 'broken', dataFolder.error.message, dataFolder.error.remedy);
}

/** The engine, its lock and what an engine that died has left behind. */
async function checkEngine(
  { readLock, findHolder, findOrphans }: MachineCheckDependencies,
  dataFolder: string,
): Promise<Finding[]> {
  const holder = await findHolder(dataFolder);
  if (holder !== null) {
    return [finding('engine', 'ok', `running: process ${holder.pid}, Signalbox ${holder.version}`)];
  }
  const dead = await readLock(dataFolder);
  const engine =
    dead === null
      ? finding('engine', 'ok', 'not running; commands start one when they need it')
      : finding(
          'engine',
          'warning',
          `The last engine (process ${dead.pid}) ended without giving its lock back.`,
          'Nothing: the next engine takes the lock over, and goes on with the work: signalbox engine',
        );
  const orphans = await findOrphans(dataFolder);
  if (orphans.length === 0) return [engine, finding('orphans', 'ok', 'none')];
  const pids = orphans.map(({ pid }) => pid).join(', ');
  const remedy = 'Start an engine, which ends them first: signalbox engine';
  return [engine, finding('orphans', 'warning', `Processes of an earlier engine still run: ${pids}`, remedy)];
}
