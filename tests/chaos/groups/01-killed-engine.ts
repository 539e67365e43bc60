import type { DeathPoint } from '../death-points.ts';
import { migrationPoints, workPoints } from '../death-points.ts';
import { DyingEngine } from '../engine-lives.ts';
import type { FaultGroup, Trial } from '../fault-group.ts';
import { newestSchema } from '../older-database.ts';

/** After how many occasions of a point the engine dies: late enough that there is work, early enough that it comes. */
const occasions: Readonly<Record<DeathPoint['what'], readonly [number, number]>> = {
  commit: [1, 20],
  spawn: [1, 4],
  checkpoint: [1, 5],
  backup: [1, 2],
  migration: [1, 3],
  copy: [1, 2],
};

/** Engines that die without a word, at any moment and at the worst ones. */
export const killedEngine: FaultGroup = {
  number: 1,
  title: 'SIGKILL of the engine',
  faults: [
    'At a random moment, from before it is ready to the middle of its work, again and again on the same folder, while it is given tasks over its socket: what it acknowledged is completed by the next engine, once.',
    'From inside, by a module that is loaded before it: before, within and after a COMMIT; between the commit of a claim and the request for its process; when it was asked for; before the number of the process is recorded; before, within and after a checkpoint and a backup, in their threads. Whatever is among the backups afterwards is whole.',
    'While it opens the database of an earlier schema: before, within and after the copy that it makes, and in each migration.',
  ],
  run: async (context) => {
    await context.trials('random moments', { short: 1, full: 10 }, async (trial) => {
      const engine = new DyingEngine(trial);
      await engine.feed(trial.form === 'short' ? 4 : 10, 1);
      const kills = trial.form === 'short' ? 6 : 20;
      for (let kill = 0; kill < kills; kill += 1) await engine.liveToAMoment();
      await engine.completeEverything();
    });
    await context.trials('points of its work', { short: 1, full: 6 }, async (trial) => {
      const engine = new DyingEngine(trial);
      await engine.feed(12, 1);
      // The short form has some of them, by the seed; the full form has all, each time in another order.
      const points = shuffled(trial, workPoints).slice(0, trial.form === 'short' ? 3 : workPoints.length);
      await dieAt(trial, engine, points);
      await engine.completeEverything();
    });
    await context.trials('migration, and the copy before it', { short: 1, full: 6 }, async (trial) => {
      const engine = new DyingEngine(trial);
      // Old enough that one start after another finds a migration to die in.
      engine.feedOlder(trial.between(1, newestSchema - 2));
      const points = shuffled(trial, migrationPoints).slice(0, trial.form === 'short' ? 1 : migrationPoints.length);
      await dieAt(trial, engine, points);
      await engine.completeEverything();
    });
  },
};

async function dieAt(trial: Trial, engine: DyingEngine, points: readonly DeathPoint[]): Promise<void> {
  let reached = 0;
  for (const point of points) {
    const [least, most] = occasions[point.what];
    const death = { ...point, count: trial.between(least, most), micros: trial.between(0, 400) };
    if (await engine.liveToAPoint(death)) reached += 1;
  }
  trial.expect(reached * 2 >= points.length, `Only ${reached} of ${points.length} points were reached.`);
}

function shuffled<T>(trial: Trial, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: trial.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
