import { setTimeout as sleep } from 'node:timers/promises';
import { RealEngine } from '../support/real-engine.ts';
import type { Trial } from './fault-group.ts';
import { historyHolds } from './properties/history.ts';
import { noProcessLeft } from './properties/processes.ts';
import { databaseSound, noTaskLost, rowsFollowFromEvents } from './properties/rows.ts';
import { answersAreCommitted } from './properties/shown.ts';

/** An engine of this process on a new folder, ended with its trial. */
export async function openEngine(trial: Trial, settings: object = {}): Promise<RealEngine> {
  const engine = await RealEngine.open({ dataFolder: trial.makeFolder(settings) });
  // What is left when a trial failed is told there and not here.
  trial.cleanUp(() => engine.park().catch(() => undefined));
  return engine;
}

/**
 * After the fault: the engine answers with what is committed (P10), is quit, and P1 to P8 hold of what it leaves.
 * @param acknowledged tasks that it had taken.
 * @param completed whether all of them must have been completed.
 */
export async function parkAndHold(
  trial: Trial,
  engine: RealEngine,
  acknowledged: readonly string[],
  completed = true,
): Promise<void> {
  await trial.hold(answersAreCommitted(engine));
  await engine.park();
  const { dataFolder } = engine;
  await trial.hold(
    noTaskLost(dataFolder, acknowledged, completed),
    ...historyHolds(dataFolder),
    rowsFollowFromEvents(dataFolder),
    noProcessLeft(dataFolder, acknowledged.length),
    databaseSound(dataFolder),
  );
}

/** A machine that does much else needs longer than the engine does. */
const answerMs = 3_000;
const askEveryMs = 25;

/** Does something, and asks the engine meanwhile how it is: each answer has to come in time. */
export async function whileAnswering<T>(trial: Trial, engine: RealEngine, work: () => Promise<T>): Promise<T> {
  let done = false;
  const working = work().finally(() => {
    done = true;
  });
  let slowestMs = 0;
  let answers = 0;
  while (!done) {
    const begun = performance.now();
    await engine.call('getStatus', {});
    slowestMs = Math.max(slowestMs, performance.now() - begun);
    answers += 1;
    await Promise.race([working.catch(() => undefined), sleep(askEveryMs)]);
  }
  const result = await working;
  trial.saw('answers meanwhile', answers);
  trial.expect(slowestMs < answerMs, `The engine took ${Math.round(slowestMs)} ms to answer.`);
  return result;
}
