import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../support/temporary-folder.ts';

const launcherModule = new URL('../../bin/launcher.mjs', import.meta.url).href;

/** Prints its process id, then every signal it gets; ends itself as its argument says. */
const program = `
  import { dieWithLauncher, relaunch } from ${JSON.stringify(launcherModule)};
  const [role, ending] = process.argv.slice(2);
  if (role === 'launcher') {
    relaunch(process.execPath, [process.argv[1], 'child', ending]);
  } else {
    dieWithLauncher();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => console.log(signal));
    }
    console.log(process.pid + ' ' + (process.env.SIGNALBOX_LAUNCHER_FD ?? 'no pipe'));
    if (ending === 'code') process.exit(7);
    if (ending === 'signal') process.kill(process.pid, 'SIGKILL');
    if (ending === 'wait') setInterval(() => {}, 1000);
  }
`;

describe.skipIf(process.platform === 'win32')('the launcher', () => {
  let folder: string;
  let launcher: ChildProcess;

  beforeEach(() => {
    folder = makeFolder();
    writeFileSync(join(folder, 'program.mjs'), program);
  });

  afterEach(() => {
    launcher.kill('SIGKILL');
    removeFolder(folder);
  });

  /** Starts launcher and child; the lines are what the child prints. */
  function start(ending: string): AsyncIterator<string> {
    launcher = spawn(process.execPath, [join(folder, 'program.mjs'), 'launcher', ending], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (launcher.stdout === null) {
      throw new Error('The launcher has no standard output.');
    }
    return createInterface(launcher.stdout)[Symbol.asyncIterator]();
  }

  it.each([
    ['no error', 'end', [0, null]],
    ['an exit code', 'code', [7, null]],
    ['a signal', 'signal', [null, 'SIGKILL']],
  ])('ends with %s when its child does', async (_title, ending, expected) => {
    start(ending);
    expect(await once(launcher, 'exit')).toEqual(expected);
  });

  it('passes each signal on once', async () => {
    const lines = start('wait');
    await lines.next();
    const received: string[] = [];
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
      launcher.kill(signal);
      received.push((await lines.next()).value);
    }
    launcher.kill('SIGKILL');
    expect(received).toEqual(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGINT']);
    expect(await lines.next()).toEqual({ done: true, value: undefined });
  });

  it('takes its child along when it is killed', async () => {
    const lines = start('wait');
    expect((await lines.next()).value).toMatch(/^\d+ no pipe$/);
    launcher.kill('SIGKILL');
    // The child holds the other end of the output: it ends with the child, not with the launcher.
    expect((await lines.next()).done).toBe(true);
  });
});
