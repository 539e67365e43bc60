import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiInput, ApiName, ApiOutput } from '../../src-main/contract/api.ts';
import { refuse } from '../../src-main/contract/errors.ts';
import type { Event } from '../../src-main/contract/event.ts';
import { ok } from '../../src-main/contract/result.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';
import type { WorkflowDefinition } from '../../src-main/contract/workflow.ts';
import { Orchestrator } from '../../src-main/core/orchestrator.ts';
import { Parts } from '../../src-main/core/parts.ts';
import type { Clock, Store, WorkflowLibrary } from '../../src-main/core/ports.ts';
import { systemClock } from '../../src-main/engine/system-clock.ts';
import { createSystemIds } from '../../src-main/engine/system-ids.ts';
import { Copies } from '../../src-main/store/backup/copies.ts';
import { openStore } from '../../src-main/store/open-store.ts';
import type { ServedApi } from '../../src-main/transport/serve-api.ts';
import { serveApi } from '../../src-main/transport/serve-api.ts';
import { createFolders } from '../../src-main/workflows/folders.ts';
import { KeptFiles } from '../support/kept-files.ts';
import { noProjects } from '../support/no-projects.ts';
import { agentDefinition, workflowVersion } from '../support/samples.ts';
import { ScriptedMachine, ScriptedSettings } from '../support/scripted-machine.ts';
import { InstantLauncher } from './instant-launcher.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

/** A real engine on a real database with full durability; only the processes are missing. */
export interface BenchEngine {
  readonly folder: string;
  readonly store: Store;
  readonly launcher: InstantLauncher;
  /** An input of `enqueueTasks` with one task of 200 bytes. */
  readonly oneTask: ApiInput<'enqueueTasks'>;
  /** Calls an entry through the door that every wire uses, so that validation is part of the cost. */
  call<N extends ApiName>(name: N, input: ApiInput<N>): Promise<ApiOutput<N>>;
  onCommit(listener: (events: readonly Event[]) => void): () => void;
  /** Sets the engine's wall clock ahead, in milliseconds. */
  passTime(ms: number): void;
}

export interface BenchEngineOptions {
  /** How many attempts may be live at once. */
  readonly slots: number;
  readonly workflows?: readonly WorkflowDefinition[];
}

/** The most slots one agent may have. */
const slotsPerAgent = 256;

const logger = {
  info: () => {},
  warn: () => {},
  error: (message: string, facts?: unknown) => console.error(message, facts),
};

function libraryOf(workflows: readonly WorkflowDefinition[]): WorkflowLibrary {
  const found = workflows.map((definition) => {
    const { registeredAt: _, ...version } = workflowVersion(definition);
    const { name, stages } = definition;
    const summary = {
      name,
      title: name,
      description: '',
      origin: 'bundled' as const,
      path: '',
      project: null,
      problems: [],
    };
    return { summary: { ...summary, stages: stages.length }, source: '', hash: version.hash, version };
  });
  return {
    list: () => Promise.resolve(found),
    find: (name) => Promise.resolve(found.find(({ summary }) => summary.name === name) ?? null),
    check: () => Promise.resolve({ problems: [], definition: null }),
    inProject: () => Promise.resolve([]),
    save: () => Promise.resolve(refuse('refused', 'The bench saves no files.', '')),
    remove: () => Promise.resolve(refuse('refused', 'The bench deletes no files.', '')),
  };
}

function agentsWith(slots: number) {
  const count = Math.ceil(slots / slotsPerAgent);
  return Array.from({ length: count }, (_, index) =>
    // One process per task: then an agent that becomes idle says so, which costs an event.
    agentDefinition({ id: `worker${index}`, protocol: 'command', slots: Math.ceil(slots / count) }),
  );
}

function assemble(folder: string, store: Store, clock: Clock, options: BenchEngineOptions) {
  const launcher = new InstantLauncher();
  const settingsFile = new ScriptedSettings(
    settingsSchema.parse({ slots: { total: options.slots }, backups: { everyMs: 0 } }),
  );
  const orchestrator = new Orchestrator({
    store,
    launcher,
    logs: { read: () => Promise.resolve(null), search: () => Promise.resolve(ok(null)), watch: () => () => {} },
    workflows: libraryOf(options.workflows ?? []),
    projects: noProjects,
    folders: createFolders({ dataFolder: folder }),
    files: new KeptFiles(),
    clock,
    ids: createSystemIds(clock.now),
    logger,
    settings: settingsFile.inForce,
    settingsFile,
    machine: new ScriptedMachine(),
    parts: new Parts(),
    backups: new Copies({ folder, now: clock.now }),
    engine: { version: '0.0.0', pid: process.pid, dataFolder: folder },
    builtinAgents: agentsWith(options.slots),
  });
  const served = serveApi({
    engine: orchestrator,
    timer: systemClock,
    logger,
    createReference: () => 'bench',
  });
  return { launcher, orchestrator, served };
}

async function callServed<N extends ApiName>(served: ServedApi, name: N, input: ApiInput<N>): Promise<ApiOutput<N>> {
  const result = await served.call(name, input);
  if (!result.ok) throw new Error(`${name} was refused: ${JSON.stringify(result.error)}`);
  return result.value as ApiOutput<N>;
}

/** Opens an engine in a new folder, lets the work measure it, and takes everything away again. */
export function withBenchEngine<T>(options: BenchEngineOptions, work: (engine: BenchEngine) => Promise<T>): Promise<T> {
  return inTemporaryFolder(async (folder) => {
    let ahead = 0;
    const clock = { ...systemClock, now: () => systemClock.now() + ahead };
    const opened = await openStore({ folder, logger, now: clock.now });
    if (!opened.ok) throw new Error(opened.error.message);
    const store = opened.value;
    const { launcher, orchestrator, served } = assemble(folder, store, clock, options);
    await orchestrator.start();
    const workFolder = join(folder, 'work');
    mkdirSync(workFolder);
    const agent = { type: 'worker', capabilities: [] };
    const taskWork = { kind: 'prompt' as const, prompt: 'x'.repeat(200), config: {} };
    try {
      return await work({
        folder,
        store,
        launcher,
        oneTask: { tasks: [{ agent, work: taskWork, folder: workFolder }] },
        call: (name, input) => callServed(served, name, input),
        onCommit: (listener) => store.onCommit(listener),
        passTime: (ms) => {
          ahead += ms;
        },
      });
    } finally {
      await orchestrator.close({ mode: 'park' });
      await store.close();
    }
  });
}
