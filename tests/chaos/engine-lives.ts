import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../src-main/contract/api.ts';
import type { RunId, TaskId } from '../../src-main/contract/ids.ts';
import { journalCommand } from '../support/journal.ts';
import { KillableEngine } from '../support/killable-engine.ts';
import type { SeenProcess } from '../support/process-census.ts';
import { processesOf } from '../support/process-census.ts';
import { commandTask, RealEngine, testAgent, testTask } from '../support/real-engine.ts';
import type { Death } from './death-points.ts';
import { nameOf, startForDeath } from './death-points.ts';
import type { Trial } from './fault-group.ts';
import { olderWorker, putOlderDatabase } from './older-database.ts';
import { historyHolds, neverTwiceAtOnce, onceEach } from './properties/history.ts';
import { noProcessLeft, noProcessSurvived } from './properties/processes.ts';
import { backupsSound, databaseSound, noTaskLost, rowsFollowFromEvents } from './properties/rows.ts';
import { answersAreCommitted } from './properties/shown.ts';

const settings = { slots: { total: 4 }, heartbeat: { intervalMs: 500, staleMs: 5_000 } };

/** An engine that was told to die at a point of its work is killed when it works for this long without coming to it. */
const giveUpMs = 8_000;

/** A data folder whose engine dies again and again, and what is known of its work from outside. */
export class DyingEngine {
  readonly dataFolder: string;
  readonly #trial: Trial;
  readonly #journals: string;
  readonly #acknowledged: TaskId[] = [];
  readonly #runs: RunId[] = [];
  #before: readonly SeenProcess[] = [];

  constructor(trial: Trial) {
    this.#trial = trial;
    this.dataFolder = trial.makeFolder(settings);
    this.#journals = join(this.dataFolder, 'journals');
    mkdirSync(this.#journals);
  }

  /** Begins with the database of an earlier schema, and the live work in it. */
  feedOlder(schema: number): void {
    this.#acknowledged.push(...putOlderDatabase(this.dataFolder, schema).work);
    this.#trial.saw(`databases of schema ${schema}`);
  }

  /** Stores work before the first engine lives. */
  async feed(tasks: number, runs: number): Promise<void> {
    const store = await RealEngine.open({ dataFolder: this.dataFolder, mode: 'idle' });
    await store.call('saveAgent', testAgent('tester-1'));
    for (let number = 1; number <= runs; number += 1) {
      this.#runs.push((await store.startWorkflow(this.#workflow(number))).id);
    }
    for (let task = 0; task < tasks; task += 1) this.#acknowledged.push(...(await store.enqueue(this.#task())));
    await store.park();
  }

  /** One life, which ends at a moment that the seed says; one in four is over before the engine is ready. */
  async liveToAMoment(): Promise<void> {
    const engine = new KillableEngine(this.dataFolder);
    if (this.#trial.random() < 0.25) {
      await sleep(this.#trial.between(0, 600));
    } else {
      await engine.ready();
      await this.#look();
      const waitMs = this.#trial.between(0, 900);
      const submitting = this.#submitAgainAndAgain(await engine.client());
      await sleep(waitMs);
      await this.#kill(engine);
      await submitting;
    }
    await this.#kill(engine);
    this.#trial.saw(engine.isReady ? 'kills of an engine at work' : 'kills of an engine that was starting');
    await this.#lookAtTheDead();
  }

  /** One life, which ends from inside at a point of the work. @returns whether it came to it. */
  async liveToAPoint(death: Death): Promise<boolean> {
    const engine = new KillableEngine(this.dataFolder, startForDeath(death));
    let reached = true;
    let timer: NodeJS.Timeout | undefined;
    const giveUp = () => {
      reached = false;
      void engine.kill();
    };
    void engine.ready().then(
      () => {
        timer = setTimeout(giveUp, giveUpMs);
      },
      () => undefined, // it died while it started
    );
    // It may die while it starts, or while it is asked.
    const submitting = this.#submitWhenReady(engine, death).catch(() => undefined);
    await engine.ended();
    await submitting;
    clearTimeout(timer);
    this.#trial.saw(reached ? nameOf(death) : `not reached: ${nameOf(death)}`);
    await this.#lookAtTheDead();
    return reached;
  }

  /** The last life, which nothing ends: everything that was acknowledged is completed, and all properties hold. */
  async completeEverything(): Promise<void> {
    const trial = this.#trial;
    const engine = await RealEngine.open({ dataFolder: this.dataFolder });
    try {
      await trial.hold(noProcessSurvived(this.dataFolder, this.#before));
      for (const agent of [testAgent('tester-1'), olderWorker]) await engine.call('saveAgent', agent);
      // An older database may have been left frozen.
      await engine.attempt('thaw', { reason: 'the work goes on' });
      for (const taskId of this.#acknowledged) await engine.taskEnd(taskId, 90_000);
      for (const runId of this.#runs) {
        const { state } = await engine.runEnd(runId, 90_000);
        trial.expect(state === 'completed', `Run ${runId} is ${state} and not completed.`);
      }
      await trial.hold(answersAreCommitted(engine));
    } finally {
      await engine.park();
    }
    const events = historyHolds(this.dataFolder);
    await trial.hold(
      noTaskLost(this.dataFolder, this.#acknowledged),
      ...events,
      ...onceEach(this.dataFolder, { tasks: this.#acknowledged, runs: this.#runs }),
      neverTwiceAtOnce(this.#journals),
      rowsFollowFromEvents(this.dataFolder),
      noProcessLeft(this.dataFolder, this.#acknowledged.length),
      databaseSound(this.dataFolder),
    );
    trial.saw('tasks that were acknowledged and completed', this.#acknowledged.length);
    trial.saw('runs that were completed', this.#runs.length);
  }

  async #kill(engine: KillableEngine): Promise<void> {
    if (engine.hasEnded) return;
    this.#before = processesOf(this.dataFolder);
    await engine.kill();
  }

  /** What lived under the dead engine is gone as soon as the next one is ready. */
  async #look(): Promise<void> {
    await this.#trial.hold(noProcessSurvived(this.dataFolder, this.#before));
  }

  async #lookAtTheDead(): Promise<void> {
    await this.#trial.hold(
      databaseSound(this.dataFolder),
      ...historyHolds(this.dataFolder),
      backupsSound(this.dataFolder),
    );
  }

  async #submitWhenReady(engine: KillableEngine, death: Death): Promise<void> {
    await engine.ready();
    const client = await engine.client();
    if (death.what === 'backup') void client.createBackup({});
    await this.#submitAgainAndAgain(client);
  }

  /** Gives it work one piece after the other until it dies; what it answered is remembered here, not there. */
  async #submitAgainAndAgain(client: ApiClient): Promise<void> {
    for (;;) {
      const answer = await client.enqueueTasks({ tasks: [this.#task()] });
      if (!answer.ok) return;
      this.#acknowledged.push(...answer.value.taskIds);
      await sleep(300);
    }
  }

  #task() {
    if (this.#trial.random() < 0.15) return testTask({ mode: 'slow', ms: this.#trial.between(50, 300) });
    const name = `task${this.#acknowledged.length}-${this.#trial.between(0, 1_000_000)}`;
    return commandTask(journalCommand(this.#journals, name, this.#trial.between(50, 500)));
  }

  #workflow(number: number): string {
    const run = (stage: string, ms: number) =>
      JSON.stringify(journalCommand(this.#journals, `run${number}.${stage}`, ms));
    return `
name: line-${number}
stages:
  - { name: first, run: ${run('first', 150)} }
  - { name: left, needs: first, agent: tester, prompt: Go, with: { mode: slow, ms: 200 } }
  - { name: right, needs: first, run: ${run('right', 250)} }
  - { name: join, needs: [left, right], run: ${run('join', 100)} }
  - { name: last, agent: tester, prompt: Go, with: { mode: slow, ms: 100 }, gates: [attemptNumber >= 1] }
`;
  }
}
