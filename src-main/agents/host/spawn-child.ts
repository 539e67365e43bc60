import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { SpawnRequest } from '../agent-host.ts';
import { dataMarkerName } from '../agent-host.ts';
import { windowsCommand } from './windows-command.ts';

/**
 * Starts a process in a group (and session) of its own, so that it can be ended with all its children, and so that
 * the terminal's Ctrl-C does not reach it.
 *
 * @throws as `child_process.spawn` does, or when an argument cannot be passed on
 */
export function spawnChild(request: SpawnRequest, dataMarker: string): ChildProcess {
  const { argv, cwd, env, marker } = request;
  const [file = '', ...args] = argv;
  const command =
    process.platform === 'win32' ? windowsCommand({ argv, env, exists: existsSync }) : { file, args, verbatim: false };
  if (command === null) {
    throw new Error('a line break cannot be part of an argument of a .cmd file');
  }
  return spawn(command.file, command.args, {
    cwd,
    env: { ...env, [marker.name]: marker.value, [dataMarkerName]: dataMarker },
    detached: true,
    stdio: [request.stdin === 'pipe' ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    windowsHide: true,
    windowsVerbatimArguments: command.verbatim,
  });
}
