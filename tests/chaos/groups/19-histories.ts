import type { FaultGroup } from '../fault-group.ts';
import { MemoryStore } from '../histories/memory-store.ts';
import { playHistory } from '../histories/play-history.ts';
import { shrink } from '../histories/shrink.ts';
import { stepLine, stepsOf } from '../histories/steps.ts';
import { held } from '../properties.ts';

/** How many histories make a trial. */
const historiesPerTrial = 50;
const longestHistory = 60;
const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** Random histories of the whole engine on a clock of their own. */
export const histories: FaultGroup = {
  number: 19,
  title: 'Random histories',
  faults: [
    'The real engine and the real code of its store on a virtual clock, with agents, people, faults of the store, jumps of the wall clock, crashes and quits chosen by a seed. After each history P1 to P6 hold, no claim was made that should not have been, and when faults stop everything comes to an end or says what it waits for. A history that fails is made shorter before it is told.',
  ],
  run: async (context) => {
    const database = new MemoryStore(silent);
    await context.trials('histories', { short: 6, full: 200 }, async (trial) => {
      for (let number = 0; number < historiesPerTrial; number += 1) {
        const seed = trial.between(0, 2 ** 31);
        const steps = stepsOf(seed, longestHistory);
        const played = await playHistory(database, { seed, steps });
        if (played.violations.length > 0) {
          const short = await shrink(database, { seed, steps, played });
          const told = [...short.played.violations.slice(0, 5), ...short.steps.map(stepLine)];
          throw new Error(`History ${seed}, made shorter:\n${told.join('\n')}`);
        }
        const { events, launches, recoveries } = played;
        await trial.hold(
          held('P1', launches, []),
          held('P2', launches, []),
          held('P3', launches, []),
          held('P4', events, []),
          held('P5', events, []),
          held('P6', events, []),
        );
        trial.saw('histories');
        trial.saw('events', events);
        trial.saw('attempts', launches);
        trial.saw('deaths of the engine', recoveries);
      }
    });
    database.close();
  },
};
