import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AgentDefinition } from '../../src-main/contract/agent.ts';
import type { ApiHandlers, ApiInput, ApiName, ApiOutput } from '../../src-main/contract/api.ts';
import { api } from '../../src-main/contract/api.ts';
import type { Event, EventKind, EventOf } from '../../src-main/contract/event.ts';
import type { Result } from '../../src-main/contract/result.ts';
import type { Settings } from '../../src-main/contract/settings.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import type { StageSpec, WorkflowDefinition } from '../../src-main/contract/workflow.ts';
import { Orchestrator } from '../../src-main/core/orchestrator.ts';
import type { Folders, FoundWorkflow, Logger, Store, WorkflowLibrary } from '../../src-main/core/ports.ts';
import { openStore } from '../../src-main/store/open-store.ts';
import { countingIds } from './counting-ids.ts';
import { ManualClock } from './manual-clock.ts';
import { agentDefinition, workflowOf, workflowVersion } from './samples.ts';
import type { Launch } from './scripted-launcher.ts';
import { ScriptedLauncher } from './scripted-launcher.ts';

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
  readonly clock: ManualClock;
  readonly log: KeptLog;
  readonly workflows: WorkflowDefinition[];
  readonly missingPaths: Set<string>;
  /** Calls an entry of the contract, and fails the test when it is refused. */
  call<N extends ApiName>(name: N, input: ApiInput<N>): Promise<ApiOutput<N>>;
  /** Calls an entry of the contract; the refusal is the result. */
  attempt<N extends ApiName>(name: N, input: ApiInput<N>): Promise<Awaited<ReturnType<ApiHandlers[N]>>>;
  /** Waits until everything that can happen without the clock has happened. */
  settle(): Promise<void>;
  /** Moves the clock, and settles. */
  pass(ms: number): Promise<void>;
  /** Settles, and answers with the launch of this number, from 0; throws with what there is when it did not come. */
  launch(index: number): Promise<Launch>;
  events<K extends EventKind>(kind: K): readonly EventOf<K>[];
  allEvents(): readonly Event[];
  /** Ends the engine as a quit does. */
  close(mode?: 'drain' | 'park'): Promise<void>;
  /** Ends the engine as a crash does: the core writes nothing more. */
  crash(): Promise<void>;
}

function libraryOf(definitions: readonly WorkflowDefinition[]): WorkflowLibrary {
  const found = (definition: WorkflowDefinition): FoundWorkflow => {
    const { registeredAt: _, ...version } = workflowVersion(definition);
    const { name, stages } = definition;
    const summary = { name, title: name, description: '', origin: 'bundled' as const, path: '', problems: [] };
    return { summary: { ...summary, stages: stages.length }, source: '', version };
  };
  return {
    list: () => Promise.resolve(definitions.map(found)),
    find: (name) => Promise.resolve(definitions.filter((definition) => definition.name === name).map(found)[0] ?? null),
    check: () => ({ problems: [], definition: null }),
  };
}

function foldersBut(missing: ReadonlySet<string>): Folders {
  return {
    inspect: (path) => Promise.resolve(missing.has(path) ? 'missing' : 'folder'),
    create: (owner) => Promise.resolve(`/workspaces/${owner}`),
  };
}

/** The stages of a workflow called `sample`. */
export function sample(...stages: readonly StageSpec[]): WorkflowDefinition {
  return workflowOf(stages);
}

/** Opens an engine that is closed, and its folder removed, when the test ends. */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'signalbox-core-'));
  const clock = options.clock ?? new ManualClock();
  const launcher = options.launcher ?? new ScriptedLauncher();
  const log = new KeptLog();
  const workflows = [...(options.workflows ?? [])];
  const missingPaths = new Set<string>();
  const settings: Settings = settingsSchema.parse(options.settings ?? {});
  const opened = await openStore({ folder, logger: log, now: () => clock.now() });
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  const orchestrator = new Orchestrator({
    store,
    launcher,
    logs: { read: () => Promise.resolve(null), watch: () => () => {} },
    workflows: libraryOf(workflows),
    folders: foldersBut(missingPaths),
    clock,
    ids,
    logger: log,
    settings,
    engine: { version: '0.0.0', pid: 1, dataFolder: folder },
    builtinAgents: options.agents ?? [agentDefinition()],
  });
  if (options.start !== false) await orchestrator.start();

  const settle = async () => {
    for (let turn = 0; turn < 12; turn += 1) {
      await store.write(() => null);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  let isOpen = true;
  const crash = async () => {
    isOpen = false;
    await store.close();
  };
  const close = async (mode: 'drain' | 'park' = 'park') => {
    if (!isOpen) return;
    isOpen = false;
    await orchestrator.close({ mode });
    await store.close();
  };
  onTestFinished(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
  });
  const allEvents = () => store.reads.listEvents({ afterSeq: 0, limit: 1_000 }).events;
  const attempt = async (name: ApiName, input: unknown) => {
    const handler = orchestrator.api[name] as (input: unknown) => Promise<Result<unknown, unknown>>;
    return await handler(api[name].input.parse(input));
  };
  return {
    folder,
    orchestrator,
    store,
    launcher,
    clock,
    log,
    workflows,
    missingPaths,
    attempt: attempt as Engine['attempt'],
    async call(name, input) {
      const result = await attempt(name, input);
      if (!result.ok) throw new Error(`${name} was refused: ${JSON.stringify(result.error)}`);
      return result.value as never;
    },
    settle,
    async pass(ms) {
      clock.advance(ms);
      await settle();
    },
    async launch(index) {
      await settle();
      const launch = launcher.launches[index];
      if (launch === undefined) throw new Error(`launch ${index} did not come; there were ${launcher.launches.length}`);
      return launch;
    },
    events: (kind) => allEvents().filter((event): event is never => event.kind === kind),
    allEvents,
    close,
    crash,
  };
}
