/**
 * Runs the command again on another Node, as a child that behaves as if it were this process: same terminal, same
 * signals, same exit, same death.
 *
 * The child has a process group of its own, so that Ctrl-C in the terminal reaches it once, through the launcher, and
 * not a second time through the group. A pipe ties the two together: it closes however the launcher ends, SIGKILL
 * included, and the child then kills itself, which the engine survives by design.
 */
import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

const PIPE_VARIABLE = 'SIGNALBOX_LAUNCHER_FD';
const PIPE_FD = 3;
/** @type {NodeJS.Signals[]} */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs `node` with `args` and ends this process as the child ends: with its exit code, or by its signal.
 *
 * @param {string} node path of the Node binary
 * @param {string[]} args
 */
export function relaunch(node, args) {
  const child = spawn(node, args, {
    detached: true,
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, [PIPE_VARIABLE]: String(PIPE_FD) },
  });
  for (const signal of FORWARDED) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    console.error(`Signalbox could not start ${node}: ${error.message}`);
    process.exit(2);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exit(code ?? 1);
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** In the child of `relaunch`: ends this process when the launcher is gone. Does nothing in any other process. */
export function dieWithLauncher() {
  const fd = process.env[PIPE_VARIABLE];
  if (fd === undefined) {
    return;
  }
  // What this process starts has another parent, and must not look for a pipe.
  delete process.env[PIPE_VARIABLE];
  const pipe = new Socket({ fd: Number(fd), readable: true, writable: false });
  pipe.on('error', die);
  pipe.on('close', die);
  pipe.resume();
  pipe.unref();
}

function die() {
  process.kill(process.pid, 'SIGKILL');
}
