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
