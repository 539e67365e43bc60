import { accessSync, constants, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Finding } from '../contract/api-engine.ts';
import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import type { ProcessIdentity } from '../contract/task.ts';
import type { LockHolder } from '../engine/engine-lock.ts';

export interface MachineCheckDependencies {
  /** What became of preparing the data folder: its real path, or why it cannot be used. */
  readonly dataFolder: Result<string, ApiError>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly versions: { readonly node: string; readonly napi?: string | undefined };
  readonly readSettings: (dataFolder: string) => Promise<Result<unknown, ApiError>>;
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
      await checkSettings(dependencies, dataFolder.value),
      ...(await checkEngine(dependencies, dataFolder.value)),
    );
  }
  return [...findings, checkGit(env, platform), checkAgents(env, platform)];
}

function finding(check: string, status: Finding['status'], detail: string, remedy: string | null = null): Finding {
  return { check, status, detail, remedy };
}

const requiredNodeApi = 10;

function checkNode({ node, napi }: MachineCheckDependencies['versions']): Finding {
  if (Number(napi) >= requiredNodeApi) return finding('node', 'ok', `Node ${node}`);
  return finding('node', 'broken', `Node ${node} cannot load the database.`, 'Install Node 22.14 or newer.');
}

function checkDataFolder(dataFolder: Result<string, ApiError>): Finding {
  if (dataFolder.ok) return finding('data folder', 'ok', dataFolder.value);
  return finding('data folder', 'broken', dataFolder.error.message, dataFolder.error.remedy);
}

const mebibyte = 1024 * 1024;
const littleSpace = 1024 * mebibyte;
const noSpace = 100 * mebibyte;

async function checkDisk(dataFolder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(dataFolder);
  const free = bavail * bsize;
  const detail = `${(free / littleSpace).toFixed(1)} GiB free`;
  if (free >= littleSpace) return finding('disk', 'ok', detail);
  const status = free < noSpace ? 'broken' : 'warning';
  return finding('disk', status, detail, `Free space on the disk of ${dataFolder}, or use another with --data.`);
}

async function checkSettings({ readSettings }: MachineCheckDependencies, dataFolder: string): Promise<Finding> {
  const settings = await readSettings(dataFolder);
  if (settings.ok) return finding('settings', 'ok', 'valid');
  return finding('settings', 'broken', settings.error.message, settings.error.remedy);
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

function checkGit(env: MachineCheckDependencies['env'], platform: NodeJS.Platform): Finding {
  const path = findProgram('git', env, platform);
  if (path !== null) return finding('git', 'ok', path);
  return finding(
    'git',
    'warning',
    'not found; the built-in agents keep their work in git',
    'Install git (https://git-scm.com).',
  );
}

/** Agents that people use, by their program's name, and what installs them. */
const knownAgents: Readonly<Record<string, string>> = {
  claude: 'npm install -g @anthropic-ai/claude-code',
  codex: 'npm install -g @openai/codex',
  gemini: 'npm install -g @google/gemini-cli',
  opencode: 'npm install -g opencode-ai',
  goose: 'see https://block.github.io/goose',
};

function checkAgents(env: MachineCheckDependencies['env'], platform: NodeJS.Platform): Finding {
  const all = Object.keys(knownAgents).map((name) => ({ name, path: findProgram(name, env, platform) }));
  const found = all.filter(({ path }) => path !== null).map(({ name, path }) => `${name} (${path})`);
  const missing = all.filter(({ path }) => path === null).map(({ name }) => name);
  const built = 'scaffold, validation, e2e, integration, deployment and shell are built in';
  const detail = `${built}; on the PATH: ${found.join(', ') || 'none'}${missing.length === 0 ? '' : `; not found: ${missing.join(', ')}`}`;
  const installs = missing.map((name) => `${name}: ${knownAgents[name]}`).join('; ');
  return finding('agents', 'ok', detail, missing.length === 0 ? null : `To use another one, install it: ${installs}`);
}

/** The path of a program as a shell would find it; null when there is none. */
export function findProgram(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string | null {
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
