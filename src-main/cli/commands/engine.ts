import type { CliContext, CommonOptions, Reached, Signal } from '../cli-context.ts';
import { tellParked, tellResumed } from '../other-work.ts';
import { createPaint } from '../paint.ts';
import { badInput, exitCodes, expectOk } from '../refused.ts';
import { safeJson } from '../safe-text.ts';

export interface EngineOptions extends CommonOptions {
  /** Seconds that live work may take to end after the first signal; absent: it is parked at once. */
  readonly drain?: string;
}

const parkGraceMs = 5_000;

/** `signalbox engine`: the engine in the foreground, until a signal ends it. */
export async function runEngine(context: CliContext, options: EngineOptions): Promise<number> {
  const drainMs = readSeconds(options.drain);
  const reached = await context.reach('own', options);
  const { terminal } = context;
  const status = expectOk(await reached.client.getStatus({}));
  if (options.json === true) terminal.printRaw(`${safeJson({ ready: status })}\n`);
  else {
    const paint = createPaint(terminal.colour);
    terminal.print(`${paint('active', '●')} ${paint('strong', 'engine')} ${status.version}  process ${status.pid}`);
    terminal.print(paint('muted', `  data ${status.dataFolder}`));
    await tellResumed(context, reached);
    if (status.frozen !== null)
      terminal.print(`Everything is frozen: ${status.frozen} Let it go on with: signalbox thaw`);
    terminal.print('Ready. Ctrl-C parks live work and ends.');
  }
  return waitForSignal(context, reached, drainMs);
}

function readSeconds(text: string | undefined): number | null {
  if (text === undefined) return null;
  const seconds = Number(text);
  if (text.trim() === '' || !(seconds >= 0))
    throw badInput(`--drain ${text} is no number of seconds.`, 'Write --drain 60.');
  return seconds * 1_000;
}

/** The first signal ends the engine in peace, the second at once. */
async function waitForSignal(context: CliContext, reached: Reached, drainMs: number | null): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<Signal>();
  let first: Signal | null = null;
  const stopListening = context.onSignal((signal) => {
    if (first === null) {
      first = signal;
      resolve(signal);
    } else {
      context.terminal.note('Stopping at once.');
      void reached.close({ graceMs: 0 });
    }
  });
  const signal = await promise;
  await tellParked(context, reached);
  context.terminal.note(drainMs === null ? `${signal}: parking live work.` : `${signal}: letting live work end.`);
  await reached.close({ graceMs: parkGraceMs, ...(drainMs === null ? {} : { drainMs }) });
  stopListening();
  return exitCodes[signal];
}
