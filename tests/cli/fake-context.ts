import { join } from 'node:path';
import type { CliContext, CommonOptions, Reached, Signal } from '../../src-main/cli/cli-context.ts';
import { runProgram } from '../../src-main/cli/program.ts';
import { createTerminal } from '../../src-main/cli/terminal.ts';
import type { ApiHandlers, ApiName, ApiOutput } from '../../src-main/contract/api.ts';
import type { ApiError } from '../../src-main/contract/errors.ts';
import type { Result } from '../../src-main/contract/result.ts';
import { systemClock } from '../../src-main/engine/system-clock.ts';
import type { Need } from '../../src-main/reach/reach-engine.ts';
import { createApiClient } from '../../src-main/transport/api-client.ts';
import { serveApi } from '../../src-main/transport/serve-api.ts';
import type { FakeEngine } from '../transport/fake-engine.ts';
import { createFakeEngine } from '../transport/fake-engine.ts';

export interface FakeCliOptions {
  readonly handlers?: Partial<ApiHandlers>;
  readonly engine?: FakeEngine;
  readonly role?: Reached['role'];
  /** A terminal of so many columns; absent: a pipe. */
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly reach?: (need: Need, options: CommonOptions) => Promise<Reached>;
  readonly checkMachine?: CliContext['checkMachine'];
  readonly restore?: CliContext['restore'];
  readonly exportRows?: CliContext['exportRows'];
  readonly cwd?: string;
  readonly hostWindow?: CliContext['hostWindow'];
  readonly openUrl?: CliContext['openUrl'];
}

/** A command line without a process: what it prints, what it asked, and a hand on signals and time. */
export function createFakeCli(options: FakeCliOptions = {}) {
  const engine = options.engine ?? createFakeEngine(options.handlers ?? {});
  const printed = { out: '', err: '' };
  const listeners = new Set<(signal: Signal) => void>();
  const ticks = new Set<() => void>();
  const entering = new Set<() => void>();
  const opened: string[] = [];
  const reaches: Need[] = [];
  const closes: unknown[] = [];
  const reached = reachOf(engine, options.role ?? 'guest', closes);
  const context: CliContext = {
    terminal: terminalOf(options, printed),
    reach: async (need, common) => {
      reaches.push(need);
      return options.reach === undefined ? reached : options.reach(need, common);
    },
    checkMachine: options.checkMachine ?? (async () => []),
    settingsPath: async () => join(options.cwd ?? '/work', 'settings.json'),
    restore: options.restore ?? (async () => ({ kept: null })),
    exportRows: options.exportRows ?? (async () => ({ rows: 0, skipped: [] })),
    onSignal(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hostWindow: options.hostWindow ?? (async () => Promise.reject(new Error('no window in this test'))),
    openUrl: async (url) => {
      opened.push(url);
      await options.openUrl?.(url);
    },
    onEnter(listener) {
      entering.add(listener);
      return () => entering.delete(listener);
    },
    now: () => 1_000_000,
    every(_ms, callback) {
      ticks.add(callback);
      return () => ticks.delete(callback);
    },
    cwd: options.cwd ?? '/work',
    env: options.env ?? {},
    version: '1.2.3',
  };
  return {
    context,
    engine,
    printed,
    reaches,
    closes,
    run: (...argv: string[]) => runProgram(argv, context),
    signal: (signal: Signal) => {
      for (const listener of listeners) listener(signal);
    },
    tick: () => {
      for (const callback of ticks) callback();
    },
    /** What the browser was to show. */
    opened,
    pressEnter: () => {
      for (const listener of entering) listener();
    },
    /** What is still listened to: nothing, once a command has ended. */
    get listening() {
      return listeners.size + ticks.size + entering.size;
    },
    lines: () => printed.out.trimEnd().split('\n'),
  };
}

/** A terminal that keeps what is printed. */
function terminalOf({ columns, env = {} }: FakeCliOptions, printed: { out: string; err: string }) {
  return createTerminal({
    stdout: {
      write: (text) => {
        printed.out += text;
      },
      ...(columns === undefined ? {} : { isTTY: true, columns, rows: 40 }),
    },
    stderr: {
      write: (text) => {
        printed.err += text;
      },
    },
    env,
  });
}

/** A fake engine as a command reaches it. */
export function reachOf(engine: FakeEngine, role: Reached['role'], closes: unknown[] = [], pid = 77): Reached {
  const served = serveApi({ engine, timer: systemClock, logger: { error: () => {} }, createReference: () => 'ref-1' });
  return {
    role,
    pid,
    client: createApiClient(
      <N extends ApiName>(name: N, input: unknown) =>
        served.call(name, input) as Promise<Result<ApiOutput<N>, ApiError>>,
    ),
    follow: async (subscription, listener) => served.follow(subscription, listener),
    close: async (how) => void closes.push(how ?? {}),
  };
}
