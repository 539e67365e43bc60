/** The composition root: the only file that knows every room. Builds an engine in one order, ends it in the other. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataMarkerName } from './agents/agent-host.ts';
import { builtinAgentDefinitions } from './agents/builtin-definitions.ts';
import { runProgram } from './agents/host/run-program.ts';
import { dataMarkerOf, startAgentHost } from './agents/host-client.ts';
import type { StartableLauncher } from './agents/launcher.ts';
import { createAgentLauncher } from './agents/launcher.ts';
import { createStoredLogs } from './agents/log-file/stored-logs.ts';
import { createLogReader } from './agents/log-reader.ts';
import { openProcessTable } from './agents/process-table.ts';
import { createRedactor, secretsIn } from './agents/redact.ts';
import { compilePatterns } from './agents/secret-patterns.ts';
import type { AgentDefinition } from './contract/agent.ts';
import type { ApiError, Failure } from './contract/errors.ts';
import type { Result } from './contract/result.ts';
import { err, ok } from './contract/result.ts';
import type { ProcessIdentity } from './contract/task.ts';
import { Orchestrator } from './core/orchestrator.ts';
import { Parts } from './core/parts.ts';
import type { Backups, Logger, Stop, Store } from './core/ports.ts';
import type { EngineLock, LockHolder } from './engine/engine-lock.ts';
import { acquireEngineLock, readEngineLock } from './engine/engine-lock.ts';
import { createEngineLog } from './engine/engine-log.ts';
import { createMachine } from './engine/machine.ts';
import { SavedSettings } from './engine/saved-settings.ts';
import type { SettingsAtStart } from './engine/settings-kept.ts';
import { settingsAtStart } from './engine/settings-kept.ts';
import { systemClock } from './engine/system-clock.ts';
import { createSystemIds } from './engine/system-ids.ts';
import { version } from './engine/version.ts';
import { ProjectFolders } from './projects/project-folders.ts';
import { Copies } from './store/backup/copies.ts';
import { databaseFile } from './store/data-files.ts';
import type { Exported } from './store/export-rows.ts';
import { exportRows } from './store/export-rows.ts';
import { restoreDatabase } from './store/restore.ts';
import { openEngineStore } from './store/safe-mode.ts';
import type { ServedApi } from './transport/serve-api.ts';
import { serveApi } from './transport/serve-api.ts';
import { chooseSocketPath, isPipe, preparePrivateFolder, thisSocketPlace } from './transport/socket-path.ts';
import { startSocketServer } from './transport/socket-server.ts';
import { createFolders } from './workflows/folders.ts';
import { createStoredWorkspaces } from './workflows/stored-workspaces.ts';
import { createWorkflowLibrary } from './workflows/workflow-library.ts';

export interface OpenOptions {
  /** Absolute, from `prepareDataFolder`. */
  readonly dataFolder: string;
  /**
   * `work`: the engine, which takes up what an earlier one left, works, and serves other processes. `idle`: holds the
   * folder for a moment to read or to store something; starts nothing, and others wait until it is closed.
   */
  readonly mode: 'work' | 'idle';
  /** Told the engine's warnings and errors, for a person who watches. */
  readonly show?: (level: 'warning' | 'error', message: string) => void;
}

/** An engine of this process. */
export interface OpenEngine {
  readonly served: ServedApi;
  /**
   * Ends it. `park` interrupts live attempts and puts their tasks back to the front of the queue; `drain` lets them
   * end first, for at most `drainMs`. Child processes get `graceMs` to end, then they are killed. The lock is given
   * back last. Calling it again shortens the grace, and waits for the same end.
   */
  close(options: CloseOptions): Promise<void>;
}

export interface CloseOptions {
  readonly mode: 'drain' | 'park';
  readonly graceMs: number;
  readonly drainMs?: number;
}

/** `held`: another process has the folder. */
export type OpenFailure =
  | { readonly kind: 'held'; readonly holder: LockHolder }
  | { readonly kind: 'refused'; readonly error: ApiError };

/** What ends what was built so far, last built first. */
type Undo = (() => Promise<void> | void)[];

const processes = openProcessTable({ platform: process.platform, run: runProgram });

/** The living process that holds a data folder; null when there is none. */
export async function findHolder(dataFolder: string): Promise<LockHolder | null> {
  const holder = await readEngineLock(dataFolder);
  return holder !== null && (await isAlive(holder)) ? holder : null;
}

/** Processes that an earlier engine of the data folder has left behind. Only to be asked while nobody holds it. */
export async function findOrphans(dataFolder: string): Promise<readonly ProcessIdentity[]> {
  const marker = { name: dataMarkerName, value: dataMarkerOf(dataFolder) };
  return processes.find({ groups: [], roots: [], markers: [marker] });
}

async function isAlive({ pid, startMark }: ProcessIdentity): Promise<boolean> {
  return (await processes.identify(pid))?.startMark === startMark;
}

/**
 * Opens the engine of a data folder: settings, lock, log, store, agents, core, socket, in this order. What fails says
 * which of them it was; everything before it is undone.
 */
export async function openOrchestrator(options: OpenOptions): Promise<Result<OpenEngine, OpenFailure>> {
  const settings = await settingsAtStart(options.dataFolder);
  if (!settings.ok) return err({ kind: 'refused', error: settings.error });
  const lock = await takeLock(options);
  if (!lock.ok) return lock;
  const undo: Undo = [() => lock.value.release()];
  try {
    const opened = await build({ ...options, unclean: lock.value.tookOverFrom !== null }, settings.value, undo);
    if (opened.ok) return opened;
    await undoAll(undo);
    return err({ kind: 'refused', error: opened.error });
  } catch (error) {
    await undoAll(undo);
    throw error;
  }
}

/**
 * Puts a copy in the place of a data folder's database, and keeps what was there. The next opening stores what was done.
 * @param copy absolute; null: the database begins empty.
 * @returns the folder that keeps what was there, if anything was; or why not, such as that a process has the folder.
 */
export async function restoreCopy(
  dataFolder: string,
  copy: string | null,
): Promise<Result<{ readonly kept: string | null }, ApiError>> {
  const lock = await takeLock({ dataFolder, mode: 'idle' });
  if (!lock.ok) return err(lock.error.kind === 'held' ? heldBy(lock.error.holder, dataFolder) : lock.error.error);
  try {
    return await restoreDatabase({ folder: dataFolder, copy, now: systemClock.now() });
  } finally {
    await lock.value.release();
  }
}

function heldBy({ pid }: LockHolder, dataFolder: string): ApiError {
  return {
    type: 'refused',
    message: `Process ${pid} works with the data folder ${dataFolder}; its database cannot be replaced meanwhile.`,
    remedy: `End that engine first (Ctrl-C in its terminal, or: kill ${pid}), then try again.`,
  };
}

/** Hands over every row of a database as a line of JSON, see `exportRows`. @param from null: that of the data folder. */
export function exportDatabase(
  from: string | null,
  dataFolder: string,
  write: (line: string) => void,
): Promise<Result<Exported, ApiError>> {
  return exportRows(from ?? databaseFile(dataFolder), write, systemClock.now());
}

async function undoAll(undo: Undo): Promise<void> {
  for (const step of undo.toReversed()) await step();
}

async function takeLock({ dataFolder, mode }: OpenOptions): Promise<Result<EngineLock, OpenFailure>> {
  const self = await processes.identify(process.pid);
  if (self === null) throw new Error('the system does not tell who this process is');
  const socketPath = mode === 'work' ? chooseSocketPath(dataFolder, thisSocketPlace()) : null;
  try {
    const lock = await acquireEngineLock({
      dataFolder,
      self: { ...self, socketPath, version, startedAt: systemClock.now() },
      isAlive,
      createNonce: () => crypto.randomUUID(),
    });
    return lock.ok ? lock : err({ kind: 'held', holder: lock.error });
  } catch (error) {
    return err({ kind: 'refused', error: notWritable(dataFolder, error) });
  }
}

/** A disk without room, or one that fails, refuses the lock before there is anything else to refuse. */
function notWritable(dataFolder: string, error: unknown): ApiError {
  const reason = error instanceof Error ? error.message : String(error);
  const isFull = reason.startsWith('ENOSPC');
  return {
    type: 'storeFailed',
    message: isFull
      ? `The disk that holds the data folder ${dataFolder} is full: not even its lock can be written.`
      : `The data folder ${dataFolder} cannot be written: ${reason}.`,
    remedy: isFull
      ? 'Free some space on that disk, then try again; what is stored stays as it is.'
      : 'Check the disk and the rights of the folder, then try again; what is stored stays as it is.',
  };
}

/** @param undo is extended step by step, so that a failure half-way can be undone. */
async function build(
  options: OpenOptions & { readonly unclean: boolean },
  atStart: SettingsAtStart,
  undo: Undo,
): Promise<Result<OpenEngine, ApiError>> {
  const { dataFolder, mode, show, unclean } = options;
  const { settings } = atStart;
  const redact = createRedactor({ values: secretsIn(process.env), patterns: settings.redact });
  const logger = createEngineLog({ dataFolder, now: systemClock.now, redact, ...(show === undefined ? {} : { show }) });
  const parts = new Parts();
  const leaseMs = settings.heartbeat.staleMs;
  const store = await openEngineStore({
    folder: dataFolder,
    logger,
    now: systemClock.now,
    leaseMs,
    mode,
    unclean,
    logTrouble: (trouble) => parts.report('write-ahead log', trouble),
  });
  if (!store.ok) return store;
  undo.push(() => store.value.close());
  const backups = new Copies({ folder: dataFolder, now: systemClock.now });
  undo.push(() => backups.close());
  const assembled = assemble({ dataFolder, atStart, logger, store: store.value, parts, backups });
  const { orchestrator, launcher, logs, workflows } = assembled;
  undo.push(
    () => logs.close(),
    () => workflows.close(),
  );
  const served = serveApi({
    engine: {
      api: orchestrator.api,
      subscribe: (subscription, deliver) => orchestrator.subscribe(subscription, deliver),
    },
    timer: systemClock,
    logger,
    createReference: () => crypto.randomUUID().slice(0, 8),
  });
  if (mode === 'idle') {
    await registerBuiltinAgents(store.value, assembled.builtinAgents);
    return ok({ served, close: () => undoAll(undo) });
  }
  const started = await launcher.start();
  undo.push(() => launcher.close(0));
  if (!started.ok) return err(asApiError(started.error));
  await orchestrator.start();
  undo.push(await serveSocket(dataFolder, served));
  return ok({ served, close: createClose({ orchestrator, launcher, undo }) });
}

function assemble(needed: {
  readonly dataFolder: string;
  readonly atStart: SettingsAtStart;
  readonly logger: Logger;
  readonly store: Store;
  readonly parts: Parts;
  readonly backups: Backups;
}) {
  const { dataFolder, atStart, logger, store, parts, backups } = needed;
  const { settings } = atStart;
  const logFolder = join(dataFolder, 'logs');
  const launcher = createAgentLauncher({
    startHost: startAgentHost,
    clock: systemClock,
    logger,
    dataFolder,
    engineEnv: process.env,
    logFolder,
    heartbeatMs: settings.heartbeat.intervalMs,
    redact: settings.redact,
  });
  const builtinAgents = builtinAgentDefinitions();
  const settingsFile = new SavedSettings({
    dataFolder,
    atStart,
    refusePattern: (pattern) => compilePatterns([pattern]).refused[0] ?? null,
    clock: systemClock,
    logger,
    report: (part, trouble) => parts.report(part, trouble),
  });
  const logs = createLogReader({
    folder: logFolder,
    watchLog: (log, grown) => watchLog(launcher, log, grown),
  });
  const projects = new ProjectFolders(settingsFile.inForce);
  const workflows = createWorkflowLibrary({
    bundledFolder: bundledWorkflows(),
    dataFolder,
    projects,
    agentTypes: (project) => agentTypes(store, project),
  });
  const orchestrator = new Orchestrator({
    store,
    launcher,
    logs,
    workflows,
    projects,
    folders: createFolders({ dataFolder }),
    files: { ...createStoredLogs({ folder: logFolder }), ...createStoredWorkspaces({ dataFolder }) },
    clock: systemClock,
    ids: createSystemIds(systemClock.now),
    logger,
    settings: settingsFile.inForce,
    settingsFile,
    machine: createMachine({
      dataFolder,
      env: process.env,
      platform: process.platform,
      versions: process.versions,
    }),
    parts,
    backups,
    engine: { version, pid: process.pid, dataFolder },
    builtinAgents,
  });
  return { orchestrator, launcher, logs, workflows, builtinAgents };
}

/** The types of agents that work in a project, or (null) in none, may ask for. */
function agentTypes(store: Store, project: string | null): readonly string[] {
  const agents = store.reads.agents().map(({ definition }) => definition);
  const usable = agents.filter((agent) => agent.project === undefined || agent.project === project);
  return usable.map(({ type }) => type);
}

/** The host may be another one by the time it is asked: a log is watched at the one that writes it. */
function watchLog(launcher: StartableLauncher, log: string, grown: (totalLines: number) => void): Stop {
  let stop = () => {};
  let stopped = false;
  void launcher.host().then((host) => {
    if (host.ok && !stopped) stop = host.value.watchLog(log, grown);
  });
  return () => {
    stopped = true;
    stop();
  };
}

/** A folder that no engine has worked in yet knows the built-in agents too, so that work for them can be stored. */
async function registerBuiltinAgents(store: Store, definitions: readonly AgentDefinition[]): Promise<void> {
  const known = new Set(store.reads.agents().map(({ id }) => id));
  const missing = definitions.filter(({ id }) => !known.has(id));
  if (missing.length === 0) return;
  await store.write((unit) => {
    const moment = { at: systemClock.now(), actor: 'engine' } as const;
    unit.record(
      missing.map((definition) => ({ ...moment, kind: 'agent.registered', agentId: definition.id, definition })),
    );
    return null;
  });
}

/** @returns what ends it. */
async function serveSocket(dataFolder: string, served: ServedApi): Promise<() => Promise<void>> {
  const place = thisSocketPlace();
  const path = chooseSocketPath(dataFolder, place);
  if (path === null) throw new Error('no folder of this machine has a name short enough for a socket');
  if (!isPipe(path)) preparePrivateFolder(dirname(path), place.userId);
  const server = await startSocketServer({ path, served, version, pid: process.pid });
  return () => server.close();
}

const longestWaitMs = 2 ** 31 - 1;

function createClose(parts: {
  readonly orchestrator: Orchestrator;
  readonly launcher: StartableLauncher;
  readonly undo: Undo;
}): OpenEngine['close'] {
  const { orchestrator, launcher, undo } = parts;
  let ended: Promise<void> | null = null;

  async function end({ mode, graceMs, drainMs = 0 }: CloseOptions): Promise<void> {
    // The clock's timers and the agent host do not keep the process alive, and it must not end half-way.
    const keepAlive = setInterval(() => {}, longestWaitMs);
    // Attempts have stop times of their own, which may be longer than what there is for quitting.
    const stopTimer = systemClock.after(drainMs + graceMs, () => void launcher.close(0));
    await orchestrator.close({ mode, drainMs });
    await launcher.close(graceMs);
    stopTimer();
    await undoAll(undo);
    clearInterval(keepAlive);
  }

  return async (options) => {
    if (ended !== null) systemClock.after(options.graceMs, () => void launcher.close(0));
    ended ??= end(options);
    await ended;
  };
}

function asApiError({ message, remedy }: Failure): ApiError {
  return { type: 'unavailable', message, remedy: remedy ?? 'Look into engine.log in the data folder.' };
}

/** The workflows that come with Signalbox: beside the sources, or above the bundle that contains this code. */
function bundledWorkflows(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = ['..', '../..', '../../..'].map((up) => join(here, up, 'resources', 'workflows'));
  const found = candidates.find((folder) => existsSync(folder));
  if (found === undefined) throw new Error(`the bundled workflows are missing: looked in ${candidates.join(', ')}`);
  return found;
}
