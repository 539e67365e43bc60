import { onTestFinished } from 'vitest';
import type { AgentDefinition } from '../../src-main/contract/agent.ts';
import type { ApiInput, ApiName, ApiOutput } from '../../src-main/contract/api.ts';
import { api } from '../../src-main/contract/api.ts';
import type { ApiError } from '../../src-main/contract/errors.ts';
import type { Event, EventKind, EventOf } from '../../src-main/contract/event.ts';
import { workflowHashSchema } from '../../src-main/contract/ids.ts';
import type { Result } from '../../src-main/contract/result.ts';
import { err, ok } from '../../src-main/contract/result.ts';
import type { Settings } from '../../src-main/contract/settings.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import type { StageSpec, WorkflowDefinition } from '../../src-main/contract/workflow.ts';
import { Orchestrator } from '../../src-main/core/orchestrator.ts';
import { Parts } from '../../src-main/core/parts.ts';
import type { Folders, FoundWorkflow, Logger, LogReader, Store, WorkflowLibrary } from '../../src-main/core/ports.ts';
import type { Projects } from '../../src-main/core/ports-projects.ts';
import { Copies } from '../../src-main/store/backup/copies.ts';
import { openStore } from '../../src-main/store/open-store.ts';
import { countingIds } from './counting-ids.ts';
import { KeptFiles } from './kept-files.ts';
import { ManualClock } from './manual-clock.ts';
import { noProjects } from './no-projects.ts';
import { agentDefinition, stageSpec, workflowOf, workflowVersion } from './samples.ts';
import type { Launch } from './scripted-launcher.ts';
import { ScriptedLauncher } from './scripted-launcher.ts';
import { ScriptedMachine, ScriptedSettings } from './scripted-machine.ts';
import { makeFolder, removeFolder } from './temporary-folder.ts';

/** The timers of an engine at rest: the daily look for what is old enough to be forgotten. */
export const restingTimers = 1;

/** One for all engines of a file, so that an engine that is opened again makes no id twice. */
const ids = countingIds();

/** A logger that keeps what it was told. */
export class KeptLog implements Logger {
  readonly lines: { level: string; message: string; facts: unknown }[] = [];
  info = (message: string, facts?: unknown) => this.#keep('info', message, facts);
  warn = (message: string, facts?: unknown) => this.#keep('warn', message, facts);
  error = (message: string, facts?: unknown) => this.#keep('error', message, facts);

  /** Warnings and errors. */
  get problems() {
    return this.lines.filter(({ level }) => level !== 'info');
  }

  #keep(level: string, message: string, facts: unknown): void {
    this.lines.push({ level, message, facts });
  }
}

export interface EngineOptions {
  readonly folder?: string;
  readonly agents?: readonly AgentDefinition[];
  readonly settings?: unknown;
  readonly workflows?: readonly WorkflowDefinition[];
  /** A workflow file called `broken`, and the problems that its check finds. */
  readonly broken?: FoundWorkflow['summary']['problems'];
  /** What every change of a workflow file is refused with; absent: it is done. */
  readonly refuseFiles?: ApiError;
  /** Which folders are trusted, and what they hold; absent: none. */
  readonly projects?: (settings: Settings) => Projects;
  readonly launcher?: ScriptedLauncher;
  readonly clock?: ManualClock;
  readonly start?: boolean;
}

/** A real core on a real database, with a launcher and a clock in the test's hand. */
export interface Engine {
  readonly folder: string;
  readonly orchestrator: Orchestrator;
  readonly store: Store;
  readonly launcher: ScriptedLauncher;
  readonly machine: ScriptedMachine;
  readonly settings: ScriptedSettings;
  readonly parts: Parts;
  readonly files: KeptFiles;
  readonly clock: ManualClock;
  readonly log: KeptLog;
  /** What every later write fails with; null: nothing. */
  failWrites: Error | null;
  /** What every later write fails with after its work was done, which is rolled back; null: nothing. */
  failCommits: Error | null;
  /** What the log of any attempt holds; null: there is none. */
  logPage: Awaited<ReturnType<LogReader['read']>>;
  /** What every search of a log finds. */
  logSearch: Awaited<ReturnType<LogReader['search']>>;
  /** Tells whoever watches a log that it has grown. */
  growLog(totalLines: number): void;
  readonly missingPaths: Set<string>;
  /** Calls an entry of the contract, and fails the test when it is refused. */
  call<N extends ApiName>(name: N, input: ApiInput<N>): Promise<ApiOutput<N>>;
  /** Calls an entry of the contract; the refusal is the result. */
  attempt<N extends ApiName>(name: N, input: ApiInput<N>): Promise<Result<ApiOutput<N>, ApiError>>;
  /** Waits until everything that can happen without the clock has happened. */
  settle(): Promise<void>;
  /** Moves the clock, and settles. */
  pass(ms: number): Promise<void>;
  /** Settles, and answers with the launch of this number, from 0; throws with what there is when it did not come. */
  launch(index: number): Promise<Launch>;
  events<K extends EventKind>(kind: K): readonly EventOf<K>[];
  allEvents(): readonly Event[];
  /** Ends the engine as a quit does. */
  close(): Promise<void>;
  /** Ends the engine as a crash does: the core writes nothing more. */
  crash(): Promise<void>;
}

/** The workflow files of an engine's options. */
export function libraryOf({ workflows = [], broken, refuseFiles }: EngineOptions): WorkflowLibrary {
  const summary = {
    description: '',
    origin: 'bundled' as const,
    path: '/workflows',
    project: null,
    problems: [],
    stages: 0,
  };
  const found = (definition: WorkflowDefinition): FoundWorkflow => {
    const { registeredAt: _, ...version } = workflowVersion(definition);
    const { name, stages } = definition;
    return {
      summary: { ...summary, name, title: name, stages: stages.length },
      source: '',
      hash: version.hash,
      version,
    };
  };
  const all = workflows.map(found);
  if (broken !== undefined) {
    const hash = workflowHashSchema.parse('0'.repeat(64));
    const title = { name: 'broken', title: 'broken' };
    all.push({ summary: { ...summary, ...title, problems: broken }, source: '', hash, version: null });
  }
  return {
    list: () => Promise.resolve(all),
    find: (name) => Promise.resolve(all.find((workflow) => workflow.summary.name === name) ?? null),
    check: () => Promise.resolve({ problems: [], definition: null }),
    inProject: () => Promise.resolve(all),
    save: () => Promise.resolve(refuseFiles === undefined ? ok(found(sample(stageSpec('saved')))) : err(refuseFiles)),
    remove: () => Promise.resolve(refuseFiles === undefined ? ok(null) : err(refuseFiles)),
  };
}

/** Folders that are all there, but those. */
export function foldersBut(missing: ReadonlySet<string>): Folders {
  return {
    inspect: (path) => Promise.resolve(missing.has(path) ? 'missing' : 'folder'),
    create: (owner) => Promise.resolve(`/workspaces/${owner}`),
  };
}

/** The stages of a workflow called `sample`. */
export function sample(...stages: readonly StageSpec[]): WorkflowDefinition {
  return workflowOf(stages);
}

/** A store whose writes fail while the engine says so, as on a full disk. */
function failing(store: Store, engine: Pick<Engine, 'failWrites' | 'failCommits'>): Store {
  return {
    reads: store.reads,
    views: store.views,
    history: store.history,
    facts: () => store.facts(),
    write(work) {
      const { failWrites, failCommits } = engine;
      if (failWrites !== null) return Promise.reject(failWrites);
      if (failCommits === null) return store.write(work);
      return store.write((unit) => {
        work(unit);
        throw failCommits;
      });
    },
    onCommit: (listener) => store.onCommit(listener),
    diagnose: () => store.diagnose(),
    close: () => store.close(),
  };
}

/** Opens an engine that is closed, and its folder removed, when the test ends. */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const folder = options.folder ?? makeFolder();
  const clock = options.clock ?? new ManualClock();
  const log = new KeptLog();
  const opened = await openStore({ folder, logger: log, now: () => clock.now() });
  if (!opened.ok) throw new Error(opened.error.message);
  const engine = new TestEngine({ folder, clock, log, store: opened.value, options });
  onTestFinished(async () => {
    await engine.close();
    removeFolder(folder);
  });
  if (options.start !== false) await engine.orchestrator.start();
  return engine;
}

interface Built {
  readonly folder: string;
  readonly clock: ManualClock;
  readonly log: KeptLog;
  readonly store: Store;
  readonly options: EngineOptions;
}

class TestEngine implements Engine {
  readonly folder: string;
  readonly clock: ManualClock;
  readonly log: KeptLog;
  readonly store: Store;
  readonly launcher: ScriptedLauncher;
  readonly orchestrator: Orchestrator;
  readonly machine = new ScriptedMachine();
  readonly settings: ScriptedSettings;
  readonly parts = new Parts();
  readonly files = new KeptFiles();
  readonly missingPaths = new Set<string>();
  failWrites: Error | null = null;
  failCommits: Error | null = null;
  logPage: Engine['logPage'] = null;
  logSearch: Engine['logSearch'] = ok(null);
  #isOpen = true;
  readonly #watchers = new Set<(totalLines: number) => void>();

  constructor({ folder, clock, log, store, options }: Built) {
    this.folder = folder;
    this.clock = clock;
    this.log = log;
    this.store = store;
    this.launcher = options.launcher ?? new ScriptedLauncher();
    this.settings = new ScriptedSettings(
      settingsSchema.parse({ backups: { everyMs: 0 }, ...(options.settings as object) }),
    );
    this.orchestrator = new Orchestrator({
      store: failing(store, this),
      launcher: this.launcher,
      logs: {
        read: () => Promise.resolve(this.logPage),
        search: () => Promise.resolve(this.logSearch),
        watch: (_attemptId, grown) => this.#watch(grown),
      },
      workflows: libraryOf(options),
      projects: options.projects?.(this.settings.inForce) ?? noProjects,
      folders: foldersBut(this.missingPaths),
      files: this.files,
      clock,
      ids,
      logger: log,
      settings: this.settings.inForce,
      settingsFile: this.settings,
      machine: this.machine,
      parts: this.parts,
      backups: new Copies({ folder, now: () => clock.now() }),
      engine: { version: '0.0.0', pid: 1, dataFolder: folder },
      builtinAgents: options.agents ?? [agentDefinition()],
    });
  }

  async attempt<N extends ApiName>(name: N, input: ApiInput<N>): Promise<Result<ApiOutput<N>, ApiError>> {
    const handler = this.orchestrator.api[name] as (input: unknown) => Promise<Result<ApiOutput<N>, ApiError>>;
    return await handler(api[name].input.parse(input));
  }

  async call<N extends ApiName>(name: N, input: ApiInput<N>): Promise<ApiOutput<N>> {
    const result = await this.attempt(name, input);
    if (!result.ok) throw new Error(`${name} was refused: ${JSON.stringify(result.error)}`);
    return result.value;
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 12; turn += 1) {
      await this.store.write(() => null);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
  }

  async launch(index: number): Promise<Launch> {
    await this.settle();
    const { launches } = this.launcher;
    const launch = launches[index];
    if (launch === undefined) throw new Error(`launch ${index} did not come; there were ${launches.length}`);
    return launch;
  }

  allEvents(): readonly Event[] {
    return this.store.reads.listEvents({ afterSeq: 0, limit: 1_000 }).events;
  }

  events<K extends EventKind>(kind: K): readonly EventOf<K>[] {
    return this.allEvents().filter((event): event is EventOf<K> => event.kind === kind);
  }

  growLog(totalLines: number): void {
    for (const grown of this.#watchers) grown(totalLines);
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.failWrites = null;
    this.failCommits = null;
    await this.orchestrator.close({ mode: 'park' });
    await this.store.close();
  }

  async crash(): Promise<void> {
    this.#isOpen = false;
    await this.store.close();
  }

  #watch(grown: (totalLines: number) => void) {
    this.#watchers.add(grown);
    return () => this.#watchers.delete(grown);
  }
}
