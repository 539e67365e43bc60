/** The `signalbox` command: connects the commands to this process and this machine. */
import { homedir } from 'node:os';
import open from 'open';
import { asReached } from './cli/as-reached.ts';
import type { CliContext, CommonOptions, Signal } from './cli/cli-context.ts';
import { hostWindow } from './cli/host-window.ts';
import { checkMachine } from './cli/machine-checks.ts';
import { runProgram } from './cli/program.ts';
import { exitCodes, expectOk } from './cli/refused.ts';
import { createTerminal } from './cli/terminal.ts';
import { chooseDataFolder, prepareDataFolder } from './engine/data-folder.ts';
import { readEngineLock } from './engine/engine-lock.ts';
import { settingsPath } from './engine/settings-file.ts';
import { settingsAtStart } from './engine/settings-kept.ts';
import { version } from './engine/version.ts';
import { exportDatabase, findHolder, findOrphans, restoreCopy } from './open-orchestrator.ts';
import { reachEngine } from './reach/reach-engine.ts';
import { reachFromThisProcess } from './reach/this-process.ts';

const signals: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const terminal = createTerminal({ stdout: process.stdout, stderr: process.stderr, env: process.env });

function prepare({ data }: CommonOptions) {
  const { env, platform } = process;
  return prepareDataFolder(chooseDataFolder({ option: data, env, platform, home: homedir() }));
}

/** Where an engine of this process says what it has to say. */
function tell({ json }: CommonOptions) {
  return {
    show: (level: 'warning' | 'error', message: string) => {
      if (json !== true) terminal.note(`${level}: ${message}`);
    },
    waiting: (sentence: string) => terminal.note(sentence),
  };
}

const context: CliContext = {
  terminal,
  async reach(need, options) {
    const dataFolder = expectOk(await prepare(options));
    return asReached(expectOk(await reachEngine(need, reachFromThisProcess({ dataFolder, ...tell(options) }))));
  },
  async hostWindow(port, options) {
    const dataFolder = expectOk(await prepare(options));
    const failed = (message: string) => terminal.note(`error: ${message}`);
    return expectOk(await hostWindow({ dataFolder, port, failed, ...tell(options) }));
  },
  async openUrl(url) {
    const browser = await open(url);
    browser.on('error', () => {});
  },
  onEnter(listener) {
    const { stdin } = process;
    if (!stdin.isTTY) return () => {};
    stdin.on('data', listener);
    return () => {
      stdin.removeListener('data', listener);
      stdin.pause();
    };
  },
  async checkMachine(options) {
    const { env, platform, versions } = process;
    const dataFolder = await prepare(options);
    const readLock = readEngineLock;
    return checkMachine({ dataFolder, env, platform, versions, settingsAtStart, readLock, findHolder, findOrphans });
  },
  async settingsPath(options) {
    return settingsPath(expectOk(await prepare(options)));
  },
  async restore(copy, options) {
    return expectOk(await restoreCopy(expectOk(await prepare(options)), copy));
  },
  async exportRows(from, write, options) {
    return expectOk(await exportDatabase(from, expectOk(await prepare(options)), write));
  },
  onSignal(listener) {
    for (const signal of signals) process.on(signal, listener);
    return () => {
      for (const signal of signals) process.removeListener(signal, listener);
    };
  },
  now: () => Date.now(),
  every(ms, callback) {
    const timer = setInterval(callback, ms);
    return () => clearInterval(timer);
  },
  cwd: process.cwd(),
  env: process.env,
  version,
};

// A reader that has seen enough (`signalbox events | head`) is no failure. A command with something under way is told
// as by a terminal that was closed, once: it parks the work first.
let isPipeClosed = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  if (isPipeClosed) return;
  isPipeClosed = true;
  if (process.listenerCount('SIGHUP') === 0) process.exit(0);
  process.emit('SIGHUP', 'SIGHUP');
});

try {
  process.exitCode = await runProgram(process.argv.slice(2), context);
} catch (error) {
  terminal.note(`✗ Signalbox failed unexpectedly: ${error instanceof Error ? error.message : String(error)}`);
  terminal.note('  Try again; if it stays, report it with what SIGNALBOX_DEBUG=1 prints in addition.');
  if (process.env.SIGNALBOX_DEBUG === '1' && error instanceof Error) terminal.note(error.stack ?? '');
  process.exitCode = exitCodes.failed;
}
