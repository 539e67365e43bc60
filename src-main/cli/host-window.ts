import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ApiError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import { ok } from '../contract/result.ts';
import { wireProtocol } from '../contract/wire-terms.ts';
import { version } from '../engine/version.ts';
import type { SteadyEngine, SteadyEngineOptions } from '../reach/steady-engine.ts';
import { openSteadyEngine } from '../reach/steady-engine.ts';
import { readApiToken } from '../transport/api-token-file.ts';
import type { HttpServer } from '../transport/http-server.ts';
import { startHttpServer } from '../transport/http-server.ts';

/** The window, served to browsers by this process. */
export interface HostedWindow {
  readonly engine: SteadyEngine;
  readonly server: HttpServer;
  readonly dataFolder: string;
}

export interface HostWindowOptions extends Pick<SteadyEngineOptions, 'show' | 'waiting'> {
  readonly dataFolder: string;
  /** 0: any free one. */
  readonly port: number;
  /** Told what fails unexpectedly. */
  readonly failed: (message: string) => void;
}

/** Reaches an engine for as long as the window is served, and serves it. @returns what is in the way of either. */
export async function hostWindow(options: HostWindowOptions): Promise<Result<HostedWindow, ApiError>> {
  const { dataFolder, port, failed, ...told } = options;
  const opened = await openSteadyEngine({ dataFolder, ...told });
  if (!opened.ok) return opened;
  const engine = opened.value;
  const server = await startHttpServer({
    served: engine.served,
    hello: () => ({ say: 'hello', protocol: wireProtocol, version, pid: engine.state().pid ?? process.pid }),
    rendererFolder: builtWindow(),
    port,
    apiToken: await readApiToken(dataFolder),
    logger: { error: (message, facts) => failed(`${message}: ${String(facts?.cause)}`) },
    monotonic: () => performance.now(),
  });
  if (server.ok) {
    const { value } = server;
    // Feeds of the engine before have ended, and whoever looks has to see that there was a gap.
    engine.onState(() => value.reconnectPages());
    return ok({ engine, server: value, dataFolder });
  }
  await engine.close({ mode: 'park', graceMs: 0 });
  return server;
}

/** The built window: beside the bundle that contains this code, or below the sources. */
function builtWindow(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = ['../renderer', '../../renderer', '../../out/renderer'].map((folder) => join(here, folder));
  return candidates.find((folder) => existsSync(join(folder, 'index.html'))) ?? join(here, '../renderer');
}
