import type { PowerSaveBlocker } from 'electron';
import type { PartTrouble } from './part-reports.ts';

export interface SleepGuardDependencies {
  readonly blocker: Pick<PowerSaveBlocker, 'start' | 'stop' | 'isStarted'>;
  readonly report: (trouble: PartTrouble) => void;
}

/** Keeps the machine awake while it is told to; screens may go dark. */
export interface SleepGuard {
  keepAwake(isWanted: boolean): void;
}

export function createSleepGuard({ blocker, report }: SleepGuardDependencies): SleepGuard {
  /** Number of the request that holds; null: none. */
  let held: number | null = null;

  function start(): number | null {
    try {
      const id = blocker.start('prevent-app-suspension');
      report(blocker.isStarted(id) ? null : refused('it gives no reason'));
      return id;
    } catch (error) {
      report(refused(error instanceof Error ? error.message : String(error)));
      return null;
    }
  }

  return {
    keepAwake(isWanted) {
      if (isWanted) held ??= start();
      else if (held !== null) {
        blocker.stop(held);
        held = null;
      }
    },
  };
}

function refused(reason: string): PartTrouble {
  return {
    message: `The system does not let Signalbox keep the machine awake: ${reason}.`,
    remedy: 'Set the machine not to sleep while work is live, or switch "desktop.preventSleep" off in the settings.',
  };
}
