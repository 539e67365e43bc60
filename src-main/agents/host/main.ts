/**
 * Entry of the agent host: a small process that starts, reads and kills all others, because a large process is held
 * up by each start in proportion to its memory. It lives as long as its channel to the main process does.
 */
import { setFlagsFromString } from 'node:v8';
import { openForAppending } from '../log-file/log-file.ts';
import { openProcessTable } from '../process-table.ts';
import { runProgram } from './run-program.ts';
import { serveHost } from './serve-host.ts';
import { spawnChild } from './spawn-child.ts';

/** How long agents have to end after the main process has died without saying so. */
const orphanedGraceMs = 500;
/** By then the host ends, come what may. */
const giveUpMs = 5_000;

// A pattern of the user that backtracks too much is searched for in linear time instead.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');

const host = serveHost({
  report: (report) => {
    if (process.connected) {
      // A failure to send means that the main process is gone, which `disconnect` tells as well.
      process.send?.(report, undefined, undefined, () => undefined);
    }
  },
  table: openProcessTable({ platform: process.platform, run: runProgram }),
  openFile: openForAppending,
  spawnChild,
  now: Date.now,
});

process.on('message', (command: Parameters<typeof host.handle>[0]) => {
  host.handle(command);
  if (command.kind === 'close') {
    void end(command.graceMs, 0);
  }
});
process.on('disconnect', () => void end(orphanedGraceMs, 0));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => void end(orphanedGraceMs, 0));
}
process.on('uncaughtException', (error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  void end(orphanedGraceMs, 70);
});
// The main process may be gone together with the reader of this pipe.
process.stderr.on('error', () => undefined);

async function end(graceMs: number, exitCode: number): Promise<void> {
  setTimeout(() => process.exit(exitCode), graceMs + giveUpMs).unref();
  await host.shutDown(graceMs);
  process.exit(exitCode);
}
