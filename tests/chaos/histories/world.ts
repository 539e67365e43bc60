import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentDefinition } from '../../../src-main/contract/agent.ts';
import type { ApiInput, ApiName, ApiOutput } from '../../../src-main/contract/api.ts';
import { api } from '../../../src-main/contract/api.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import type { Event } from '../../../src-main/contract/event.ts';
import type { RunId, TaskId } from '../../../src-main/contract/ids.ts';
import type { Result } from '../../../src-main/contract/result.ts';
import { err } from '../../../src-main/contract/result.ts';
import { settingsSchema } from '../../../src-main/contract/settings.ts';
import type { Attempt } from '../../../src-main/contract/task.ts';
import { AttemptWrites } from '../../../src-main/core/attempts.ts';
import { Breakers } from '../../../src-main/core/breakers.ts';
import { Orchestrator } from '../../../src-main/core/orchestrator.ts';
import { Parts } from '../../../src-main/core/parts.ts';
import type { Backups, IdSource, Logger } from '../../../src-main/core/ports.ts';
import { RunFlow } from '../../../src-main/core/run-flow.ts';
import { countingIds } from '../../support/counting-ids.ts';
import { foldersBut, libraryOf } from '../../support/engine.ts';
import { KeptFiles } from '../../support/kept-files.ts';
import { noProjects } from '../../support/no-projects.ts';
import { agentDefinition } from '../../support/samples.ts';
import { ScriptedMachine, ScriptedSettings } from '../../support/scripted-machine.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { ClaimRules } from './claim-rules.ts';
import { FakeHost } from './fake-host.ts';
import type { MemoryStore, StoreLife } from './memory-store.ts';
import { VirtualClock } from './virtual-clock.ts';
import { workflows } from './workflows.ts';

/** Agents of every protocol, with one slot and with several, one of them asking a person. */
export const agents: readonly AgentDefinition[] = [
  agentDefinition({ id: 'worker-1', provider: 'cloud' }),
  agentDefinition({ id: 'worker-2', slots: 2, permissions: 'ask', provider: 'cloud' }),
  agentDefinition({ id: 'tester', type: 'tester', protocol: 'command', slots: 2 }),
];
/** An agent of a person, who may change and remove it. */
export const ownAgent: AgentDefinition = agentDefinition({ id: 'own', type: 'tester', builtin: false });

/** The most turns of the event loop that anything without a timer may take. */
const mostTurns = 2_000;
/** So many turns happen without a real wait. */
const longTurn = 200;

const silent: Logger = { info: () => {}, warn: () => {}, error: () => {} };

interface Life {
  readonly orchestrator: Orchestrator;
  readonly store: StoreLife;
  /** Takes away its clock. */
  end(): void;
}

/** An engine with everything around it: a database, a clock, agents; and what it has promised to whom. */
export class World {
  readonly clock = new VirtualClock();
  readonly host: FakeHost;
  readonly database: MemoryStore;
  readonly settings = new ScriptedSettings(settingsSchema.parse({ slots: { total: 4 }, backups: { everyMs: 0 } }));
  readonly violations: string[] = [];
  /** What every committed event is held to. */
  readonly rules = new ClaimRules();
  /** What commands were answered with: the engine has promised that it is stored. */
  readonly acknowledged = { tasks: new Set<TaskId>(), runs: new Set<RunId>() };
  /** The greatest limit of slots since the last look. */
  mostSlots = 4;
  lives = 0;
  recoveries = 0;
  readonly #ids: IdSource;
  readonly #library = libraryOf({ workflows });
  readonly #log: Logger;
  #life: Life | null = null;

  /** @param options.log told what the engine logs; nobody by default. */
  constructor(options: { readonly database: MemoryStore; readonly seed: number; readonly log?: Logger }) {
    this.database = options.database;
    this.host = new FakeHost(this.clock, () => this.mostSlots);
    this.#ids = { ...countingIds(), random: seededRandom(options.seed) };
    this.#log = options.log ?? silent;
  }

  /** Whether the engine is alive. */
  get isAlive(): boolean {
    return this.#life !== null && !this.#life.store.isDead;
  }

  /** Starts an engine, again and again when the store fails under it, as a person would. */
  async start(): Promise<void> {
    let reason: unknown;
    for (let tries = 0; tries < 20; tries += 1) {
      this.lives += 1;
      const life = this.#born();
      this.#life = life;
      let outcome = 'waits';
      life.orchestrator.start().then(
        () => {
          outcome = 'started';
        },
        (error: unknown) => {
          outcome = 'failed';
          reason = error;
        },
      );
      await this.settle();
      if (outcome === 'started' && this.isAlive) return;
      if (outcome === 'waits' && this.isAlive) throw new Error('the engine neither started nor failed');
      this.die();
    }
    throw new Error('the engine did not start in twenty tries', { cause: reason });
  }

  /** The engine dies where it stands. */
  die(): void {
    this.#life?.store.die();
    this.#life?.end();
    this.#life = null;
    this.host.engineDied();
  }

  /** A new engine takes up what the dead one left. */
  async recover(): Promise<void> {
    this.die();
    this.recoveries += 1;
    await this.start();
  }

  /** Ends the engine as a quit does, and starts the next one. */
  async quit(mode: 'park' | 'drain'): Promise<void> {
    const life = this.#life;
    if (life === null) return;
    let isClosed = false;
    const closing = life.orchestrator.close(mode === 'park' ? { mode } : { mode, drainMs: 20_000 }).then(() => {
      isClosed = true;
    });
    closing.catch((error: unknown) => this.violations.push(`The engine did not close: ${String(error)}`));
    for (let waited = 0; !isClosed && this.isAlive && waited < 60; waited += 1) await this.pass(1_000);
    if (this.isAlive && !isClosed) this.violations.push(`The engine did not close in a minute (${mode}).`);
    if (this.isAlive && this.host.running.length > 0) {
      this.violations.push(`P7: ${this.host.running.length} attempts ran on after the engine had closed.`);
    }
    await this.recover();
  }

  /** Calls an entry as a client does; a dead engine answers nothing. */
  call<N extends ApiName>(name: N, input: ApiInput<N>): Promise<Result<ApiOutput<N>, ApiError>> {
    const orchestrator = this.#life?.orchestrator;
    if (orchestrator === undefined) return Promise.resolve(err(dead));
    const parsed = api[name].input.safeParse(input);
    if (!parsed.success) throw new Error(`${name} was called wrongly: ${parsed.error.message}`);
    const handler = orchestrator.api[name] as (given: unknown) => Promise<Result<ApiOutput<N>, ApiError>>;
    return (async () => handler(parsed.data))();
  }

  /** Calls an entry without waiting for its end; what it throws is a defect. */
  send<N extends ApiName>(name: N, input: ApiInput<N>, answered: (output: ApiOutput<N>) => void = () => {}): void {
    this.call(name, input).then(
      (result) => {
        if (result.ok) answered(result.value);
      },
      (error: unknown) =>
        this.violations.push(`${name} threw: ${error instanceof Error ? error.stack : String(error)}`),
    );
  }

  /** Writes the result of an attempt that does not hold its task, as a lost message would. It must change nothing. */
  deliverForeign(attempt: Attempt): void {
    const life = this.#life;
    if (life === null) return;
    const flow = new RunFlow({ ids: this.#ids, projects: noProjects });
    const settings = this.settings.inForce;
    const { store } = life.store;
    const breakers = new Breakers({ store, clock: this.clock, settings });
    const writes = new AttemptWrites({
      ids: this.#ids,
      clock: this.clock,
      flow,
      breakers,
      settings,
      projects: noProjects,
    });
    const outcome = { kind: 'completed' as const, outputs: { score: 9 } };
    life.store.store
      .write((unit) => {
        const before = JSON.stringify([unit.row('task', attempt.taskId), unit.row('attempt', attempt.id)]);
        const result = writes.ended(unit, attempt, { outcome, exit: null, gates: [] });
        const after = JSON.stringify([unit.row('task', attempt.taskId), unit.row('attempt', attempt.id)]);
        if (result.ok || before !== after) this.violations.push(`P2: a foreign result of ${attempt.id} was taken.`);
        return null;
      })
      // A store that fails refuses it too.
      .catch(() => undefined);
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    let quiet = 0;
    for (let turn = 0; quiet < 3; turn += 1) {
      if (turn > mostTurns) throw new Error(`the engine did not come to rest in ${mostTurns} turns`);
      // A lock that somebody holds is waited for in real time.
      if (turn < longTurn) await new Promise((resolve) => setImmediate(resolve));
      else await sleep(1);
      quiet = (this.#life?.store.pending ?? 0) === 0 ? quiet + 1 : 0;
    }
  }

  async pass(ms: number): Promise<void> {
    await this.settle();
    await this.clock.advance(ms, () => this.settle());
    await this.settle();
  }

  #born(): Life {
    const { heartbeat } = this.settings.inForce;
    const committed = (events: readonly Event[]) => {
      for (const event of events) this.rules.follow(event, this.clock.latest);
    };
    const store = this.database.open({ logger: this.#log, leaseMs: heartbeat.staleMs, committed });
    const { clock, end } = this.clock.life();
    const orchestrator = new Orchestrator({
      store: store.store,
      launcher: this.host,
      logs: {
        read: () => Promise.resolve(null),
        search: () => Promise.resolve({ ok: true, value: null }),
        watch: () => () => {},
      },
      workflows: this.#library,
      projects: noProjects,
      folders: foldersBut(new Set()),
      files: new KeptFiles(),
      clock,
      ids: this.#ids,
      logger: this.#log,
      settings: this.settings.inForce,
      settingsFile: this.settings,
      machine: new ScriptedMachine(),
      parts: new Parts(),
      backups: noCopies,
      engine: { version: '0.0.0', pid: this.lives, dataFolder: '/data' },
      builtinAgents: agents,
    });
    return { orchestrator, store, end };
  }
}

/** A database in memory is not copied. */
const noCopies: Backups = { list: () => [], create: () => Promise.resolve(err(dead)), rotate: () => [] };

const dead: ApiError = { type: 'unavailable', message: 'The engine is dead.', remedy: 'Start it again.' };
