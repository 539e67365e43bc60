import { statfs } from 'node:fs/promises';
import type { Finding } from '../contract/api-engine.ts';
import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { detectAgents } from './detect-agents.ts';
import type { ProgramEnvironment } from './find-program.ts';
import { findProgram } from './find-program.ts';

/** A finding; the remedy is null where there is nothing to do. */
export function finding(
  check: string,
  status: Finding['status'],
  detail: string,
  remedy: string | null = null,
): Finding {
  return { check, status, detail, remedy };
}

const requiredNodeApi = 10;

/** Whether this Node can load the database. */
export function checkNode({ node, napi }: { readonly node: string; readonly napi?: string | undefined }): Finding {
  if (Number(napi) >= requiredNodeApi) return finding('node', 'ok', `Node ${node}`);
  return finding('node', 'broken', `Node ${node} cannot load the database.`, 'Install Node 22.14 or newer.');
}

const mebibyte = 1024 * 1024;
const littleSpace = 1024 * mebibyte;
const noSpace = 100 * mebibyte;

/** How much of a folder's disk is free for this user, in bytes. @throws when the system does not tell. */
export async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** How much space the disk of the data folder has. */
export async function checkDisk(dataFolder: string): Promise<Finding> {
  const free = await freeBytesOf(dataFolder);
  const detail = `${(free / littleSpace).toFixed(1)} GiB free`;
  if (free >= littleSpace) return finding('disk', 'ok', detail);
  const status = free < noSpace ? 'broken' : 'warning';
  return finding('disk', status, detail, `Free space on the disk of ${dataFolder}, or use another with --data.`);
}

/** Whether the settings file can be used, or at least those settings that were good last. */
export function checkSettings(
  settings: Result<{ readonly problem: Pick<ApiError, 'message' | 'remedy'> | null }, ApiError>,
): Finding {
  if (!settings.ok) return finding('settings', 'broken', settings.error.message, settings.error.remedy);
  const { problem } = settings.value;
  if (problem === null) return finding('settings', 'ok', 'valid');
  return finding('settings', 'warning', `${problem.message} Those that were good last hold.`, problem.remedy);
}

/** Whether git is there, which the built-in agents need. */
export function checkGit(env: ProgramEnvironment, platform: NodeJS.Platform): Finding {
  const path = findProgram('git', env, platform);
  if (path !== null) return finding('git', 'ok', path);
  return finding(
    'git',
    'warning',
    'not found; the built-in agents keep their work in git',
    'Install git (https://git-scm.com).',
  );
}

/** Which agent programs are there, and what installs the others. None is needed. */
export function checkAgents(env: ProgramEnvironment, platform: NodeJS.Platform): Finding {
  const all = detectAgents(env, platform).map(({ definition, ...rest }) => ({ id: definition.id, ...rest }));
  const found = all.flatMap(({ id, path }) => (path === null ? [] : `${id} (${path})`));
  const missing = all.filter(({ path }) => path === null);
  const built = 'scaffold, validation, e2e, integration, deployment and shell are built in';
  const gone = missing.filter((agent) => agent.missing === null).map(({ id }) => id);
  const parts = missing.flatMap((agent) => (agent.missing === null ? [] : `; ${agent.missing}`)).join('');
  const absent = gone.length === 0 ? '' : `; not found: ${gone.join(', ')}`;
  const installs = missing.map(({ id, install }) => `${id}: ${install}`).join('; ');
  return finding(
    'agents',
    'ok',
    `${built}; on the PATH: ${found.join(', ') || 'none'}${parts}${absent}`,
    missing.length === 0 ? null : `To use another one, install it: ${installs}`,
  );
}
