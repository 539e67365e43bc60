import { clientOf } from '../../transport/api-client.ts';
import type { CliContext, CommonOptions, Reached, Signal } from '../cli-context.ts';
import type { HostedWindow } from '../host-window.ts';
import { tellParked, tellResumed } from '../other-work.ts';
import { createPaint } from '../paint.ts';
import { badInput, exitCodes, RefusedError } from '../refused.ts';
import { safeJson } from '../safe-text.ts';

export interface ServeOptions extends CommonOptions {
  /** As typed; absent: any free one. */
  readonly port?: string;
  readonly open?: boolean;
}

const parkGraceMs = 5_000;

/** `signalbox serve`: the window in a browser, until a signal ends it. */
export async function serveWindow(context: CliContext, options: ServeOptions): Promise<number> {
  const hosted = await context.hostWindow(readPort(options.port), options);
  // From now on: there is live work to park.
  const ended = endBySignal(context, hosted);
  const stopTelling = hosted.engine.onState(({ role }) => {
    if (role === 'host') context.terminal.note('The engine has ended; this process goes on with its work.');
  });
  await tellWork(context, hosted, tellResumed);
  const url = tellLink(context, hosted, options);
  const stopListening = context.onEnter(() => tellLink(context, hosted, options));
  if (options.open === true) await openBrowser(context, url);
  const signal = await ended;
  stopListening();
  stopTelling();
  return exitCodes[signal];
}

/** Says what is resumed or parked. Where the engine does not tell, the window is served, and ended, all the same. */
async function tellWork(context: CliContext, hosted: HostedWindow, tell: typeof tellResumed): Promise<void> {
  try {
    await tell(context, asReached(hosted));
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    context.terminal.note(error.message);
  }
}

function readPort(text = '0'): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw badInput(
      `--port ${text} is no number of a port.`,
      'Write one from 1 to 65535, or leave it out for any free one.',
    );
  }
  return port;
}

/** Prints a new link. @returns it. */
function tellLink({ terminal }: CliContext, { server, dataFolder }: HostedWindow, { json }: ServeOptions): string {
  const url = server.createEntryUrl();
  if (json === true) {
    terminal.printRaw(`${safeJson({ url })}\n`);
    return url;
  }
  const paint = createPaint(terminal.colour);
  terminal.print(`${paint('active', '●')} ${paint('strong', 'window')} ${url}`);
  terminal.print(paint('muted', `  data ${dataFolder}`));
  terminal.print('The link lets one browser in, within five minutes. Enter prints a new one; Ctrl-C ends.');
  return url;
}

async function openBrowser({ terminal, openUrl }: CliContext, url: string): Promise<void> {
  try {
    await openUrl(url);
  } catch (error) {
    terminal.note(`No browser could be opened (${(error as Error).message}): open the link yourself.`);
  }
}

/** The engine as other commands know it, to tell what goes on and what is parked. */
function asReached({ engine }: HostedWindow): Reached {
  const { role, pid } = engine.state();
  return {
    role: role === 'host' ? 'host' : 'guest',
    pid: pid ?? 0,
    client: clientOf(engine.served),
    follow: async (subscription, listener) => engine.served.follow(subscription, listener),
    close: ({ graceMs = parkGraceMs } = {}) => engine.close({ mode: 'park', graceMs }),
  };
}

/** The first signal ends the window, and the engine when it is of this process; the second at once. */
async function endBySignal(context: CliContext, hosted: HostedWindow): Promise<Signal> {
  const { terminal } = context;
  const { promise, resolve } = Promise.withResolvers<Signal>();
  let first: Signal | null = null;
  const stopListening = context.onSignal((signal) => {
    if (first === null) {
      first = signal;
      resolve(signal);
    } else {
      terminal.note('Stopping at once.');
      void hosted.engine.close({ mode: 'park', graceMs: 0 });
    }
  });
  const signal = await promise;
  const { role, pid } = hosted.engine.state();
  terminal.note(
    role === 'guest'
      ? `${signal}: the window ends; the engine of process ${pid} goes on.`
      : `${signal}: parking live work.`,
  );
  await hosted.server.close();
  await tellWork(context, hosted, tellParked);
  await hosted.engine.close({ mode: 'park', graceMs: parkGraceMs });
  stopListening();
  return signal;
}
